package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What following A's statements means for who runs them, and what becomes of those that are not carried: they are said, and left
 * out where that is asked for.
 */
class FollowedStatementsIT {

  private static final String SOURCE = "forward-source";
  private static final String SINK = "forward-sink";

  private static TestLink link;

  /**
   * A statement that is not carried.
   *
   * @param setup what A has before, with a table {@code t}
   * @param byHand what somebody does on B instead
   * @param report how the source says it
   */
  record NotCarried(String name, String setup, String statement, String byHand, String report) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<NotCarried> notCarried() {
    String table = "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, '1')";
    String added = "was added with a value for each row:";
    return Stream.of(
        new NotCarried(
            "changing",
            table,
            "ALTER TABLE t ADD COLUMN x float DEFAULT random()",
            "ALTER TABLE t ADD COLUMN x float",
            added + " DEFAULT \"random\"()"),
        new NotCarried(
            "uuid",
            table,
            "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()",
            "ALTER TABLE t ADD COLUMN x uuid",
            added + " DEFAULT \"gen_random_uuid\"()"),
        new NotCarried(
            "serial",
            table,
            "ALTER TABLE t ADD COLUMN x serial",
            "ALTER TABLE t ADD COLUMN x serial",
            added + " DEFAULT \"nextval\"("),
        new NotCarried(
            "identity",
            table,
            "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY",
            "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY",
            added + " GENERATED ALWAYS AS IDENTITY"),
        new NotCarried(
            "of_domain",
            "CREATE DOMAIN d AS float DEFAULT random(); " + table,
            "ALTER TABLE t ADD COLUMN x d",
            "ALTER TABLE t ADD COLUMN x float",
            added + " the default of its type"),
        new NotCarried(
            "in_partition",
            "CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);"
                + " CREATE TABLE t_1 PARTITION OF t DEFAULT; INSERT INTO t VALUES (1, '1')",
            "ALTER TABLE t ADD COLUMN x float DEFAULT random()",
            "ALTER TABLE t ADD COLUMN x float",
            added + " DEFAULT \"random\"()"),
        new NotCarried(
            "using_changing",
            table,
            "ALTER TABLE t ALTER v TYPE varchar(50) USING v || now()",
            "ALTER TABLE t ALTER v TYPE varchar(50)",
            "by an expression (USING) that cannot be found"),
        new NotCarried(
            "using_in_sql",
            table,
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER TABLE t ALTER v TYPE int USING v::int * 2'; SELECT f()",
            "ALTER TABLE t ALTER v TYPE int USING v::int * 2",
            "by an expression (USING) that cannot be found"),
        new NotCarried(
            "unlogged",
            table,
            "CREATE UNLOGGED TABLE u (id int)",
            "",
            "cannot add relation \"u\" to publication"));
  }

  @BeforeAll
  static void start() {
    link = TestLink.named("followed");
    link.a().execute("CREATE TABLE kept (id int PRIMARY KEY)");
    link.twoWay("public\\..*,not_carried_.*\\..*")
        .with(SOURCE, "ddl.sync", "true")
        .with(SINK, "ddl.unsupported", "warn");
    withoutEventTriggersTheSourceSaysWhatToRun();
    link.start();
    notCarried()
        .forEach(one -> link.a()
            .execute("CREATE SCHEMA not_carried_" + one.name() + ";" + path(one) + one.setup()));
    awaitMark();
  }

  @AfterAll
  static void stop() {
    link.close();
  }

  private static String path(NotCarried one) {
    return "SET search_path = not_carried_" + one.name() + ";";
  }

  private static void withoutEventTriggersTheSourceSaysWhatToRun() {
    String message =
        "Run etc/sql/ddl.sql of the source connector's archive in the database followed_a, as a superuser";
    assertThat(link.validate(SOURCE).errorsOf("ddl.sync"))
        .singleElement()
        .asString()
        .contains(message);
    PlainRole.followStatements(link.a());
    assertThat(link.validate(SOURCE).errorsOf("ddl.sync")).isEmpty();
    link.a().execute("ALTER EVENT TRIGGER pgduplex_rewrite DISABLE");
    assertThat(link.validate(SOURCE).errorsOf("ddl.sync"))
        .singleElement()
        .asString()
        .contains(message);
    link.a().execute("ALTER EVENT TRIGGER pgduplex_rewrite ENABLE ALWAYS");
  }

  private static void awaitMark() {
    int mark = Integer.parseInt(link.a().value("SELECT count(*) FROM kept"));
    link.a().execute("INSERT INTO kept VALUES (" + mark + ")");
    link.await(
        "A's mark",
        () -> !link.b().column("SELECT 1 FROM kept WHERE id = " + mark).isEmpty());
    link.b().execute("INSERT INTO kept VALUES (-1 - " + mark + ")");
    link.await(
        "B's mark",
        () -> !link.a().column("SELECT 1 FROM kept WHERE id = -1 - " + mark).isEmpty());
  }

  /** Nothing could ever read past them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE named ADD COLUMN \"A\" int",
        "ALTER TABLE named RENAME COLUMN b TO \"ID\"",
        "ALTER TABLE named ADD COLUMN \"É\" int",
        "CREATE TABLE named_2 (a int, \"A\" int)",
        "SET session_replication_role = replica; ALTER TABLE named ADD COLUMN \"B\" int",
        "DO $$ BEGIN ALTER TABLE named RENAME TO other; ALTER TABLE other ADD COLUMN \"A\" int; END $$"
      })
  void namesThatDifferOnlyByCaseAreRefused(String statement) {
    link.a()
        .execute(
            "DROP TABLE IF EXISTS named; CREATE TABLE named (id int PRIMARY KEY, a int, b int, \"é\" int)");
    assertThatThrownBy(() -> {
          try (Connection connection = link.a().connect();
              Statement one = connection.createStatement()) {
            one.execute(statement);
          }
        })
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("has columns whose names differ only by case")
        .hasMessageContaining("Give one of them another name.");
    link.a()
        .execute(
            "CREATE SCHEMA IF NOT EXISTS outside; CREATE TABLE IF NOT EXISTS outside.named (a int, \"A\" int)");
    link.a().execute("INSERT INTO named VALUES (1, 2, 3, 4)");
    link.await(
        "the table",
        () -> link.b().value("SELECT to_regclass('named') IS NOT NULL").equals("t"));
    link.awaitEqual("named");
    awaitMark();
  }

  @Test
  void generatedColumnsFailNobodysUpdate() {
    link.a().execute("""
        CREATE TABLE computed (id int PRIMARY KEY, v int, s int GENERATED ALWAYS AS (v * 2) STORED);
        CREATE TABLE computed_later (id int PRIMARY KEY, v int, g int GENERATED ALWAYS AS (v * 2) VIRTUAL);
        CREATE TABLE later (id int PRIMARY KEY, v int);
        INSERT INTO computed VALUES (1, 1), (2, 2); INSERT INTO computed_later VALUES (1, 1), (2, 2); INSERT INTO later VALUES (1, 1), (2, 2)""");
    link.a()
        .execute(
            "ALTER TABLE later ADD COLUMN s int GENERATED ALWAYS AS (v * 2) STORED; UPDATE later SET v = 5");
    link.a()
        .execute(
            "ALTER TABLE later ADD COLUMN g int GENERATED ALWAYS AS (v * 3) VIRTUAL; UPDATE later SET v = 6 WHERE id = 1");
    awaitMark();
    for (Side side : List.of(link.a(), link.b())) {
      for (String table : List.of("computed", "computed_later", "later")) {
        String id = side.equals(link.a()) ? "1" : "2";
        side.execute("UPDATE " + table + " SET v = 7 WHERE id = " + id);
        side.execute(
            "INSERT INTO " + table + " (id, v) VALUES (10 + " + id + ", 8), (20 + " + id + ", 9)");
        side.execute("DELETE FROM " + table + " WHERE id = 20 + " + id);
      }
    }
    awaitMark();
    link.awaitEqual("computed", "computed_later", "later");
    assertThat(link.b().value("SELECT sum(g) || ' ' || sum(s) FROM later")).isEqualTo("90 60");
    // What is written to a table that is written anew is settled.
    String conflicts = "SELECT c::text FROM pgduplex.conflicts c WHERE policy <> 'settlement'";
    assertThat(link.a().column(conflicts)).isEmpty();
    assertThat(link.b().column(conflicts)).isEmpty();
  }

  /** They fail for nobody, whoever's table it is. */
  @Test
  void aTableOfARoleThatTheConnectorIsNoMemberOfIsReported() {
    try (Topic topic = new Topic(link.topic("forward"))) {
      long from = topic.end();
      link.a()
          .execute(
              "DO $$ BEGIN CREATE ROLE followed_stranger; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                  + " GRANT CREATE ON SCHEMA public TO followed_stranger");
      link.a()
          .execute(
              "SET ROLE followed_stranger; CREATE TABLE strange (id int PRIMARY KEY); INSERT INTO strange VALUES (1)");
      awaitMark();
      assertThat(reports(topic, from))
          .singleElement()
          .asString()
          .contains("the role of the source connector is no member of the role that owns")
          .contains("CREATE TABLE strange");
      link.a().execute("DROP OWNED BY followed_stranger; DROP ROLE followed_stranger");
    }
  }

  @ParameterizedTest
  @MethodSource("notCarried")
  void whatIsNotCarriedIsSaidAndTheRestGoesOn(NotCarried one) {
    String table = "not_carried_" + one.name() + ".t";
    try (Topic topic = new Topic(link.topic("forward"))) {
      long from = topic.end();
      if (!one.byHand().isEmpty()) {
        link.b().execute(path(one) + one.byHand());
      }
      link.a().execute(path(one) + one.statement() + "; INSERT INTO t (id, v) VALUES (2, '2')");
      // What a USING made of a row that comes to A before B has heard of it nobody could know.
      awaitMark();
      link.b().execute("INSERT INTO " + table + " (id, v) VALUES (3, '3')");
      awaitMark();
      assertThat(reports(topic, from)).singleElement().asString().contains(one.report());
      for (Side side : List.of(link.a(), link.b())) {
        assertThat(side.column("SELECT id FROM " + table + " WHERE id > 1 ORDER BY id"))
            .containsExactly("2", "3");
      }
    }
  }

  /** What the sink is told that it cannot make. */
  private static List<String> reports(Topic topic, long from) {
    return topic.values(from).stream()
        .filter(value -> value.path("op").asText().equals("c"))
        .map(value -> value.path("after"))
        .filter(after -> after.path("phase").asText().equals("unsupported"))
        .map(after -> after.path("statement"))
        .map(JsonNode::asText)
        .toList();
  }

  /** Its rows would have other values here than those that went to A. */
  @Test
  void rowsOfBKeepAColumnFromBeingAddedWithAValueForEachRow() {
    link.a().execute("CREATE TABLE empty (id int PRIMARY KEY)");
    awaitMark();
    link.rest().pause(link.connector(SINK));
    link.await("the sink is paused", () -> link.describe().contains(SINK + " PAUSED"));
    link.a().execute("ALTER TABLE empty ADD COLUMN u uuid DEFAULT gen_random_uuid()");
    link.b().execute("INSERT INTO empty VALUES (1)");
    link.rest().resume(link.connector(SINK));
    assertThat(link.awaitFailure(SINK))
        .contains(
            "The table has rows that A did not have when \"u\" was added there with a value for each row.");
    link.b().execute("DELETE FROM empty");
    link.rest().restart(link.connector(SINK));
    awaitMark();
    link.b().execute("INSERT INTO empty VALUES (1)");
    awaitMark();
    link.awaitEqual("empty");
  }
}
