package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What A's applications do to definitions arrives on B in its place among the rows. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class DdlApplyIT {

  private static final String SINK = "forward-sink";

  private static TestLink link;

  @BeforeAll
  static void start() {
    link = TestLink.named("ddl");
    link.a().execute("""
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TABLE around (id int PRIMARY KEY, v text);
        CREATE TABLE often (id int PRIMARY KEY, v int, w int);
        ALTER TABLE often REPLICA IDENTITY FULL;
        CREATE TABLE felt (id int PRIMARY KEY, m mood);
        CREATE TABLE swapped (id int PRIMARY KEY, place int UNIQUE DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE large (id int PRIMARY KEY, v text);
        CREATE TABLE lacking (id int PRIMARY KEY);
        CREATE TABLE plain (id int PRIMARY KEY)""");
    link.twoWay("public\\..*,shop\\..*")
        .with(SINK, "target.tables.existing", "fail")
        .with(SINK, "transaction.buffer.rows", "500")
        .start();
    link.await(
        "the copy's end",
        () -> link.b()
            .value("SELECT count(*) FROM pgduplex.schema_sync WHERE outcome = 'pending'")
            .equals("0"));
  }

  @AfterAll
  static void stop() {
    link.close();
  }

  /** What the source writes of it. */
  private static String logged(
      String phase, String kind, String schema, String name, String statement) {
    return LoggedStatement.of("ddl", phase, kind, schema, name, statement);
  }

  /** A statement, and what the source writes of it. */
  private static String change(String table, String statement) {
    return statement + ";" + logged("change", "table", "public", table, statement);
  }

  private static String create(String kind, String schema, String name, String statement) {
    return statement + ";" + logged("create", kind, schema, name, statement);
  }

  private static String add(String table, String column) {
    return change(table, "ALTER TABLE public.%s ADD COLUMN %s".formatted(table, column));
  }

  /** The names of a table's columns on B, in their order. */
  private static String columnsOnB(String table) {
    return link.b()
        .value(
            "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '"
                + table + "'::regclass AND attnum > 0 AND NOT attisdropped");
  }

  /** Else comparing would fail on a column that is not there yet. */
  private static void awaitEqual(String table, String columns) {
    link.await("the columns of " + table, () -> columnsOnB(table).equals(columns));
    link.awaitEqual(table);
  }

  private static void restart() {
    link.rest().restart(link.connector(SINK));
  }

  @Test
  void rowsOfOneTransactionMeetTheDefinitionThatTheyWereWrittenUnder() {
    link.a()
        .execute("INSERT INTO around VALUES (1, 'a');"
            + add("around", "w int DEFAULT 7")
            + "INSERT INTO around VALUES (2, 'b', 9); UPDATE around SET w = 8, v = 'c' WHERE id = 1;"
            + add("around", "p interval DEFAULT '1 day -02:03:00'::interval")
            + add("around", "s text DEFAULT 'a\\nb'::text")
            + change("around", "ALTER TABLE public.around DROP COLUMN v")
            + "INSERT INTO around (id, w) VALUES (3, 5);"
            + change("around", "ALTER TABLE public.around RENAME COLUMN w TO x")
            + "INSERT INTO around (id, x) VALUES (4, 6); DELETE FROM around WHERE id = 2");
    awaitEqual("around", "id x p s");
    assertThat(link.b().value("SELECT count(*) FROM around")).isEqualTo("3");
  }

  @Test
  void statementsThatTheServerHasPreparedSurvive() {
    link.a().execute("INSERT INTO often VALUES (1, 0, 0), (2, 0, 0)");
    updateOften("v + 1", "");
    link.b().execute("UPDATE often SET w = 5 WHERE id = 2");
    link.awaitEqual("often");
    link.a().execute(change("often", "ALTER TABLE public.often ALTER COLUMN v TYPE text"));
    updateOften("v || 'x'", "");
    link.a()
        .execute(change("often", "ALTER TABLE public.often DROP COLUMN w")
            + add("often", "w text DEFAULT 'new'"));
    updateOften("v || 'y'", ", w = w || '.'");
    assertThat(link.b().value("SELECT pg_typeof(v) FROM often WHERE id = 1")).isEqualTo("text");
  }

  /** Each in a transaction of its own, and one that B has to apply row by row. */
  private static void updateOften(String v, String more) {
    for (int i = 0; i < 12; i++) {
      link.a().execute("UPDATE often SET v = " + v + more + " WHERE id = 1");
      link.awaitEqual("often");
    }
  }

  @Test
  void aValueAddedToAnEnumIsUsedInTheNextTransaction() {
    link.stop(SINK);
    link.a().execute("INSERT INTO felt VALUES (1, 'ok')");
    String grow = "ALTER TYPE public.mood ADD VALUE 'happy'";
    link.a().execute(grow + ";" + logged("change", "type", "public", "mood", grow));
    link.a().execute("INSERT INTO felt VALUES (2, 'happy')");
    link.a().execute("UPDATE felt SET m = 'happy'");
    link.rest().resume(link.connector(SINK));
    link.awaitEqual("felt");
    assertThat(link.b().value("SELECT count(*) FROM felt WHERE m = 'happy'")).isEqualTo("2");
  }

  @Test
  void aNewTableComesWithWhatItNeedsAndIsWrittenToFromBothSides() {
    link.b().execute("CREATE SCHEMA shop; CREATE TYPE shop.state AS ENUM ('new', 'paid')");
    link.a()
        .execute(create("schema", "shop", "", "CREATE SCHEMA shop")
            + create("type", "shop", "state", "CREATE TYPE shop.state AS ENUM ('new', 'paid')")
            + create("sequence", "shop", "ids", "CREATE SEQUENCE shop.ids")
            + create(
                "table",
                "shop",
                "sale",
                "CREATE TABLE shop.sale (id bigint DEFAULT nextval('shop.ids'::regclass) NOT NULL, s shop.state)")
            + create("sequence", "shop", "ids", "ALTER SEQUENCE shop.ids OWNED BY shop.sale.id")
            + create(
                "constraint",
                "shop",
                "sale",
                "ALTER TABLE ONLY shop.sale ADD CONSTRAINT sale_pkey PRIMARY KEY (id)")
            + create("table", "shop", "sale", "ALTER TABLE ONLY shop.sale REPLICA IDENTITY FULL")
            + "ALTER PUBLICATION pgduplex_ddl_forward ADD TABLE ONLY shop.sale;"
            + "INSERT INTO shop.sale (s) VALUES ('new'), ('paid')");
    link.await(
        "the table",
        () -> link.b().value("SELECT to_regclass('shop.sale') IS NOT NULL").equals("t"));
    link.awaitEqual("shop.sale");
    link.b()
        .execute(
            "INSERT INTO shop.sale VALUES (100, 'new'); UPDATE shop.sale SET s = 'paid' WHERE id = 1");
    link.awaitEqual("shop.sale");
    assertThat(link.a().value("SELECT count(*) FROM shop.sale WHERE s = 'paid'"))
        .isEqualTo("2");
    assertThat(link.b().value("SELECT tableowner FROM pg_tables WHERE tablename = 'sale'"))
        .isEqualTo(PlainRole.owner(link.b()));
    assertThat(link.b().value("SELECT pg_get_serial_sequence('shop.sale', 'id')"))
        .isEqualTo("shop.ids");
  }

  @Test
  void aDeferredCheckIsDoneBeforeItsTableChanges() {
    link.a().execute("INSERT INTO swapped VALUES (1, 1), (2, 2)");
    link.awaitEqual("swapped");
    link.a()
        .execute("UPDATE swapped SET place = 3 - place; INSERT INTO swapped VALUES (3, 3);"
            + " SET CONSTRAINTS ALL IMMEDIATE;"
            + change("swapped", "ALTER TABLE public.swapped RENAME COLUMN place TO seat")
            + "INSERT INTO swapped VALUES (4, 4)");
    awaitEqual("swapped", "id seat");
    assertThat(link.conflicts(link.b())).isEmpty();
  }

  @Test
  void aLargeTransactionIsTakenBackWithItsDefinitions() {
    link.b().execute("ALTER TABLE large ADD COLUMN c int");
    link.a()
        .execute("INSERT INTO large SELECT g, 'x' FROM generate_series(1, 1000) g;"
            + add("large", "z int")
            + "INSERT INTO large SELECT g, 'x', g FROM generate_series(1001, 2000) g;"
            + add("large", "c int")
            + "INSERT INTO large SELECT g, 'x', g, g FROM generate_series(2001, 3000) g");
    assertThat(link.awaitFailure(SINK))
        .contains("ALTER TABLE public.large ADD COLUMN c int")
        .contains("(SQLSTATE 42701). Nothing of the transaction was applied.")
        .contains("is here already");
    assertThat(columnsOnB("large")).isEqualTo("id v c");
    assertThat(link.b().value("SELECT count(*) FROM large")).isEqualTo("0");
    link.b().execute("ALTER TABLE large DROP COLUMN c");
    restart();
    awaitEqual("large", "id v z c");
  }

  @Test
  void whatBLacksStopsTheDirectionBeforeTheTransactionAndNothingIsLost() {
    link.a().execute("CREATE FUNCTION three() RETURNS int IMMUTABLE LANGUAGE sql RETURN 3");
    link.stop(SINK);
    link.a().execute("INSERT INTO lacking VALUES (1)");
    link.a()
        .execute("INSERT INTO lacking VALUES (2);"
            + add("lacking", "v int DEFAULT public.three()")
            + "INSERT INTO lacking VALUES (3)");
    link.a().execute("INSERT INTO lacking VALUES (4)");
    link.rest().resume(link.connector(SINK));
    assertThat(link.awaitFailure(SINK))
        .contains(
            "A statement of public.lacking (table) cannot be run here: ALTER TABLE public.lacking")
        .contains("(SQLSTATE 42883). Nothing of the transaction was applied. Make what it needs");
    assertThat(link.b().column("SELECT id FROM lacking")).isEqualTo(List.of("1"));
    link.b().execute("CREATE FUNCTION three() RETURNS int IMMUTABLE LANGUAGE sql RETURN 3");
    restart();
    awaitEqual("lacking", "id v");
    assertThat(link.b().value("SELECT sum(v) FROM lacking")).isEqualTo("12");
  }

  @Test
  void whatCannotBeCarriedStopsTheDirectionUntilItIsToBeLeftOut() {
    link.a()
        .execute("INSERT INTO plain VALUES (1);"
            + logged(
                "unsupported", "ALTER TABLE", "public", "plain", "a trigger was enabled always")
            + "INSERT INTO plain VALUES (2)");
    assertThat(link.awaitFailure(SINK))
        .contains("ALTER TABLE of public.plain cannot be carried: a trigger was enabled always")
        .contains("set ddl.unsupported=warn, restart the task, and set it back");
    assertThat(link.b().value("SELECT count(*) FROM plain")).isEqualTo("0");
    link.with(SINK, "ddl.unsupported", "warn").resubmit(SINK);
    link.awaitEqual("plain");
    link.with(SINK, "ddl.unsupported", "fail").resubmit(SINK);
    link.a().execute("INSERT INTO plain VALUES (3)");
    link.awaitEqual("plain");
  }
}
