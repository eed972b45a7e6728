package io.pgduplex.connect.transforms;

import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.PgduplexSchema;
import java.util.HashMap;
import java.util.List;

/**
 * Which row changes are loop-backs: the one rule that keeps two databases from echoing each other for ever.
 *
 * <p>A change is a loop-back if a foreign origin wrote it and it is no control row. Foreign is what the globs name. Nothing is foreign merely
 * because it looks like pgduplex: a chain A↔B↔C works because the connectors of B↔C let pass what A↔B wrote.
 *
 * <p>Control rows, those of the schema {@code pgduplex}, must cross although a sink wrote them.
 */
final class LoopbackRule {

  private static final int REMEMBERED_ORIGINS = 256;

  private final List<Glob> globs;
  private final Memo<String, Boolean> foreign =
      new Memo<>(new HashMap<>(), REMEMBERED_ORIGINS, this::matchesAGlob);

  LoopbackRule(List<String> globs) {
    this.globs = globs.stream().map(Glob::new).toList();
  }

  /** Whether a change of a table in {@code schema} that was written under {@code origin} is to be dropped. */
  boolean isLoopback(String origin, String schema) {
    return foreign.get(origin) && !schema.equals(PgduplexSchema.NAME);
  }

  private boolean matchesAGlob(String origin) {
    return globs.stream().anyMatch(glob -> glob.matches(origin));
  }
}
