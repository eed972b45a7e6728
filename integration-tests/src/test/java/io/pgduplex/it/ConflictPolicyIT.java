package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens when an incoming change meets a row, or finds none, under each policy. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class ConflictPolicyIT {

  private static final String TABLE =
      "CREATE TABLE t (id int PRIMARY KEY, v text); ALTER TABLE t REPLICA IDENTITY FULL";

  /** Rows that only B has, rows that only A has, and a change of each kind for them. */
  private static void meet(TestLink link) {
    link.b().execute("INSERT INTO t SELECT g, 'local' FROM generate_series(1, 3) g");
    link.b().execute("DELETE FROM t WHERE id IN (101, 102)");
    link.a().execute("""
        INSERT INTO t SELECT g, 'incoming' FROM generate_series(1, 40) g;
        UPDATE t SET v = 'updated' WHERE id = 101;
        DELETE FROM t WHERE id = 102""");
  }

  private static TestLink link(String name, String policy) {
    TestLink link = TestLink.named(name).onBoth(TABLE);
    link.a().execute("INSERT INTO t SELECT g, 'old' FROM generate_series(101, 110) g");
    link.oneWay("public\\.t").with("forward-sink", "conflict.policy", policy);
    return link.start();
  }

  @Test
  void overwriteTakesTheIncomingRow() {
    try (TestLink link = link("policy_overwrite", "overwrite")) {
      link.awaitEqual("t");
      meet(link);
      link.awaitEqual("t");
      assertThat(link.conflicts(link.b()))
          .containsExactlyInAnyOrder(
              "insert_exists incoming_applied",
              "insert_exists incoming_applied",
              "insert_exists incoming_applied",
              "update_missing inserted",
              "delete_missing left_out");
      assertThat(link.b()
              .value("SELECT local ->> 'v' FROM pgduplex.conflicts WHERE key ->> 'id' = '1'"))
          .isEqualTo("local");
    }
  }

  @Test
  void ignoreKeepsTheLocalRow() {
    try (TestLink link = link("policy_ignore", "ignore")) {
      link.awaitEqual("t");
      meet(link);
      link.await(
          "the last row to arrive",
          () -> link.b().column("SELECT 1 FROM t WHERE id = 40").size() == 1);
      link.await("conflicts", () -> link.conflicts(link.b()).size() == 5);
      assertThat(link.b().column("SELECT v FROM t WHERE id <= 3")).containsOnly("local");
      assertThat(link.b().column("SELECT v FROM t WHERE id = 101")).containsExactly("updated");
      assertThat(link.b()
              .value("SELECT incoming ->> 'v' FROM pgduplex.conflicts WHERE key ->> 'id' = '2'"))
          .isEqualTo("incoming");
    }
  }

  @Test
  void taskFailedStopsBeforeTheTransactionAndGoesOnAfterwards() {
    try (TestLink link = link("policy_fail", "task_failed")) {
      link.awaitEqual("t");
      link.b().execute("INSERT INTO t VALUES (1, 'local')");
      link.a().execute("INSERT INTO t SELECT g, 'incoming' FROM generate_series(1, 40) g");
      String sink = link.connector("forward-sink");
      Awaitility.await("the task to fail")
          .atMost(Duration.ofSeconds(60))
          .until(() -> link.rest().status(sink).hasFailed());
      assertThat(link.describe())
          .contains("Conflict insert_exists on table public.t, key columns (id)")
          .contains("Nothing of its transaction was applied");
      assertThat(link.b().value("SELECT count(*) FROM t WHERE id <= 40")).isEqualTo("1");

      link.b().execute("DELETE FROM t WHERE id = 1");
      link.rest().restart(sink);
      Awaitility.await("the task to run")
          .atMost(Duration.ofSeconds(60))
          .until(() -> link.rest().status(sink).isRunning());
      link.awaitEqual("t");
    }
  }

  @Test
  void exactlyTheChangesThatAreNamedAreLeftOut() {
    try (TestLink link = link("policy_skip", "task_failed")) {
      link.awaitEqual("t");
      link.b().execute("UPDATE t SET v = 'local' WHERE id IN (101, 102)");
      link.a().execute("""
          INSERT INTO t SELECT g, 'incoming' FROM generate_series(1, 40) g;
          UPDATE t SET v = 'incoming' WHERE id BETWEEN 101 AND 110""");
      String first = offset(link.awaitFailure("forward-sink"));
      link.with("forward-sink", "conflict.skip.offsets", first).resubmit("forward-sink");
      Awaitility.await("the task to fail at the next one")
          .atMost(Duration.ofSeconds(60))
          .until(() -> !List.of(first, "").contains(offset(link.describe())));
      assertThat(link.b().value("SELECT count(*) FROM t WHERE v = 'incoming'")).isEqualTo("0");
      String second = offset(link.describe());
      link.with("forward-sink", "conflict.skip.offsets", first + "," + second)
          .resubmit("forward-sink");
      Awaitility.await("the transaction to be applied")
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              link.b().value("SELECT count(*) FROM t WHERE v = 'incoming'").equals("48"));
      assertThat(link.b()
              .column(
                  "SELECT topic_offset || ' ' || policy || ' ' || outcome FROM pgduplex.conflicts"
                      + " ORDER BY topic_offset"))
          .containsExactly(first + " task_failed local_kept", second + " task_failed local_kept");
    }
  }

  /** As the error gives it; empty while there is none. */
  private static String offset(String trace) {
    Matcher matcher = Pattern.compile("conflict\\.skip\\.offsets=(\\d+)").matcher(trace);
    return matcher.find() ? matcher.group(1) : "";
  }
}
