package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
  void aRowThatLostIsPutBackAsTheDocumentationSays() throws IOException {
    try (TestLink link = TestLink.named("policy_put_back")) {
      link.onBoth("CREATE TABLE orders (id int PRIMARY KEY, status text, amount numeric);"
          + " ALTER TABLE orders REPLICA IDENTITY FULL");
      link.oneWay("public\\.orders")
          .with("forward-sink", "conflict.policy", "overwrite")
          .start();
      link.a().execute("INSERT INTO orders VALUES (5, 'new', 1.50), (6, 'new', 2)");
      link.awaitEqual("orders");
      link.b().execute("UPDATE orders SET status = 'paid', amount = 7.25 WHERE id = 5");
      link.a().execute("UPDATE orders SET status = 'sent' WHERE id = 5");
      link.await("the conflict", () -> !link.conflicts(link.b()).isEmpty());
      assertThat(link.b().rows("orders", "id, status, amount")).contains("(5,sent,1.50)");

      String page = Files.readString(Repository.path("docs/conflicts.md"));
      int block = page.lastIndexOf("```sql") + "```sql".length();
      link.b().execute(page.substring(block, page.indexOf("```", block)));
      assertThat(link.b().rows("orders", "id, status, amount"))
          .containsExactlyInAnyOrder("(5,paid,7.25)", "(6,new,2)");
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

  /** A has forgotten its row, so it cannot know that B's UPDATE was the earlier one before B has met the DELETE. */
  @Test
  void ofAnUpdateAndADeleteTheLaterStays() {
    try (TestLink link = TestLink.named("policy_later")) {
      link.onBoth(TABLE);
      link.a().execute("INSERT INTO t SELECT g, 'old' FROM generate_series(1, 40) g");
      link.twoWay("public\\.t")
          .with("forward-sink", "conflict.policy", "last_update_wins")
          .with("reverse-sink", "conflict.policy", "last_update_wins")
          .start();
      link.awaitEqual("t");
      for (String sink : List.of("forward-sink", "reverse-sink")) {
        link.stop(sink);
      }
      link.a().execute("DELETE FROM t WHERE id <= 10");
      link.b().execute("DELETE FROM t WHERE id BETWEEN 11 AND 20");
      link.a().execute("UPDATE t SET v = 'A' WHERE id BETWEEN 11 AND 30");
      link.b().execute("UPDATE t SET v = 'B' WHERE id <= 10 OR id > 30");
      link.b().execute("UPDATE t SET v = v || '!' WHERE id > 30");
      link.b().execute("DELETE FROM t WHERE id BETWEEN 21 AND 30");
      link.a().execute("DELETE FROM t WHERE id > 30");
      for (String sink : List.of("forward-sink", "reverse-sink")) {
        link.rest().resume(link.connector(sink));
      }
      link.await(
          "conflicts",
          () -> link.conflicts(link.a()).stream()
                      .filter(one -> one.startsWith("update_"))
                      .count()
                  >= 20
              && link.conflicts(link.b()).size() >= 30);
      link.awaitEqual("t");
      link.await(
          "the end of disputes",
          () -> link.a().column("SELECT * FROM pgduplex.disputed").isEmpty());
      link.awaitEqual("t");
      assertThat(link.a().rows("t", "id, v"))
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 20)
              .mapToObj(id -> "(" + id + (id <= 10 ? ",B)" : ",A)"))
              .toList());
      assertThat(link.a()
              .column("SELECT local ->> 'v' FROM pgduplex.conflicts WHERE type = 'update_deleted'"))
          .hasSize(10)
          .containsOnly("B!");
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
