package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of a megabyte that an UPDATE does not touch, as many columns as PostgreSQL allows, and every kind of name. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class WideRowsIT {

  private static final TestLink LINK = TestLink.named("wide_rows");

  /** PostgreSQL allows 1,600. */
  private static final int COLUMNS = 1_600;

  /** As long as a name can be. */
  private static final String LONGEST = "é".repeat(31) + "x";

  /** No part of a table's or a column's name is a part of a statement, a placeholder, a pattern or a path. */
  private static final List<String> NAMES = List.of(
      LONGEST,
      "select",
      "User",
      "a.b.c",
      " ",
      "  two  blanks  ",
      "q\"uo\"te",
      "it's",
      "back\\slash",
      "?",
      "$1",
      "${env:HOME}",
      "%s",
      "%1$s",
      "a,b",
      "(x)",
      "[x]*+",
      "日本語",
      "😀",
      "e\u0301",
      "tab\there",
      "line\nbreak",
      "before",
      "after",
      "op",
      "source",
      "__debezium_unavailable_value",
      "ctid_",
      "t",
      "u",
      "y",
      "x",
      "old",
      "n",
      "c0");

  private static final List<String> IDENTITIES = List.of("default", "full", "index");

  @BeforeAll
  static void startLink() {
    for (String identity : IDENTITIES) {
      LINK.onBoth("""
          CREATE TABLE toast_%1$s (id int PRIMARY KEY, u int NOT NULL UNIQUE, j json, jb jsonb, b bytea, t text, a text[],
            n int);
          ALTER TABLE toast_%1$s ALTER j SET STORAGE EXTERNAL, ALTER jb SET STORAGE EXTERNAL,
            ALTER b SET STORAGE EXTERNAL, ALTER t SET STORAGE EXTERNAL, ALTER a SET STORAGE EXTERNAL""".formatted(identity));
    }
    LINK.onBoth("""
        ALTER TABLE toast_full REPLICA IDENTITY FULL;
        ALTER TABLE toast_index REPLICA IDENTITY USING INDEX toast_index_u_key""");
    LINK.onBoth("CREATE TABLE widest (" + columns("c%d int") + ", PRIMARY KEY (c1))");
    LINK.onBoth("CREATE TABLE widest_keyless (" + columns("c%d int") + ");"
        + " ALTER TABLE widest_keyless REPLICA IDENTITY FULL");
    LINK.onBoth("CREATE SCHEMA " + quoted(LONGEST));
    for (String name : NAMES) {
      LINK.onBoth("CREATE TABLE " + named(name) + " ("
          + NAMES.stream().map(column -> quoted(column) + " text").collect(Collectors.joining(", "))
          + ", PRIMARY KEY (" + quoted(name) + "))");
    }
    LINK.a().execute(insertLarge("toast_full", 1, 2));
    LINK.twoWay("public\\..*," + LONGEST + "\\.[\\s\\S]*").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "full", "index"})
  void valuesThatAnUpdateDoesNotTouchStay(String identity) {
    String table = "toast_" + identity;
    LINK.a().execute(insertLarge(table, 11, 13));
    LINK.a().execute("UPDATE " + table + " SET n = n + 1 WHERE id >= 11");
    LINK.a().execute("UPDATE " + table + " SET n = NULL, t = 'touched' WHERE id = 12");
    LINK.a().execute("UPDATE " + table + " SET id = id + 100, u = u + 100 WHERE id >= 12");
    LINK.awaitEqual(table);
    LINK.b()
        .execute("UPDATE " + table + " SET n = -1 WHERE id >= 11; UPDATE " + table
            + " SET u = -u, jb = '{}' WHERE id = 11");
    LINK.awaitEqual(table);
    LINK.a().execute("DELETE FROM " + table + " WHERE id = 113");
    LINK.awaitEqual(table);
    assertThat(LINK.b()
            .column(
                "SELECT id || ' ' || u || ' ' || n || ' ' || octet_length(b) || ' ' || length(t) FROM "
                    + table + " WHERE id >= 11 ORDER BY id"))
        .containsExactly("11 -11 -1 1048576 1048576", "112 112 -1 1048576 7");
  }

  private static String insertLarge(String table, int from, int to) {
    return """
        INSERT INTO %s SELECT i, i, to_json(x), to_jsonb(x || 'b'), convert_to(x, 'UTF8'), x, ARRAY[x, NULL, x || 'a'], 0
          FROM generate_series(%d, %d) AS i,
               LATERAL (SELECT string_agg(md5(g + i * 100000 || ''), '') AS x FROM generate_series(1, 32768) g) AS y""".formatted(table, from, to);
  }

  @Test
  void asManyColumnsAsPostgresqlAllows() {
    for (String table : List.of("widest", "widest_keyless")) {
      LINK.a()
          .execute("INSERT INTO " + table + " (" + columns("c%d") + ") SELECT " + columns("g * %d")
              + " FROM generate_series(1, 20) g");
      LINK.a()
          .execute("UPDATE " + table
              + " SET c2 = -1, c800 = NULL, c1600 = c1 WHERE c1 BETWEEN 3 AND 15");
      LINK.a().execute("UPDATE " + table + " SET c1 = -1 WHERE c1 = 1");
      LINK.a().execute("DELETE FROM " + table + " WHERE c1 > 18");
      LINK.awaitEqual(table);
      LINK.b().execute("UPDATE " + table + " SET c1600 = 0 WHERE c1 < 10");
      LINK.awaitEqual(table);
      assertThat(LINK.a().value("SELECT count(*) FROM " + table + " WHERE c1600 = 0"))
          .isEqualTo("9");
    }
  }

  private static String columns(String each) {
    return IntStream.rangeClosed(1, COLUMNS)
        .mapToObj(each::formatted)
        .collect(Collectors.joining(", "));
  }

  @Test
  void namesOfEveryKind() {
    StringBuilder insert = new StringBuilder();
    StringBuilder change = new StringBuilder();
    for (String name : NAMES) {
      String table = named(name);
      String key = quoted(name);
      String other = quoted(NAMES.get((NAMES.indexOf(name) + 1) % NAMES.size()));
      insert
          .append("INSERT INTO ")
          .append(table)
          .append(" SELECT ")
          .append(NAMES.stream()
              .map(column -> "'" + column.replace("'", "''") + "'" + " || g")
              .collect(Collectors.joining(", ")))
          .append(" FROM generate_series(1, 12) g;\n");
      change.append("""
          UPDATE %1$s SET %3$s = 'changed' WHERE %2$s LIKE '%%1';
          UPDATE %1$s SET %2$s = 'key' WHERE %2$s LIKE '%%2' AND %2$s NOT LIKE '%%12';
          DELETE FROM %1$s WHERE %2$s LIKE '%%3';
          """.formatted(table, key, other));
    }
    LINK.a().execute(insert.toString());
    LINK.a().execute(change.toString());
    awaitEqualNames();
    for (String name : NAMES) {
      LINK.b()
          .execute("UPDATE " + named(name) + " SET " + quoted(LONGEST) + " = 'from b '" + " || "
              + quoted(LONGEST) + " WHERE " + quoted(name) + " = 'key'");
    }
    awaitEqualNames();
    assertThat(LINK.a()
            .value("SELECT " + quoted(LONGEST) + " FROM " + named("😀") + " WHERE \"😀\" = 'key'"))
        .isEqualTo("from b " + LONGEST + "2");
    assertThat(LONGEST.getBytes(StandardCharsets.UTF_8)).hasSize(63);
  }

  /** A row is ROW(t.*): t alone would be the column of that name. */
  private static void awaitEqualNames() {
    String all = NAMES.stream()
        .map(name -> "SELECT t.tableoid::regclass || ' ' || ROW(t.*)::text AS row FROM "
            + named(name) + " t")
        .collect(Collectors.joining(
            " UNION ALL ", "SELECT row COLLATE \"C\" AS row FROM (", ") x ORDER BY 1"));
    LINK.await(
        "all tables to be equal", () -> LINK.a().column(all).equals(LINK.b().column(all)));
  }

  private static String named(String table) {
    return quoted(LONGEST) + "." + quoted(table);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
