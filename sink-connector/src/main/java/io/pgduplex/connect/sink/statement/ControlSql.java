package io.pgduplex.connect.sink.statement;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text of the statements that write and read {@code pgduplex.control}. Keys are bound as one array of texts for each
 * column of the lookup, with an element for each key; they come first.
 */
public final class ControlSql {

  private ControlSql() {}

  /** A correction for each key: the row, locked, or that there is none. Parameters: keys, rounds, link, direction. */
  public static String correct(TargetTable table, Lookup lookup) {
    List<TargetColumn> key = columns(table, lookup);
    return "WITH k AS MATERIALIZED (SELECT * FROM "
        + keys(key)
        + "), l AS (SELECT k.n, " + Sql.texts(table.columns()) + " AS row_values FROM k JOIN "
        + table.rows() + " AS t ON "
        + Sql.keyCondition(key, i -> Sql.cast("k.c" + i, key.get(i)))
        + " FOR UPDATE OF t) " + insert("correction", table, key)
        + ", CASE WHEN l.n IS NOT NULL THEN " + names(table.columns())
        + " END, l.row_values FROM k LEFT JOIN l ON l.n = k.n ORDER BY k.n";
  }

  /** A reassertion for each key. Parameters: keys, rounds, link, direction. */
  public static String reassert(TargetTable table, Lookup lookup) {
    return ask("reassertion", table, lookup);
  }

  /** For each key that a later DELETE was applied. Parameters: keys, rounds, link, direction. */
  public static String tellDeleted(TargetTable table, Lookup lookup) {
    return ask("deletion", table, lookup);
  }

  private static String ask(String kind, TargetTable table, Lookup lookup) {
    List<TargetColumn> key = columns(table, lookup);
    return "WITH k AS (SELECT * FROM " + keys(key) + ") " + insert(kind, table, key)
        + ", NULL, NULL FROM k ORDER BY k.n";
  }

  /** The column behind those of the key is the round. */
  private static String keys(List<TargetColumn> key) {
    return Sql.unnest(key.size() + 1, "WITH ORDINALITY AS k", "n");
  }

  private static String insert(String kind, TargetTable table, List<TargetColumn> key) {
    return "INSERT INTO pgduplex.control (link, direction, kind, table_schema, table_name, round, key_columns, key_values,"
        + " columns, row_values) SELECT ?, ?, " + Identifiers.literal(kind) + ", "
        + Identifiers.literal(table.name().schema()) + ", "
        + Identifiers.literal(table.name().name()) + ", k.c" + key.size() + "::int, " + names(key)
        + ", ARRAY["
        + Sql.list(key, i -> "k.c" + i) + "]::text[]";
  }

  /** Which of the keys, counted from 1, are disputed. Parameters: keys, link, direction. */
  public static String disputed(TargetTable table, Lookup lookup) {
    List<TargetColumn> key = columns(table, lookup);
    String same = IntStream.range(0, key.size())
        .mapToObj(i -> Sql.cast("k.c" + i, key.get(i)) + " " + key.get(i).equals() + " "
            + Sql.cast("d.key_values[" + (i + 1) + "]", key.get(i)))
        .collect(Collectors.joining(" AND "));
    // Materialized: other tables' keys are of other types.
    return "WITH k AS MATERIALIZED (SELECT * FROM "
        + Sql.unnest(key.size(), "WITH ORDINALITY AS k", "n")
        + "), d AS MATERIALIZED (SELECT key_values FROM pgduplex.control WHERE link = ? AND direction = ?"
        + " AND kind = 'correction' AND (table_schema, table_name) = ("
        + Identifiers.literal(table.name().schema()) + ", "
        + Identifiers.literal(table.name().name()) + ") AND key_columns = " + names(key)
        + ") SELECT k.n FROM k WHERE EXISTS (SELECT FROM d WHERE " + same + ")";
  }

  private static List<TargetColumn> columns(TargetTable table, Lookup lookup) {
    return lookup.columns().stream().map(table.columns()::get).toList();
  }

  private static String names(List<TargetColumn> columns) {
    return "ARRAY[" + Sql.list(columns, i -> Identifiers.literal(columns.get(i).name()))
        + "]::text[]";
  }
}
