package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a sink's session keeps to, whoever else is at the target. */
class TargetSessionIT {

  private static final TestLink LINK = TestLink.named("session");
  private static final String ORIGIN = "pgduplex_session_forward";
  private static final int TABLES = 200;

  @BeforeAll
  static void startLink() {
    LINK.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
    LINK.onBoth(perTable("CREATE TABLE many_%d (id int PRIMARY KEY, v int)"));
    LINK.a()
        .execute(perTable("INSERT INTO many_%1$d SELECT g, %1$d FROM generate_series(1, 20) g"));
    LINK.oneWay("public\\..*")
        .with("forward-sink", "transaction.buffer.rows", "2000")
        .with("forward-sink", "open.transaction.timeout.ms", "1000")
        .start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  private static String perTable(String sql) {
    return IntStream.rangeClosed(1, TABLES)
        .mapToObj(i -> sql.formatted(i))
        .collect(Collectors.joining(";"));
  }

  private static String manyTables() {
    return IntStream.rangeClosed(1, TABLES)
        .mapToObj(i -> "SELECT %1$d AS n, id, v FROM many_%1$d".formatted(i))
        .collect(Collectors.joining(" UNION ALL "));
  }

  @Test
  void commitsEachTransactionWithItsOwnTimeOfTheSource() {
    for (int id = 1; id <= 5; id++) {
      LINK.a().execute("INSERT INTO t VALUES (" + id + ", 'time')");
      int arrived = id;
      LINK.await(
          "row " + id,
          () -> !LINK.b().column("SELECT 1 FROM t WHERE id = " + arrived).isEmpty());
    }
    String times =
        "SELECT id || ' ' || extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM t WHERE v = 'time' ORDER BY id";
    assertThat(LINK.b().column(times)).isEqualTo(LINK.a().column(times));
  }

  @Test
  void endsAnOlderSessionThatStillHoldsTheOrigin() throws SQLException {
    LINK.stop("forward-sink");
    try (Connection older = sinksConnection();
        Statement statement = older.createStatement()) {
      older.setAutoCommit(false);
      statement.execute("SELECT pg_replication_origin_session_setup('" + ORIGIN + "')");
      statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
      LINK.a().execute("INSERT INTO t VALUES (100, 'held')");
      LINK.rest().resume(LINK.connector("forward-sink"));
      LINK.await(
          "the row, in spite of the older session",
          () -> LINK.b().value("SELECT count(*) FROM t WHERE id = 100").equals("1"));
    }
  }

  private static Connection sinksConnection() throws SQLException {
    Properties properties = new Properties();
    Map<String, String> sink = LINK.options("forward-sink");
    properties.put("user", sink.get("database.user"));
    properties.put("password", sink.get("database.password"));
    properties.setProperty("ApplicationName", ORIGIN);
    return DriverManager.getConnection(LINK.b().server().jdbcUrl(LINK.b().database()), properties);
  }

  @Test
  void isFencedOffByANewerTask() {
    LINK.b().execute("UPDATE pgduplex.progress SET fence = fence + 1");
    LINK.a().execute("INSERT INTO t VALUES (200, 'fence')");
    assertThat(LINK.awaitFailure("forward-sink"))
        .contains("Another task applies direction session.forward");
    assertThat(LINK.b().column("SELECT id FROM t WHERE id = 200")).isEmpty();
    LINK.rest().restart(LINK.connector("forward-sink"));
    LINK.await(
        "the row, by the task that is now the newest",
        () -> LINK.b().value("SELECT count(*) FROM t WHERE id = 200").equals("1"));
  }

  @Test
  void letsGoOfItsLocksWhenTheSourceStallsInALargeTransaction() {
    LINK.a().execute("INSERT INTO t SELECT g, 'large' FROM generate_series(1000, 150000) g");
    LINK.await("the large transaction to be under way", TargetSessionIT::isStreaming);
    LINK.rest().pause(LINK.connector("forward-source"));
    LINK.await("its locks to go", () -> !isStreaming());
    assertThat(LINK.b().value("SELECT count(*) FROM t WHERE v = 'large'")).isEqualTo("0");
    LINK.rest().resume(LINK.connector("forward-source"));
    LINK.awaitEqual("t");
  }

  private static boolean isStreaming() {
    return !LINK.b()
        .column(
            "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.relation = 't'::regclass"
                + " AND a.application_name = '" + ORIGIN + "'")
        .isEmpty();
  }

  @Test
  void followsTwoHundredTablesThatChangeAtOnce() {
    String changes =
        "UPDATE many_%1$d SET v = v + id; DELETE FROM many_%1$d WHERE id = 20; INSERT INTO many_%1$d VALUES (21, 0)";
    LINK.a().execute(perTable(changes));
    IntStream.rangeClosed(1, TABLES)
        .parallel()
        .forEach(
            i -> LINK.a().execute("UPDATE many_%1$d SET id = id + 100, v = v + 1".formatted(i)));
    LINK.await(
        "all tables to be equal",
        () -> LINK.b()
            .checksum("(" + manyTables() + ") AS many", "n, id, v")
            .equals(LINK.a().checksum("(" + manyTables() + ") AS many", "n, id, v")));
  }
}
