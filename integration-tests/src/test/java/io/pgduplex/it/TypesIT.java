package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every value of every type ({@link TypeCases}) arrives as it left: in a first copy, inserted, updated and deleted, in both
 * directions, by sets and row by row, in both forms of JSON and as Avro, between the oldest server and the newest. The databases
 * write values in unusual ways, and their zones differ from each other's and from the worker's.
 */
class TypesIT {

  private static final List<String> UNUSUAL = List.of(
      "DateStyle = 'SQL, DMY'",
      "IntervalStyle = sql_standard",
      "extra_float_digits = -10",
      "bytea_output = escape",
      "xmloption = document",
      "xmlbinary = hex",
      "standard_conforming_strings = off",
      "backslash_quote = on",
      "array_nulls = on");

  /** Neither what is written nor what is compared may depend on how the servers write. */
  private static final String SESSION = """
      SET xmloption = content;
      SET standard_conforming_strings = on;
      SET DateStyle = ISO;
      SET IntervalStyle = postgres;
      SET TimeZone = UTC;
      SET extra_float_digits = 3;
      SET bytea_output = hex;
      """;

  private static final int COPIED = 0;
  private static final int FROM_A = 1;
  private static final int FROM_B = 2;

  @ParameterizedTest(name = "A {0}, B {1}; forward by {2}, {3}; reverse by {4}, {5}")
  @CsvSource({
    "18, 14, sets, JSON, rows, JSON_WITH_SCHEMAS",
    "14, 18, rows, JSON, sets, JSON_WITH_SCHEMAS",
    "18, 18, sets, JSON_WITH_SCHEMAS, rows, JSON",
    "18, 14, rows, JSON_WITH_SCHEMAS, sets, JSON",
    "18, 18, sets, AVRO, rows, AVRO"
  })
  void everyValueArrivesAsItLeft(
      int majorA,
      int majorB,
      String forward,
      WireForm forwardForm,
      String reverse,
      WireForm reverseForm)
      throws SQLException, IOException {
    String name =
        "types_" + majorA + "_" + majorB + "_" + forwardForm.name().toLowerCase(Locale.ROOT);
    try (TestLink link =
        TestLink.between(name, server(majorA, true), server(majorB, majorA == majorB))) {
      forwardForm.worker().ifPresent(link::on);
      unusual(link.a(), "Pacific/Chatham");
      unusual(link.b(), "America/Caracas");
      List<TypeCase> types = TypeCases.all().stream()
          .filter(type -> type.since() <= Math.min(majorA, majorB))
          .toList();
      List<TypeTables> tables = TypeTables.create(List.of(link.a(), link.b()), types);
      link.onBoth("CREATE TABLE mark (side text PRIMARY KEY)");
      link.twoWay("public\\..*");
      form(link, "forward", forward, forwardForm);
      form(link, "reverse", reverse, reverseForm);
      insert(link.a(), tables, COPIED);
      link.start();
      change(link.a(), tables, COPIED);
      insert(link.a(), tables, FROM_A);
      change(link.a(), tables, FROM_A);
      arrive(link, link.a());
      insert(link.b(), tables, FROM_B);
      change(link.b(), tables, FROM_B);
      arrive(link, link.b());
      compare(link, tables);
    }
  }

  /** But for those that no text and no expression makes. */
  @Test
  void everyTypeThatPostgresqlShipsIsTried() {
    Side newest = new Side(SharedStack.postgres(18), "postgres");
    String tried = TypeCases.all().stream()
        .map(type -> "to_regtype('" + type.name() + "')")
        .collect(Collectors.joining(", "));
    assertThat(newest.column("""
        SELECT typname FROM pg_type t
        WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
          AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
          AND oid <> ALL (array_remove(ARRAY[%s], NULL)::oid[])
        ORDER BY typname COLLATE "C"
        """.formatted(tried)))
        .containsExactly(
            "gtsvector",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_ndistinct",
            "pg_node_tree");
  }

  private static PostgresServer server(int major, boolean first) {
    return major == 18 && !first ? SharedStack.get().b() : SharedStack.postgres(major);
  }

  private static void unusual(Side side, String zone) {
    for (String setting : UNUSUAL) {
      side.execute("ALTER DATABASE " + side.database() + " SET " + setting);
    }
    side.execute("ALTER DATABASE " + side.database() + " SET TimeZone = '" + zone + "'");
  }

  private static void form(TestLink link, String direction, String path, WireForm form) {
    link.with(direction + "-sink", "internal.write.path", path);
    form.options()
        .forEach((option, value) -> link.with(direction + "-source", option, value)
            .with(direction + "-sink", option, value));
  }

  private static void insert(Side side, List<TypeTables> tables, int step) throws SQLException {
    execute(side, tables, table -> table.insert(step));
  }

  private static void change(Side side, List<TypeTables> tables, int step) throws SQLException {
    execute(side, tables, table -> table.update(step));
    execute(side, tables, table -> table.delete(step));
  }

  private static void execute(
      Side side, List<TypeTables> tables, Function<TypeTables, String> statements)
      throws SQLException {
    try (Connection connection = connect(side);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (TypeTables table : tables) {
        try {
          statement.execute(statements.apply(table));
        } catch (SQLException e) {
          throw new SQLException("Type " + table.type() + ": " + e.getMessage(), e);
        }
      }
      connection.commit();
    }
  }

  private static void arrive(TestLink link, Side from) {
    from.execute("INSERT INTO mark VALUES ('" + from.database() + "')");
    link.awaitEqual("mark");
  }

  private static Connection connect(Side side) throws SQLException {
    Connection connection = side.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(SESSION);
    }
    return connection;
  }

  private static void compare(TestLink link, List<TypeTables> tables)
      throws SQLException, IOException {
    SoftAssertions softly = new SoftAssertions();
    try (Connection a = connect(link.a());
        Connection b = connect(link.b())) {
      for (TypeTables table : tables) {
        softly.assertThat(table.texts(b)).as("%s as text", table.type()).isEqualTo(table.texts(a));
        softly
            .assertThat(table.binary(b))
            .as("%s in binary", table.type())
            .isEqualTo(table.binary(a));
      }
    }
    softly.assertThat(link.conflicts(link.a())).as("conflicts on A").isEmpty();
    softly.assertThat(link.conflicts(link.b())).as("conflicts on B").isEmpty();
    softly.assertAll();
  }
}
