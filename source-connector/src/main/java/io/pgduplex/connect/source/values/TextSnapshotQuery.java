package io.pgduplex.connect.source.values;

import io.debezium.snapshot.spi.SnapshotQuery;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.PgduplexSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a snapshot's rows as text, by each type's output function as in the replication stream: a cast to text is another
 * function for some, and strips the blanks of a {@code bpchar}. The driver's own objects lose values on the way: java.sql.Date
 * and Time depend on the worker's time zone and know no year before Christ, no array of intervals, no 24:00.
 */
public final class TextSnapshotQuery implements SnapshotQuery {

  public static final String NAME = "pgduplex";

  private static final String DDL_LOG =
      Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.DDL_LOG);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    // Nothing to choose.
  }

  @Override
  public Optional<String> snapshotQuery(String table, List<String> columns) {
    return Optional.of(columns.stream()
        .map(TextSnapshotQuery::text)
        .collect(Collectors.joining(", ", "SELECT ", " FROM ONLY " + table + order(table))));
  }

  /** Statements are run in the order in which they were written; other rows may come as they lie. By the column, not by its text. */
  private static String order(String table) {
    return table.equals(DDL_LOG) ? " ORDER BY " + DDL_LOG + ".\"id\"" : "";
  }

  /** {@code concat} uses the output function, but makes a NULL an empty text. */
  private static String text(String column) {
    return "CASE pg_catalog.num_nulls(%1$s) WHEN 0 THEN pg_catalog.concat(%1$s) END AS %1$s"
        .formatted(column);
  }
}
