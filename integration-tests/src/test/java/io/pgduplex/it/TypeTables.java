package io.pgduplex.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * The tables of one type: with a primary key and the type in every place that a column has for it ({@code t}), without a
 * key ({@code k}), and, where the type can be one, with the type as key ({@code p}).
 */
final class TypeTables {

  /** Ids of one side, so that both can write to the same tables. */
  private static final int SIDES_IDS = 10_000;

  private static final String COLUMNS = "v, a, d, c, n, da, ca";

  private static final String CAN_BE_KEY = """
      SELECT EXISTS (
        SELECT FROM pg_type t JOIN pg_type b ON b.oid = coalesce(NULLIF(t.typbasetype, 0), t.oid)
          JOIN pg_opclass o ON o.opcdefault AND o.opcintype = CASE b.typtype
            WHEN 'e' THEN 'anyenum'::regtype WHEN 'r' THEN 'anyrange'::regtype WHEN 'm' THEN 'anymultirange'::regtype
            WHEN 'c' THEN 'record'::regtype ELSE b.oid END
          JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
         WHERE t.oid = %s)""";

  /** A type that was made here has another oid on each side, and values of arrays in binary carry it. */
  private static final String IS_OWN = "SELECT %s::oid >= 16384";

  /** That of a reg… is an oid, which another version may have given otherwise. */
  private static final String HAS_BINARY_FORM =
      "SELECT typsend <> 0 AND typname !~ '^reg' FROM pg_type WHERE oid = %s";

  private final TypeCase type;
  private final int number;
  private final boolean canBeKey;
  private final boolean hasOwnOid;
  private final boolean hasBinaryForm;

  private TypeTables(
      TypeCase type, int number, boolean canBeKey, boolean hasOwnOid, boolean hasBinaryForm) {
    this.type = type;
    this.number = number;
    this.canBeKey = canBeKey;
    this.hasOwnOid = hasOwnOid;
    this.hasBinaryForm = hasBinaryForm;
  }

  /** Makes the types and tables on all sides; nothing is in them. */
  static List<TypeTables> create(List<Side> sides, List<TypeCase> types) {
    List<TypeTables> all = new ArrayList<>();
    StringBuilder ddl = new StringBuilder();
    for (TypeCase type : types) {
      ddl.append(type.setup()).append(";\n");
    }
    execute(sides, ddl);
    ddl.setLength(0);
    for (TypeCase type : types) {
      TypeTables tables = new TypeTables(
          type,
          all.size() + 1,
          is(sides, CAN_BE_KEY, type),
          is(sides, IS_OWN, type),
          is(sides, HAS_BINARY_FORM, type));
      ddl.append(tables.ddl());
      all.add(tables);
    }
    execute(sides, ddl);
    return all;
  }

  private static void execute(List<Side> sides, StringBuilder sql) {
    sides.forEach(side -> side.execute(sql.toString()));
  }

  private static boolean is(List<Side> sides, String condition, TypeCase type) {
    return sides
        .get(0)
        .value(condition.formatted("'" + type.name().replace("'", "''") + "'::regtype"))
        .equals("t");
  }

  private String ddl() {
    String sql = """
        CREATE DOMAIN d%1$d AS %2$s;
        CREATE TYPE c%1$d AS (x %2$s, y text);
        CREATE TYPE n%1$d AS (c c%1$d, arr %2$s[]);
        CREATE TABLE t%1$d (id int PRIMARY KEY, v %2$s, a %2$s[], d d%1$d, c c%1$d, n n%1$d, da d%1$d[], ca c%1$d[]);
        CREATE TABLE k%1$d (v %2$s, tag int);
        ALTER TABLE k%1$d REPLICA IDENTITY FULL;
        """;
    if (canBeKey) {
      sql += "CREATE TABLE p%1$d (v %2$s PRIMARY KEY, m int);\n";
    }
    return sql.formatted(number, type.name());
  }

  String type() {
    return type.name();
  }

  /** Statements that add rows. {@code step} tells one adding to the same table from another. */
  String insert(int step) {
    int first = step * SIDES_IDS;
    String values = IntStream.range(0, type.values().size())
        .mapToObj(i -> "(" + i + ", (" + type.values().get(i) + ")::" + type.name() + ")")
        .collect(Collectors.joining(", "));
    String from = " FROM (VALUES " + values + ") AS x (i, v)";
    String sql = """
        INSERT INTO t%1$d SELECT %2$d + i, v, ARRAY[v, %5$s, v], v, ROW(v, E'q" (),\\ '::text)::c%1$d,
               ROW(ROW(v, NULL::text)::c%1$d, ARRAY[v, v])::n%1$d, ARRAY[v]::d%1$d[],
               ARRAY[ROW(v, 'in {} array'::text)::c%1$d%6$s]%4$s;
        INSERT INTO t%1$d (id, v, a, d)
          SELECT %2$d + 1000, v, ARRAY[[v, v], [%5$s, v]], v%4$s LIMIT 1;
        INSERT INTO t%1$d (id, v, a, d)
          SELECT %2$d + 1001, v, array_fill(v, ARRAY[2, 1], ARRAY[-1, 5]), v%4$s ORDER BY i DESC LIMIT 1;
        INSERT INTO t%1$d (id, v, a, d) SELECT %2$d + 1002, v, '{}', v%4$s LIMIT 1;
        INSERT INTO k%1$d SELECT v, %2$d + i%4$s;
        """;
    if (type.nullable()) {
      sql +=
          "INSERT INTO t%1$d (id) VALUES (%2$d + 1003);\nINSERT INTO k%1$d (tag) VALUES (%2$d + 1003);\n";
    }
    if (canBeKey) {
      sql +=
          "INSERT INTO p%1$d SELECT v, %2$d + i%4$s WHERE pg_column_size(v) < 1000 AND i %% 3 = %3$d ON CONFLICT DO NOTHING;\n";
    }
    return sql.formatted(
        number,
        first,
        step % 3,
        from,
        type.nullable() ? "NULL" : "v",
        type.nullable() ? ", NULL" : "");
  }

  /** Statements that change the rows of a step: each gets another one's values; rows without key are known by all. */
  String update(int step) {
    int first = step * SIDES_IDS;
    String sql = """
        UPDATE t%1$d t SET (%4$s) = (SELECT %4$s FROM t%1$d s WHERE s.id = %2$d + (t.id - %2$d + 1) %% %3$d)
          WHERE t.id BETWEEN %2$d AND %2$d + %3$d - 1;
        UPDATE k%1$d SET tag = tag + 5000 WHERE tag BETWEEN %2$d AND %2$d + 1003;
        """;
    if (canBeKey) {
      sql += "UPDATE p%1$d SET m = -m - 1 WHERE m BETWEEN %2$d AND %2$d + 1003;\n";
    }
    return sql.formatted(number, first, type.values().size(), COLUMNS);
  }

  /** Statements that take every third row of a step away again, after {@link #update}. */
  String delete(int step) {
    int first = step * SIDES_IDS;
    String sql = """
        DELETE FROM t%1$d WHERE id BETWEEN %2$d AND %2$d + 999 AND id %% 3 = 0;
        DELETE FROM k%1$d WHERE tag BETWEEN %2$d + 5000 AND %2$d + 6003 AND tag %% 3 = 0;
        """;
    if (canBeKey) {
      sql += "DELETE FROM p%1$d WHERE m < 0 AND m %% 3 = 0;\n";
    }
    return sql.formatted(number, first);
  }

  /** Everything as text, a line a row, the table first. */
  List<String> texts(Connection side) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String table : tables()) {
      try (var statement = side.createStatement();
          var row = statement.executeQuery(
              "SELECT '%1$s ' || t::text AS line FROM %1$s t ORDER BY t::text COLLATE \"C\""
                  .formatted(table))) {
        while (row.next()) {
          lines.add(row.getString(1));
        }
      }
    }
    return lines;
  }

  /** The values in PostgreSQL's binary form, which hides nothing; but for the oids of the types that were made here. */
  String binary(Connection side) throws SQLException, IOException {
    if (!hasBinaryForm) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String parts = hasOwnOid
        ? "v, d, (c).x, (c).y"
        : "v, a, d, (c).x, (c).y, ((n).c).x, (n).arr, da::" + type.name() + "[]";
    copy(side, "SELECT id, " + parts + " FROM t" + number + " ORDER BY id", bytes);
    copy(side, "SELECT tag, v FROM k" + number + " ORDER BY tag", bytes);
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static void copy(Connection side, String query, ByteArrayOutputStream bytes)
      throws SQLException, IOException {
    side.unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)", bytes);
  }

  private List<String> tables() {
    return canBeKey
        ? List.of("t" + number, "k" + number, "p" + number)
        : List.of("t" + number, "k" + number);
  }
}
