package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values that B sends before it has made what statements made of the values that A has. */
class FormerValuesIT {

  private static final String FORWARD = "forward-sink";
  private static final String REVERSE = "reverse-sink";

  private static TestLink link;

  @BeforeAll
  static void start() {
    link = TestLink.named("former_values");
    PlainRole.followStatements(link.a());
    link.a().execute("""
        CREATE TYPE state AS ENUM ('on', 'off');
        CREATE TYPE kind AS ENUM ('k');
        CREATE DOMAIN amount AS numeric(6, 2) CHECK (VALUE > 0);
        CREATE TABLE migrated (id int PRIMARY KEY, s state, t state DEFAULT 'off', l state[], a amount, k kind);
        CREATE TABLE taken (id int PRIMARY KEY, s state);
        CREATE TABLE guessed (id int PRIMARY KEY, v text, w text);
        CREATE TABLE changing (id int PRIMARY KEY, v text);
        CREATE TABLE shortened (id int PRIMARY KEY, v varchar(3), c char(3), b bit(3))""");
    link.twoWay("public\\..*")
        .with("forward-source", "ddl.sync", "true")
        .with(FORWARD, "target.tables.existing", "fail")
        .start();
  }

  @AfterAll
  static void stop() {
    link.close();
  }

  private static void begin(String table) {
    link.await(
        table + " on B",
        () -> link.b().value("SELECT to_regclass('" + table + "') IS NOT NULL").equals("t"));
    link.awaitEqual(table);
    link.rest().pause(link.connector(FORWARD));
    link.await("the sink is paused", () -> link.describe().contains(FORWARD + " PAUSED"));
  }

  private static void awaitOnA(String table, String... rows) {
    link.await("B's rows on A", () -> rowsOfA(table).size() == rows.length);
    assertThat(rowsOfA(table)).containsExactly(rows);
  }

  private static List<String> rowsOfA(String table) {
    return link.a().rows(table, table + ".*");
  }

  private static void resume(String table) {
    link.rest().resume(link.connector(FORWARD));
    link.await(
        "columns of " + table + " on B",
        () -> link.b().columns(table).equals(link.a().columns(table)));
    link.awaitEqual(table);
    String ofTable = " FROM pgduplex.conflicts WHERE table_name = '" + table + "'";
    assertThat(link.a().column("SELECT type" + ofTable)).isEmpty();
    assertThat(link.b().column("SELECT type" + ofTable)).isEmpty();
  }

  /** By hand, while nobody writes; the statement itself is left out. */
  private static void resumeWithout(String table, String alter) {
    link.b().execute(alter);
    link.a().execute("INSERT INTO " + table + " (id, v) VALUES (101, 'behind it')");
    link.with(FORWARD, "ddl.unsupported", "warn").resubmit(FORWARD);
    resume(table);
    link.await(
        "A to hear of it",
        () -> link.a()
            .value(
                "SELECT count(*) FROM pgduplex.ddl_log WHERE phase = 'captured' AND applied_at IS NULL")
            .equals("0"));
    link.with(FORWARD, "ddl.unsupported", "fail").resubmit(FORWARD);
    link.b().execute("INSERT INTO " + table + " (id, v) VALUES (100, 'as it is')");
    link.awaitEqual(table);
  }

  private static void tell(String column, String type, String expression) {
    link.a().execute("""
        UPDATE pgduplex.ddl_log SET statement = jsonb_set(jsonb_set(statement::jsonb, '{frames}', '""'), '{query}',
          to_jsonb('ALTER TABLE t ALTER %s TYPE %s USING %s'::text))
         WHERE phase = 'captured' AND applied_at IS NULL""".formatted(column, type, expression));
    link.rest().restart(link.connector(REVERSE));
  }

  /** The usual way to take labels away; what a column was, and what others are, is no more. */
  @Test
  void ofTypesThatHaveBeenDropped() {
    begin("migrated");
    link.a().execute("ALTER TYPE state RENAME TO state_old");
    link.a().execute("CREATE TYPE state AS ENUM ('off', 'on', 'gone')");
    link.a().execute("ALTER TABLE migrated ALTER s TYPE state USING s::text::state");
    link.a().execute("ALTER TABLE migrated ALTER t DROP DEFAULT, ALTER t TYPE text");
    link.a().execute("ALTER TABLE migrated ALTER l TYPE state[] USING l::text[]::state[]");
    link.a().execute("ALTER TABLE migrated ALTER a TYPE numeric(6, 2)");
    link.a().execute("ALTER TABLE migrated DROP COLUMN k");
    link.a().execute("ALTER TABLE taken DROP COLUMN s");
    link.a().execute("DROP TYPE state_old, kind; DROP DOMAIN amount");
    link.b()
        .execute(
            "INSERT INTO migrated VALUES (1, 'on', 'off', '{on,NULL}', 1.5, 'k'), (2, NULL, NULL, NULL, NULL, NULL)");
    awaitOnA("migrated", "(1,on,off,\"{on,NULL}\",1.50)", "(2,,,,)");
    resume("migrated");
  }

  @Test
  void ofATypeThatHasBeenDroppedAndIsTakenForMoreThanItsText() {
    link.onBoth("CREATE TYPE size AS ENUM ('s', 'l')");
    link.a().execute("CREATE TABLE sized (id int PRIMARY KEY, v size)");
    begin("sized");
    link.a()
        .execute(
            "ALTER TABLE sized ALTER v TYPE text USING CASE WHEN v > 's' THEN 'large' ELSE 'small' END");
    link.a().execute("DROP TYPE size");
    link.b().execute("INSERT INTO sized VALUES (1, 'l')");
    assertThat(link.awaitFailure(REVERSE))
        .contains("public.sized", "column v had the type", "which has been dropped since")
        .contains("UPDATE pgduplex.ddl_log SET");
    tell("v", "text", "CASE WHEN v::text = ''l'' THEN ''large'' ELSE ''small'' END");
    awaitOnA("sized", "(1,large)");
    resume("sized");
  }

  @Test
  void byAnExpressionThatCannotBeKnown() {
    begin("guessed");
    link.a()
        .execute("CREATE FUNCTION alter_it() RETURNS void LANGUAGE sql AS"
            + " 'ALTER TABLE guessed ALTER v TYPE varchar(20) USING upper(v)'; SELECT alter_it()");
    link.b().execute("INSERT INTO guessed VALUES (1, 'one', 'w')");
    assertThat(link.awaitFailure(REVERSE))
        .contains("public.guessed", "column v got other values here by an expression (USING)")
        .contains("UPDATE pgduplex.ddl_log SET");
    assertThat(rowsOfA("guessed")).isEmpty();
    tell("v", "varchar(20)", "upper(v)");
    awaitOnA("guessed", "(1,ONE,w)");
    resumeWithout("guessed", "ALTER TABLE guessed ALTER v TYPE varchar(20) USING upper(v)");
  }

  @Test
  void byAnExpressionWhoseValueMayBeAnotherOneElsewhere() {
    begin("changing");
    String alter = "ALTER TABLE changing ALTER v TYPE text USING v || current_user";
    link.a().execute(alter);
    link.b().execute("INSERT INTO changing VALUES (1, 'one')");
    assertThat(link.awaitFailure(REVERSE))
        .contains("public.changing", "column v got other values here by an expression (USING)");
    link.a()
        .execute(
            "UPDATE pgduplex.ddl_log SET applied_at = clock_timestamp() WHERE phase = 'captured'");
    link.rest().restart(link.connector(REVERSE));
    awaitOnA("changing", "(1,one)");
    resumeWithout("changing", "SELECT 1");
  }

  /** B's column has room for more. */
  @Test
  void ofATypeThatWasShorterHere() {
    begin("shortened");
    link.b()
        .execute(
            "ALTER TABLE shortened ALTER v TYPE varchar(9), ALTER c TYPE char(6), ALTER b TYPE bit varying");
    link.a()
        .execute(
            "ALTER TABLE shortened ALTER v TYPE text, ALTER c TYPE text, ALTER b TYPE bit varying");
    link.b().execute("INSERT INTO shortened VALUES (1, 'abcdef', 'abcde', '10101')");
    awaitOnA("shortened", "(1,abcdef,abcde,10101)");
    resume("shortened");
  }

  /** They speak in the new names. */
  @Test
  void ofWhatIsToBeSettledBehindAChangeOfTheSameTransaction() {
    link.a()
        .execute("CREATE TABLE settled (id int PRIMARY KEY, v text);"
            + " ALTER TABLE settled REPLICA IDENTITY FULL; INSERT INTO settled VALUES (1, 'old')");
    begin("settled");
    try (Topic topic = new Topic(link.topic("reverse"))) {
      long from = topic.end();
      link.a()
          .execute("BEGIN; ALTER TABLE settled RENAME v TO w;"
              + " UPDATE settled SET w = 'of A'; COMMIT");
      link.b().execute("UPDATE settled SET v = 'of B'");
      link.rest().resume(link.connector(FORWARD));
      link.await("the new name", () -> link.b().columns("settled").equals("id, w"));
      link.await("B to ask for A's row", () -> told(topic, from).size() > 1);
      assertThat(told(topic, from)).startsWith("definition", "reassertion");
      link.awaitEqual("settled");
    }
  }

  private static List<String> told(Topic topic, long from) {
    return topic.values(from).stream()
        .filter(value -> value.at("/source/table").asText().equals("control")
            && value.path("op").asText().equals("c"))
        .map(value -> value.at("/after/kind").asText())
        .toList();
  }
}
