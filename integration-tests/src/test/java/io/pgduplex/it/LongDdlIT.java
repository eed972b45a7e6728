package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A statement of the source's definitions that takes longer on B than Connect waits for a task. */
class LongDdlIT {

  private static final String SINK = "forward-sink";
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(4);
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(2500);

  /** What the statement does is B's to say; how often it was begun is counted, since no rollback takes that back. */
  private static final String STATEMENT = "SELECT nextval('public.runs'), public.work()";

  private static TestLink link;

  @BeforeAll
  static void start() {
    link = TestLink.named("long_ddl");
    link.onBoth("""
        CREATE TABLE slow (id int PRIMARY KEY);
        CREATE TABLE streamed (id int PRIMARY KEY);
        CREATE TABLE stopped (id int PRIMARY KEY);
        CREATE TABLE locked (id int PRIMARY KEY);
        CREATE TABLE refused (id int PRIMARY KEY);
        CREATE TABLE indexed (id int PRIMARY KEY);
        CREATE TABLE kept (id int PRIMARY KEY, place int UNIQUE DEFERRABLE)""");
    link.oneWay("public\\..*")
        .with(
            SINK,
            "consumer.override.max.poll.interval.ms",
            String.valueOf(POLL_INTERVAL.toMillis()))
        .with(SINK, "lock.timeout.ms", String.valueOf(LOCK_TIMEOUT.toMillis()))
        .with(SINK, "open.transaction.timeout.ms", "1000")
        .with(SINK, "transaction.buffer.rows", "500")
        // Else what is applied twice would be taken for a conflict that is resolved.
        .with(SINK, "conflict.policy", "task_failed")
        .with(SINK, "conflict.policy.overrides", "public.kept=ignore")
        .start();
  }

  @AfterAll
  static void stop() {
    link.close();
  }

  private static void workOnB(String body) {
    link.b()
        .execute("DROP SEQUENCE IF EXISTS runs; CREATE SEQUENCE runs;"
            + " CREATE OR REPLACE FUNCTION work() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
            + body + "; END $$");
  }

  private static String logOfTheWorker() {
    try {
      return Files.readString(SharedStack.get().worker().log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sleep(double seconds) {
    return "PERFORM pg_sleep(" + seconds + ")";
  }

  private static String runs() {
    return link.b().value("SELECT last_value FROM runs");
  }

  private static String logged(String table, String statement) {
    return LoggedStatement.of("long_ddl", "change", "table", "public", table, statement);
  }

  private static String insert(String table, int from, int to) {
    return "INSERT INTO %s SELECT g FROM generate_series(%d, %d) g;".formatted(table, from, to);
  }

  /** A row before, the statement with rows around it, and a row after. */
  private static void change(String table) {
    link.a().execute(insert(table, 1, 1));
    link.a()
        .execute(insert(table, 2, 2) + logged(table, STATEMENT) + "ALTER TABLE " + table
            + " ADD COLUMN v text;"
            + logged(table, "ALTER TABLE public." + table + " ADD COLUMN v text")
            + "INSERT INTO " + table + " VALUES (3, 'new')");
    link.a().execute("INSERT INTO " + table + " VALUES (4, 'newer')");
  }

  /** The direction's session on B; it ends when the group rebalances or the task begins again. */
  private static String session() {
    return link.b()
        .value(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgduplex_long_ddl_forward'");
  }

  private static List<String> working() {
    return link.b()
        .column(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE '%public.work()%' AND state = 'active'"
                + " AND application_name = 'pgduplex_long_ddl_forward'");
  }

  private static void awaitWorking(Duration since) {
    link.await("the statement to run", () -> !working().isEmpty());
    link.b().execute("SELECT pg_sleep(" + since.toMillis() / 1000.0 + ")");
  }

  private static String count(String table) {
    return link.b().value("SELECT count(*) FROM " + table);
  }

  private static void awaitWhole(String table, String rows) {
    List<String> seen = new ArrayList<>();
    link.await(table + " to be whole", () -> {
      seen.add(count(table));
      return seen.get(seen.size() - 1).equals(rows);
    });
    assertThat(seen).as("never seen in part").isSubsetOf("0", "1", "3", rows);
    link.awaitEqual(table);
  }

  @Test
  void takesLongerThanThePollIntervalAndTheTaskKeepsItsPartition() {
    workOnB(sleep(6));
    String session = session();
    change("slow");
    awaitWorking(Duration.ofSeconds(1));
    assertThat(count("slow")).as("what came before is there").isEqualTo("1");
    awaitWhole("slow", "4");
    link.a().execute("INSERT INTO slow VALUES (5, 'newest')");
    awaitWhole("slow", "5");
    assertThat(runs()).isEqualTo("1");
    assertThat(session()).isEqualTo(session);
  }

  /** The time that it takes does not count as the source's silence. */
  @Test
  void takesLongWithinALargeTransaction() {
    workOnB(sleep(4.6));
    String session = session();
    link.a()
        .execute(insert("streamed", 1, 800)
            + logged("streamed", STATEMENT)
            + insert("streamed", 801, 2500));
    awaitWhole("streamed", "2500");
    assertThat(runs()).isEqualTo("1");
    assertThat(session()).isEqualTo(session);
  }

  @Test
  void isStoppedAtOnceAndNothingOfItIsApplied() {
    // It never ends by itself, and tells that it was cancelled: a statement whose client has only
    // gone ends otherwise.
    link.b().execute("CREATE SEQUENCE cancelled");
    workOnB("LOOP " + sleep(60) + "; END LOOP;"
        + " EXCEPTION WHEN query_canceled THEN PERFORM nextval('public.cancelled'); RAISE");
    change("stopped");
    awaitWorking(Duration.ZERO);
    link.stop(SINK);
    link.await("B to be rid of it", () -> working().isEmpty());
    assertThat(link.b().value("SELECT is_called FROM cancelled")).isEqualTo("t");
    assertThat(count("stopped")).isEqualTo("1");
    assertThat(link.b().columns("stopped")).isEqualTo("id");
    workOnB("NULL");
    link.rest().resume(link.connector(SINK));
    awaitWhole("stopped", "4");
    assertThat(runs()).isEqualTo("1");
  }

  @Test
  void whatMayPassIsTriedAgainFromTheLastCommit() throws SQLException {
    workOnB("NULL");
    try (Connection other = link.b().connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM locked");
      change("locked");
      link.await("a second try", () -> Integer.parseInt(runs()) > 1);
      other.rollback();
    }
    awaitWhole("locked", "4");
  }

  /** Nothing limits that wait, so somebody has to be told; and the transaction, though it is a large one, comes with the index. */
  @Test
  void anIndexThatWaitsForOthersSaysSo() throws SQLException {
    try (Connection other = link.b().connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("INSERT INTO indexed VALUES (-1)");
      String build = "CREATE INDEX CONCURRENTLY \"by_id\" ON \"public\".\"indexed\" (\"id\")";
      link.a()
          .execute(
              LoggedStatement.of("long_ddl", "concurrently", "index", "public", "indexed", build)
                  + insert("indexed", 1, 1000));
      link.await(
          "a word about it",
          () -> logOfTheWorker()
              .lines()
              .anyMatch(line -> line.contains("WARN")
                  && line.contains("Direction long_ddl.forward")
                  && line.contains("CREATE INDEX CONCURRENTLY")
                  && line.contains("It waits for sessions of this database: ")));
      other.rollback();
    }
    link.awaitEqual("indexed");
    assertThat(
            link.b().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_id'::regclass"))
        .isEqualTo("t");
  }

  /** It shows only after the statement has run, which it then does again, at once. */
  @Test
  void whatLosesADeferredCheckIsLeftOut() {
    workOnB("IF (SELECT last_value FROM public.runs) = 1 THEN " + sleep(2.4) + "; END IF");
    link.b().execute("INSERT INTO kept VALUES (100, 5)");
    String rename = "ALTER TABLE public.kept RENAME COLUMN place TO seat";
    link.a()
        .execute(logged("slow", STATEMENT)
            + "INSERT INTO kept VALUES (1, 5), (2, 6); SET CONSTRAINTS ALL IMMEDIATE;"
            + rename + ";"
            + logged("kept", rename)
            + "INSERT INTO kept VALUES (3, 7)");
    link.await("the rows", () -> count("kept").equals("3"));
    assertThat(link.b().rows("kept", "id, seat")).containsExactly("(100,5)", "(2,6)", "(3,7)");
    assertThat(link.conflicts(link.b())).containsExactly("insert_exists local_kept");
    assertThat(runs()).isEqualTo("2");
  }

  @Test
  void whatDoesNotPassStopsTheDirectionAndSaysWhichStatement() {
    workOnB(sleep(2.4) + "; RAISE division_by_zero");
    change("refused");
    assertThat(link.awaitFailure(SINK))
        .contains("A statement of public.refused (table) cannot be run here: " + STATEMENT)
        .contains("(SQLSTATE 22012). Nothing of the transaction was applied.");
    assertThat(count("refused")).isEqualTo("1");
    workOnB("NULL");
    link.rest().restart(link.connector(SINK));
    awaitWhole("refused", "4");
  }
}
