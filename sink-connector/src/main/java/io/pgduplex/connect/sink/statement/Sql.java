package io.pgduplex.connect.sink.statement;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text of the statements that write rows. Values are bound as text and cast to the column's type without length or
 * precision, so that the assignment to the column raises an error where it would not fit.
 *
 * <p>Parameters stand in this order: the columns written, then the columns of the row's identity, then those that are
 * compared with what the row held where it was changed. In the set forms each is an array of text with one element a row.
 */
public final class Sql {

  private Sql() {}

  /** COPY of the columns written. */
  public static String copy(Shape shape) {
    return "COPY " + table(shape) + columnList(shape) + " FROM STDIN";
  }

  /**
   * One row; does nothing and counts 0 if a row is in the way. PostgreSQL cannot do that on a table with deferrable
   * constraints: there it is an error.
   */
  public static String insert(Shape shape) {
    List<TargetColumn> written = written(shape);
    String unlessInTheWay = shape.table().deferrable().isEmpty() ? " ON CONFLICT DO NOTHING" : "";
    if (written.isEmpty()) {
      return "INSERT INTO " + table(shape) + " DEFAULT VALUES" + unlessInTheWay;
    }
    return "INSERT INTO " + table(shape) + columnList(shape) + " OVERRIDING SYSTEM VALUE VALUES ("
        + list(written, i -> cast("?", written.get(i))) + ")" + unlessInTheWay;
  }

  /** Many rows found by key; gives the numbers, from 1, of those that were not there as they should. Last parameter: how many. */
  public static String updateSet(Shape shape) {
    List<TargetColumn> written = written(shape);
    return others("UPDATE " + rows(shape) + " AS t SET "
        + assignments(written, i -> cast("u.c" + i, written.get(i))) + " FROM "
        + numbered(written.size() + lookup(shape).size() + compared(shape).size()) + " WHERE "
        + setCondition(shape, written.size()));
  }

  /** Likewise. */
  public static String deleteSet(Shape shape) {
    return others("DELETE FROM " + rows(shape) + " AS t USING "
        + numbered(lookup(shape).size() + compared(shape).size()) + " WHERE "
        + setCondition(shape, 0));
  }

  private static String others(String statement) {
    return "WITH done AS (" + statement
        + " RETURNING u.n) SELECT n FROM generate_series(1, ?) AS n EXCEPT SELECT n FROM done ORDER BY n";
  }

  /** The numbers, from 1, of the keys that rows have. Parameters: the values of each column of the key. */
  public static String existing(TargetTable table) {
    List<TargetColumn> key = table.key().stream().map(table.columns()::get).toList();
    return "SELECT u.n FROM " + numbered(key.size()) + " WHERE EXISTS (SELECT FROM "
        + table.rows() + " AS t WHERE "
        + keyCondition(key, i -> cast("u.c" + i, key.get(i))) + ") ORDER BY u.n";
  }

  private static String numbered(int count) {
    return unnest(count, "WITH ORDINALITY AS u", "n");
  }

  private static String setCondition(Shape shape, int first) {
    List<TargetColumn> key = lookup(shape);
    List<TargetColumn> compared = compared(shape);
    int next = first + key.size();
    return keyCondition(key, i -> cast("u.c" + (first + i), key.get(i)))
        + sameValues(compared, i -> "u.c" + (next + i));
  }

  /** One row found by its identity; of several equal rows just one. */
  public static String update(Shape shape) {
    List<TargetColumn> written = written(shape);
    if (shape.table().hasIdentityAlways(shape.written())) {
      return replace(shape, written);
    }
    return "UPDATE " + rows(shape) + " AS t SET "
        + assignments(written, i -> cast("?", written.get(i))) + " WHERE " + oneRow(shape);
  }

  /** One row found by its identity; of several equal rows just one. */
  public static String delete(Shape shape) {
    return "DELETE FROM " + rows(shape) + " AS t WHERE " + oneRow(shape);
  }

  /**
   * The row with the identity, locked: as jsonb of its columns' texts (not every json is a jsonb); when its version was
   * committed, in microseconds since the Unix epoch, or NULL where the server has forgotten it or this transaction wrote
   * it; whether it was written under {@code origin}, or NULL likewise; its tableoid and ctid; and the texts of the table's key.
   * Parameters: the identity.
   */
  public static String select(Shape shape, String origin) {
    return localRow(shape.table(), origin) + condition(shape) + " LIMIT 1 FOR UPDATE OF t";
  }

  /**
   * Whether the row with the identity, then locked, holds what is to be written. Parameters: the identity, the values.
   */
  public static String holds(Shape shape) {
    return "SELECT FROM " + rows(shape) + " AS t WHERE " + condition(shape)
        + sameValues(written(shape), i -> "?") + " FOR UPDATE OF t";
  }

  static String keyCondition(TargetTable table, List<Integer> positions) {
    List<TargetColumn> columns = positions.stream().map(table.columns()::get).toList();
    return keyCondition(columns, i -> cast("?", columns.get(i)));
  }

  /** Its columns' names stand for nothing else there. */
  static String localRow(TargetTable table, String origin) {
    List<TargetColumn> columns = table.columns();
    return "SELECT jsonb_object(ARRAY["
        + list(columns, i -> Identifiers.literal(columns.get(i).name())) + "]::text[], "
        + texts(columns)
        + "), (extract(epoch FROM w.pgduplex_time) * 1000000)::bigint,"
        // The open transaction's own rows have no time and no origin yet; no others are as young.
        + " coalesce(w.pgduplex_origin = (SELECT roident FROM pg_replication_origin WHERE roname = "
        + Identifiers.literal(origin) + "), age(t.xmin) <= 0), t.tableoid::bigint, t.ctid::text, "
        + texts(table.key().stream().map(columns::get).toList()) + " FROM " + table.rows()
        + " AS t CROSS JOIN LATERAL pg_xact_commit_timestamp_origin(t.xmin)"
        + " AS w (pgduplex_time, pgduplex_origin) WHERE ";
  }

  /** The row at a place. Parameters: tableoid and ctid, which nobody can have moved since it was locked. */
  public static String deleteAt(TargetTable table) {
    return "DELETE FROM " + table.rows() + " AS t WHERE (t.tableoid, t.ctid) = (?::oid, ?::tid)";
  }

  /**
   * UPDATE cannot assign to a GENERATED ALWAYS identity column, INSERT can: the row is taken out and put back changed, in
   * one statement. Parameters as for {@link #update}.
   */
  private static String replace(Shape shape, List<TargetColumn> written) {
    TargetTable table = shape.table();
    List<String> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int parameter = 0;
    for (int i = 0; i < table.columns().size(); i++) {
      TargetColumn column = table.columns().get(i);
      names.add(column.name());
      values.add(
          shape.written().get(i)
              ? cast("n.c" + parameter++, column)
              : "old." + Identifiers.quote(column.name()));
    }
    // The new values come first in the text, so that parameters keep their order.
    return "WITH n (" + list(written, i -> "c" + i) + ") AS (SELECT "
        + list(written, i -> "?::text") + "), old AS (DELETE FROM "
        + rows(shape) + " AS t WHERE " + oneRow(shape) + " RETURNING *) INSERT INTO "
        + table(shape) + " ("
        + Identifiers.quoteAll(names) + ") OVERRIDING SYSTEM VALUE SELECT "
        + String.join(", ", values) + " FROM old, n";
  }

  private static String table(Shape shape) {
    return shape.table().name().quoted();
  }

  private static String rows(Shape shape) {
    return shape.table().rows();
  }

  private static List<TargetColumn> written(Shape shape) {
    return shape.written().stream().mapToObj(shape.table().columns()::get).toList();
  }

  private static List<TargetColumn> lookup(Shape shape) {
    return shape.lookup().columns().stream().map(shape.table().columns()::get).toList();
  }

  private static List<TargetColumn> compared(Shape shape) {
    return shape.compared().stream().mapToObj(shape.table().columns()::get).toList();
  }

  private static String columnList(Shape shape) {
    return " (" + Identifiers.quoteAll(shape.table().names(shape.written())) + ")";
  }

  static String cast(String value, TargetColumn column) {
    return value + "::" + column.type();
  }

  /** @param further what stands behind the columns {@code c0}, {@code c1}, … */
  static String unnest(int count, String as, String further) {
    return "unnest("
        + IntStream.range(0, count).mapToObj(i -> "?::text[]").collect(Collectors.joining(", "))
        + ") " + as + "("
        + IntStream.range(0, count).mapToObj(i -> "c" + i).collect(Collectors.joining(", "))
        + ", " + further + ")";
  }

  private static String assignments(List<TargetColumn> columns, IntFunction<String> value) {
    return list(columns, i -> Identifiers.quote(columns.get(i).name()) + " = " + value.apply(i));
  }

  static String keyCondition(List<TargetColumn> key, IntFunction<String> value) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> column(key.get(i)) + " " + key.get(i).equals() + " " + value.apply(i))
        .collect(Collectors.joining(" AND "));
  }

  private static String oneRow(Shape shape) {
    return shape.lookup().unique()
        ? condition(shape) + sameValues(compared(shape), i -> "?")
        : "(t.tableoid, t.ctid) = (SELECT t.tableoid, t.ctid FROM " + rows(shape) + " AS t WHERE "
            + condition(shape) + " LIMIT 1)";
  }

  static String condition(Shape shape) {
    List<TargetColumn> columns = lookup(shape);
    if (shape.lookup().unique()) {
      return keyCondition(columns, i -> cast("?", columns.get(i)));
    }
    return columns.stream()
        .map(column -> sameValue(column, "?"))
        .collect(Collectors.joining(" AND "));
  }

  private static String sameValues(List<TargetColumn> columns, IntFunction<String> value) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> " AND " + sameValue(columns.get(i), value.apply(i)))
        .collect(Collectors.joining());
  }

  /** Of a domain as the type under it: the operators of enums know no domains. */
  private static String column(TargetColumn column) {
    String name = "t." + Identifiers.quote(column.name());
    return column.domain() ? cast(name, column) : name;
  }

  private static String sameValue(TargetColumn column, String parameter) {
    String name = column(column);
    String value = cast(parameter, column);
    return column.exactEquality()
        ? name + " IS NOT DISTINCT FROM " + value
        : text(name) + " IS NOT DISTINCT FROM (SELECT " + text("y.x") + " FROM (SELECT " + value
            + ") AS y (x))";
  }

  /**
   * By the type's output function, as the source wrote it; a cast to text is another function for some types. NULL stays
   * NULL, where {@code concat} would make it empty.
   */
  private static String text(String value) {
    return "CASE num_nulls(" + value + ") WHEN 0 THEN concat(" + value + ") COLLATE \"C\" END";
  }

  static String texts(List<TargetColumn> columns) {
    return "ARRAY[" + list(columns, i -> text(column(columns.get(i)))) + "]::text[]";
  }

  static String list(List<TargetColumn> columns, IntFunction<String> text) {
    return IntStream.range(0, columns.size()).mapToObj(text).collect(Collectors.joining(", "));
  }
}
