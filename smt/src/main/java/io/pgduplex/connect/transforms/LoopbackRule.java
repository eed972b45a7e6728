package io.pgduplex.connect.transforms;

import io.pgduplex.connect.common.PgduplexSchema;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which row changes are loop-backs: the one rule that keeps two databases from echoing each other for ever.
 *
 * <p>A change is a loop-back if a foreign origin wrote it and it is no control row. Foreign is what the globs name:
 * {@code *} stands for any run of characters, {@code ?} for exactly one, all else for itself. Nothing is foreign merely
 * because it looks like pgduplex: a chain A↔B↔C works because the connectors of B↔C let pass what A↔B wrote.
 *
 * <p>Control rows, those of the schema {@code pgduplex}, must cross although a sink wrote them.
 */
final class LoopbackRule {

  private static final int REMEMBERED_ORIGINS = 256;

  private final List<Pattern> globs;
  private final Memo<String, Boolean> foreign =
      new Memo<>(new HashMap<>(), REMEMBERED_ORIGINS, this::matchesAGlob);

  LoopbackRule(List<String> globs) {
    this.globs = globs.stream().map(LoopbackRule::compile).toList();
  }

  /** Whether a change of a table in {@code schema} that was written under {@code origin} is to be dropped. */
  boolean isLoopback(String origin, String schema) {
    return foreign.get(origin) && !schema.equals(PgduplexSchema.NAME);
  }

  private boolean matchesAGlob(String origin) {
    return globs.stream().anyMatch(glob -> glob.matcher(origin).matches());
  }

  private static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints().forEach(c -> {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(Character.toString(c)));
      }
    });
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
