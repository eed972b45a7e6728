package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unique values that go from row to row within a transaction are no conflict, also where deferrable constraints let two rows
 * have one in between; what is in the way at the transaction's end is.
 */
@Tag(TestLink.BOTH_WRITE_PATHS)
class MovedValuesIT {

  private static final TestLink LINK = TestLink.named("moved_values");

  /** How B decides; with the last its own rows are the later ones. */
  private static final List<String> DECISIONS =
      List.of("ignore", "overwrite", "last_update_wins", "last_is_local");

  /** Whether the transaction is streamed into the target, in parts. */
  private static final List<String> SIZES = List.of("small", "streamed");

  private static final String DEFERRABLE = """
      CREATE TABLE %1$s (id int PRIMARY KEY, u int UNIQUE DEFERRABLE, d int UNIQUE DEFERRABLE INITIALLY DEFERRED,
        r int4range, v text, EXCLUDE USING gist (r WITH &&) DEFERRABLE)""";

  private static final String FILL =
      "INSERT INTO %s SELECT g, g, g, int4range(10 * g, 10 * g + 5), 'old' FROM generate_series(1, %d) g";

  private static final String LOCAL = """
      INSERT INTO %1$s VALUES (9401, 90001, 9401, NULL, 'local'), (9402, 9402, 90002, NULL, 'local'),
        (9403, 9403, 9403, '[90031,90040)', 'local'), (9404, 90003, 9404, NULL, 'local'),
        (9405, 9405, 9405, NULL, 'local')""";

  /** Two swaps; a row in the way of each constraint, and of the key; a chain of rows, of which the last meets one. */
  private static final String INCOMING = """
      SET CONSTRAINTS ALL DEFERRED;
      UPDATE %1$s SET v = 'clean' WHERE id BETWEEN 11 AND %2$d;
      UPDATE %1$s SET u = 2, d = 2 WHERE id = 1;
      UPDATE %1$s SET u = 1, d = 1 WHERE id = 2;
      UPDATE %1$s SET r = '[40,45)' WHERE id = 3;
      INSERT INTO %1$s VALUES (9211, 90001, 9211, NULL, 'incoming'), (9405, 90005, 90005, NULL, 'incoming');
      UPDATE %1$s SET d = 90002, v = 'incoming' WHERE id = 5;
      UPDATE %1$s SET r = '[90030,90032)', v = 'incoming' WHERE id = 6;
      UPDATE %1$s SET u = 8, v = 'incoming' WHERE id = 7;
      UPDATE %1$s SET u = 9, v = 'incoming' WHERE id = 8;
      UPDATE %1$s SET u = 90003, v = 'incoming' WHERE id = 9;
      UPDATE %1$s SET v = 'clean' WHERE id BETWEEN 11 AND %2$d;
      UPDATE %1$s SET r = '[30,35)' WHERE id = 4""";

  private static final String CLEAN_DEFERRABLE = """
      BEGIN; UPDATE %1$s SET u = u + 1, d = 1501 - d, r = int4range(lower(r) + 10, upper(r) + 10), v = 'shifted'; COMMIT;
      BEGIN;
      SET CONSTRAINTS ALL DEFERRED;
      UPDATE %1$s SET u = 12 WHERE id = 10;
      UPDATE %1$s SET u = 13 WHERE id = 11;
      UPDATE %1$s SET u = 11 WHERE id = 12;
      UPDATE %1$s SET v = 'between';
      INSERT INTO %1$s SELECT 5000, u, d, r, 'before' FROM %1$s WHERE id = 20;
      INSERT INTO %1$s SELECT 5001, u, d, r, 'before' FROM %1$s WHERE id = 21;
      DELETE FROM %1$s WHERE id IN (20, 21);
      UPDATE %1$s SET id = id + 10000 WHERE id = 30;
      UPDATE %1$s SET u = (SELECT u FROM %1$s WHERE id = 10030) WHERE id = 31;
      UPDATE %1$s SET u = 31 + 1 WHERE id = 10030;
      COMMIT""";

  /** Each step is allowed where the one before has been done. */
  private static final String CLEAN_STEPS = """
      UPDATE %1$s SET u = NULL WHERE id = 1;
      UPDATE %1$s SET u = 1 WHERE id = 2;
      UPDATE %1$s SET u = 2 WHERE id = 1;
      UPDATE %1$s SET id = 141 WHERE id = 41;
      DO $$ BEGIN FOR i IN REVERSE 40..20 LOOP UPDATE %1$s SET id = i + 1 WHERE id = i; END LOOP; END $$;
      DELETE FROM %1$s WHERE id = 3;
      INSERT INTO %1$s VALUES (3, 3, 3, 'again');
      DELETE FROM %1$s WHERE id = 4;
      INSERT INTO %1$s VALUES (204, 4, 4, 'again');
      UPDATE %1$s SET u = 900 WHERE id = 5;
      UPDATE %1$s SET u = 5 WHERE id = 6;
      UPDATE %1$s SET u = 6, w = NULL WHERE id = 7;
      UPDATE %1$s SET w = 7 WHERE id = 6;
      UPDATE %1$s SET v = 'between';
      UPDATE %1$s SET id = -1 WHERE id = 8;
      UPDATE %1$s SET id = 8 WHERE id = 9;
      UPDATE %1$s SET id = 9 WHERE id = -1;
      DO $$ BEGIN FOR i IN REVERSE 70..50 LOOP UPDATE %1$s SET u = i + 100, w = i + 100 WHERE id = i; END LOOP; END $$;
      DO $$ BEGIN FOR i IN 50..70 LOOP UPDATE %1$s SET u = 120 - i WHERE id = i; END LOOP; END $$;
      DELETE FROM %1$s WHERE id BETWEEN 81 AND 90;
      INSERT INTO %1$s SELECT g, 171 - g, 171 - g, 'reversed' FROM generate_series(81, 90) g;
      UPDATE %1$s SET u = NULL WHERE id BETWEEN 91 AND 99;
      UPDATE %1$s SET u = 190 - id WHERE id BETWEEN 91 AND 99""";

  private static String table(String decision, String size) {
    return decision + "_" + size;
  }

  private static int rows(String size) {
    return size.equals("small") ? 40 : 1500;
  }

  @BeforeAll
  static void meet() {
    for (String decision : DECISIONS) {
      for (String size : SIZES) {
        create(DEFERRABLE, table(decision, size), true);
        LINK.a().execute(FILL.formatted(table(decision, size), rows(size)));
      }
      create("CREATE TABLE %s (id int PRIMARY KEY DEFERRABLE, v text)", decision + "_no_key", true);
      LINK.a()
          .execute("INSERT INTO " + decision
              + "_no_key SELECT g, 'old' || g FROM generate_series(1, 30) g");
    }
    for (boolean full : List.of(true, false)) {
      create(DEFERRABLE, "clean_deferrable_" + full, full);
      LINK.a().execute(FILL.formatted("clean_deferrable_" + full, 1500));
      create(
          "CREATE TABLE %s (id int PRIMARY KEY, u int UNIQUE, w int UNIQUE, v text)",
          "clean_steps_" + full, full);
      LINK.a()
          .execute("INSERT INTO clean_steps_" + full
              + " SELECT g, g, g, 'old' FROM generate_series(1, 100) g");
    }
    create(DEFERRABLE, "overwrite_open", true);
    LINK.a().execute("INSERT INTO overwrite_open VALUES (1, 1, 1, NULL, 'old')");
    LINK.onBoth("CREATE TABLE mark (id int PRIMARY KEY)");
    LINK.oneWay("public\\..*")
        .with("forward-sink", "conflict.policy", "last_update_wins")
        .with(
            "forward-sink",
            "conflict.policy.overrides",
            "public.ignore*=ignore,public.overwrite*=overwrite,public.clean*=task_failed")
        .with("forward-sink", "transaction.buffer.rows", "400")
        .start();
    LINK.awaitEqual(table("ignore", "streamed"), "clean_deferrable_false", "clean_steps_false");

    LINK.stop("forward-sink");
    incoming("last_is_local");
    LINK.b().execute("SELECT pg_sleep(0.01)");
    for (String decision : DECISIONS) {
      SIZES.forEach(size -> LINK.b().execute(LOCAL.formatted(table(decision, size))));
      LINK.b().execute("INSERT INTO " + decision + "_no_key VALUES (500, 'local')");
    }
    LINK.b().execute("SELECT pg_sleep(0.01)");
    DECISIONS.stream()
        .filter(decision -> !decision.equals("last_is_local"))
        .forEach(MovedValuesIT::incoming);
    for (boolean full : List.of(true, false)) {
      LINK.a().execute(CLEAN_DEFERRABLE.formatted("clean_deferrable_" + full));
      LINK.a().execute(CLEAN_STEPS.formatted("clean_steps_" + full));
    }
    LINK.a().execute("INSERT INTO mark VALUES (1)");
    LINK.rest().resume(LINK.connector("forward-sink"));
    LINK.awaitEqual("mark");
  }

  private static void create(String sql, String table, boolean full) {
    LINK.onBoth(sql.formatted(table));
    LINK.onBoth("ALTER TABLE " + table + " REPLICA IDENTITY " + (full ? "FULL" : "DEFAULT"));
  }

  private static void incoming(String decision) {
    SIZES.forEach(size -> LINK.a().execute(INCOMING.formatted(table(decision, size), rows(size))));
    LINK.a()
        .execute("UPDATE %1$s SET id = id + 1; INSERT INTO %1$s VALUES (500, 'incoming')"
            .formatted(decision + "_no_key"));
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  static Stream<Arguments> scenarios() {
    return DECISIONS.stream()
        .flatMap(decision -> SIZES.stream().map(size -> Arguments.of(decision, size)));
  }

  private static boolean incomingWins(String decision) {
    return decision.equals("overwrite") || decision.equals("last_update_wins");
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void onlyWhatIsInTheWayAtTheEndIsAConflict(String decision, String size) {
    String table = table(decision, size);
    List<String> rows = LINK.b()
        .column("SELECT concat_ws(' ', id, u, d, r, v) FROM " + table
            + " WHERE id < 11 OR id > 9000 ORDER BY id");
    List<String> met = conflicts(table);
    if (incomingWins(decision)) {
      assertThat(rows)
          .containsExactly(
              "1 2 2 [10,15) old",
              "2 1 1 [20,25) old",
              "3 3 3 [40,45) old",
              "4 4 4 [30,35) old",
              "5 5 90002 [50,55) incoming",
              "6 6 6 [90030,90032) incoming",
              "7 8 7 [70,75) incoming",
              "8 9 8 [80,85) incoming",
              "9 90003 9 [90,95) incoming",
              "10 10 10 [100,105) old",
              "9211 90001 9211 incoming",
              "9405 90005 90005 incoming");
      assertThat(met)
          .containsExactlyInAnyOrder(
              "insert_exists incoming_applied 9401",
              "insert_exists incoming_applied 9405",
              "update_exists incoming_applied 9402",
              "update_exists incoming_applied 9403",
              "update_exists incoming_applied 9404");
    } else {
      assertThat(rows)
          .containsExactly(
              "1 2 2 [10,15) old",
              "2 1 1 [20,25) old",
              "3 3 3 [40,45) old",
              "4 4 4 [30,35) old",
              "5 5 5 [50,55) old",
              "6 6 6 [60,65) old",
              "7 7 7 [70,75) old",
              "8 8 8 [80,85) old",
              "9 9 9 [90,95) old",
              "10 10 10 [100,105) old",
              "9401 90001 9401 local",
              "9402 9402 90002 local",
              "9403 9403 9403 [90031,90040) local",
              "9404 90003 9404 local",
              "9405 9405 9405 local");
      assertThat(met)
          .containsExactlyInAnyOrder(
              "insert_exists local_kept 9401",
              "insert_exists local_kept 9405",
              "update_exists local_kept 8",
              "update_exists local_kept 9",
              "update_exists local_kept 9402",
              "update_exists local_kept 9403",
              "update_exists local_kept 9404");
    }
    assertThat(LINK.b().value("SELECT count(*) FROM " + table + " WHERE v = 'clean'"))
        .isEqualTo(String.valueOf(rows(size) - 10));
  }

  private static List<String> conflicts(String table) {
    return LINK.b()
        .column(
            "SELECT type || ' ' || outcome || ' ' || (local ->> 'id') FROM pgduplex.conflicts WHERE table_name = '"
                + table + "'");
  }

  /** Its key is deferrable, and none for the source. */
  @ParameterizedTest
  @ValueSource(strings = {"ignore", "overwrite", "last_update_wins", "last_is_local"})
  void aTableWithoutAnImmediateKeyIsSubjectToTheSame(String decision) {
    String table = decision + "_no_key";
    boolean incoming = incomingWins(decision);
    assertThat(LINK.b().column("SELECT v FROM " + table + " WHERE id = 500"))
        .containsExactly(incoming ? "incoming" : "local");
    assertThat(LINK.b()
            .value("SELECT count(*) FROM " + table
                + " WHERE v = 'old' || id - 1 AND id BETWEEN 2 AND 31"))
        .isEqualTo("30");
    assertThat(LINK.b().value("SELECT count(*) FROM " + table)).isEqualTo("31");
    assertThat(conflicts(table))
        .containsExactly(
            "insert_exists " + (incoming ? "incoming_applied" : "local_kept") + " 500");
  }

  /** That a value has been written here is not to be seen before the commit. */
  @Test
  void whoMayHaveWrittenTheSameValueIsAwaited() throws SQLException {
    try (Connection local = LINK.b().connect();
        Statement statement = local.createStatement()) {
      local.setAutoCommit(false);
      statement.execute("INSERT INTO overwrite_open VALUES (11, 15, 11, NULL, 'local')");
      LINK.a().execute("INSERT INTO overwrite_open VALUES (12, 15, 12, NULL, 'incoming')");
      awaitThatTheSinkWaits();
      local.commit();
    }
    LINK.await(
        "the row to arrive",
        () -> !LINK.b().column("SELECT 1 FROM overwrite_open WHERE id = 12").isEmpty());
    assertThat(LINK.b().column("SELECT id FROM overwrite_open WHERE u = 15")).containsExactly("12");
    assertThat(conflicts("overwrite_open")).contains("insert_exists incoming_applied 11");
  }

  /** Who waits for a row of the sink's does not wait until the sink's patience is over. */
  @Test
  void whoWaitsForTheSinkIsNotAwaited() throws SQLException {
    try (Connection local = LINK.b().connect();
        Statement statement = local.createStatement()) {
      local.setAutoCommit(false);
      statement.execute("SET lock_timeout = '5s'");
      statement.execute("INSERT INTO overwrite_open VALUES (21, 21, 21, NULL, 'local')");
      LINK.a().execute("""
          UPDATE overwrite_open SET v = 'incoming' WHERE id = 1;
          INSERT INTO overwrite_open VALUES (22, 22, 22, NULL, 'incoming')""");
      awaitThatTheSinkWaits();
      statement.execute("UPDATE overwrite_open SET v = 'local' WHERE id = 1");
      local.commit();
    }
    LINK.await(
        "the row to arrive",
        () -> !LINK.b().column("SELECT 1 FROM overwrite_open WHERE id = 22").isEmpty());
    assertThat(conflicts("overwrite_open")).contains("update_origin_differs incoming_applied 1");
  }

  private static void awaitThatTheSinkWaits() {
    LINK.await("the sink to wait", () -> !LINK.b().column("""
            SELECT 1 FROM pg_stat_activity
             WHERE application_name = 'pgduplex_moved_values_forward' AND query LIKE '%pg_sleep%'""").isEmpty());
  }

  /** The policy is to stop at a conflict. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clean_deferrable_true",
        "clean_deferrable_false",
        "clean_steps_true",
        "clean_steps_false"
      })
  void valuesThatGoFromRowToRowAreNoConflict(String table) {
    LINK.awaitEqual(table);
    assertThat(conflicts(table)).isEmpty();
  }
}
