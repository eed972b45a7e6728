package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.ConsumerGroupState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The four documents of a link come in any order, rows on A before, both sides written to while the link begins. By default
 * some of the 24 orders; {@code -Dpgduplex.it.all.orders=true} takes all.
 */
class StartOrderIT {

  private static final List<String> DOCUMENTS =
      List.of("reverse-source", "forward-sink", "forward-source", "reverse-sink");
  private static final boolean ALL = Boolean.getBoolean("pgduplex.it.all.orders");
  private static final int AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TABLES = """
      CREATE TABLE t (id int PRIMARY KEY, v text);
      CREATE TABLE keyless (v text);
      ALTER TABLE t REPLICA IDENTITY FULL;
      ALTER TABLE keyless REPLICA IDENTITY FULL""";

  /** A link that is being set up in an order of its own. */
  private static final class Beginning implements AutoCloseable {
    private static int number;

    private final TestLink link;
    private final List<String> order;
    private int keys = 1000;
    private boolean reverseRuns;

    Beginning(List<String> order) {
      this.order = order;
      this.link = TestLink.named("order_" + ++number).onBoth(TABLES).twoWay("public\\..*");
      link.a()
          .execute("INSERT INTO t SELECT g, 'a' FROM generate_series(1, 100) g;"
              + " INSERT INTO keyless SELECT 'a' FROM generate_series(1, 20)");
    }

    void send(int step) {
      String document = order.get(step);
      if (document.equals("reverse-source")) {
        // Before, nothing that the forward direction brings may be where B's applications could
        // change it unseen.
        assertThat(link.b().value("SELECT count(*) FROM t")).as(toString()).isEqualTo("0");
      }
      link.rest().put(link.connector(document), link.options(document));
      if (document.equals("reverse-source")) {
        link.await(this + ": the reverse source to begin", this::reverseHasBegun);
        reverseRuns = true;
      }
      write();
    }

    /** What the README allows at this time. */
    private void write() {
      int key = keys += 10;
      link.a().execute("""
          INSERT INTO t VALUES (%1$d, 'a'), (%1$d + 1, 'a'), (%1$d + 2, 'a');
          UPDATE t SET v = v || '!' WHERE id IN (%1$d, %1$d %% 100);
          DELETE FROM t WHERE id IN (%1$d + 1, %1$d %% 100 + 1);
          INSERT INTO keyless VALUES ('a %1$d');
          DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless)""".formatted(key));
      if (reverseRuns) {
        link.b().execute("""
            INSERT INTO t VALUES (-%1$d, 'b'), (-%1$d - 1, 'b'), (-%1$d - 2, 'b');
            UPDATE t SET v = v || '!' WHERE id IN (-%1$d, -%1$d + 10);
            DELETE FROM t WHERE id IN (-%1$d - 1, -%1$d + 10 - 2)""".formatted(key));
      }
    }

    private boolean reverseHasBegun() {
      return !link.b()
              .column("SELECT 1 WHERE to_regclass('pgduplex.heartbeat') IS NOT NULL")
              .isEmpty()
          && !link.b()
              .column(
                  "SELECT 1 FROM pgduplex.heartbeat WHERE direction = 'reverse' AND streaming_since IS NOT NULL")
              .isEmpty();
    }

    void finish() {
      link.await(
          this + ": the first copy to arrive",
          PATIENCE,
          () -> !link.b()
              .column(
                  "SELECT 1 FROM pgduplex.progress WHERE direction = 'forward' AND last_end IS NOT NULL")
              .isEmpty());
      link.b()
          .execute(
              "UPDATE t SET v = v || ' and b' WHERE id BETWEEN 60 AND 70;"
                  + " DELETE FROM t WHERE id BETWEEN 80 AND 90; DELETE FROM keyless WHERE v LIKE 'a 1%'");
      write();
      link.awaitEqual("t", "keyless");
      assertThat(link.a().value("SELECT count(*) FROM t WHERE v LIKE '%and b'")).isEqualTo("11");
      assertThat(link.conflicts(link.a())).as(toString()).isEmpty();
      assertThat(link.conflicts(link.b())).as(toString()).isEmpty();
    }

    @Override
    public void close() {
      link.close();
    }

    @Override
    public String toString() {
      return String.join(", ", order);
    }
  }

  static List<List<List<String>>> orders() {
    List<List<String>> all = new ArrayList<>();
    permute(new ArrayList<>(), all);
    List<List<String>> orders = all;
    if (!ALL) {
      // Each document comes first once, and the order of the README is not among them.
      orders = DOCUMENTS.stream()
          .map(first -> all.stream()
              .filter(order -> order.get(0).equals(first) && !order.equals(DOCUMENTS))
              .reduce((earlier, later) -> later)
              .orElseThrow())
          .toList();
    }
    List<List<List<String>>> groups = new ArrayList<>();
    for (int i = 0; i < orders.size(); i += AT_ONCE) {
      groups.add(orders.subList(i, Math.min(orders.size(), i + AT_ONCE)));
    }
    return groups;
  }

  private static void permute(List<String> begun, List<List<String>> orders) {
    if (begun.size() == DOCUMENTS.size()) {
      orders.add(List.copyOf(begun));
    }
    for (String document : DOCUMENTS) {
      if (!begun.contains(document)) {
        begun.add(document);
        permute(begun, orders);
        begun.remove(document);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void anyOrderEndsTheSame(List<List<String>> orders) {
    List<Beginning> links = new ArrayList<>();
    try {
      orders.forEach(order -> links.add(new Beginning(order)));
      for (int step = 0; step < DOCUMENTS.size(); step++) {
        for (Beginning link : links) {
          link.send(step);
        }
      }
      links.forEach(Beginning::finish);
    } finally {
      links.forEach(Beginning::close);
    }
  }

  @Test
  void aSinkThatWasAwayWhileItsTopicWasMadeReadsIt() {
    try (TestLink link = TestLink.named("sink_away").onBoth(TABLES).oneWay("public\\..*")) {
      link.a().execute("INSERT INTO t SELECT g, 'a' FROM generate_series(1, 100) g");
      String sink = link.connector("forward-sink");
      link.submit(sink);
      link.await("the sink to be in its group", () -> isInItsGroup(sink));
      link.stop("forward-sink");
      link.submit(link.connector("forward-source"));
      link.await("the topic to be made", () -> topics().contains(link.topic("forward")));
      link.rest().resume(sink);
      link.awaitEqual("t");
    }
  }

  private static boolean isInItsGroup(String sink) throws ExecutionException, InterruptedException {
    try (Admin admin = SharedStack.admin()) {
      return admin.describeConsumerGroups(List.of("connect-" + sink)).all().get().values().stream()
          .allMatch(group -> group.state() == ConsumerGroupState.STABLE);
    }
  }

  private static Set<String> topics() throws ExecutionException, InterruptedException {
    try (Admin admin = SharedStack.admin()) {
      return admin.listTopics().names().get();
    }
  }

  @Test
  void rowsThatWouldNeverReachTheOtherSideAreFound() {
    try (TestLink link = TestLink.named("rows_before").onBoth(TABLES).twoWay("public\\..*")) {
      link.a().execute("INSERT INTO t SELECT g, 'a' FROM generate_series(1, 10) g");
      link.b().execute("INSERT INTO t SELECT g, 'b' FROM generate_series(11, 13) g");
      link.b().execute("INSERT INTO keyless SELECT 'b' FROM generate_series(1, 2000) g");
      String found =
          "existing.rows: rows are there that the forward direction did not write and this one would never send:"
              + " public.keyless (more than 1000), public.t (3). Empty these tables, if the forward direction is to fill them;"
              + " or set snapshot.mode=initial, to send the rows; or, if the other side has the same rows, set"
              + " existing.rows=same";
      assertThat(link.validate("reverse-source").errorsOf("existing.rows")).containsExactly(found);

      // What comes between validation and the start is found as well, and nothing is left behind
      // that keeps WAL.
      link.b().execute("TRUNCATE t, keyless");
      assertThat(link.validate("reverse-source").errors()).isEmpty();
      link.createStopped("reverse-source");
      link.b().execute("INSERT INTO t VALUES (11, 'b')");
      link.rest().resume(link.connector("reverse-source"));
      assertThat(link.awaitFailure("reverse-source"))
          .contains("existing.rows: rows are there")
          .contains("public.t (1)");
      assertThat(slots(link)).isEmpty();

      link.b().execute("DELETE FROM t");
      link.rest().restart(link.connector("reverse-source"));
      for (String document : DOCUMENTS) {
        link.submit(link.connector(document));
      }
      link.awaitEqual("t");
    }
  }

  @Test
  void aFirstStartThatWasInterruptedLooksAgain() {
    try (TestLink link = TestLink.named("rows_between").onBoth(TABLES).twoWay("public\\..*")) {
      link.createStopped("reverse-source");
      link.rest().resume(link.connector("reverse-source"));
      link.submit(link.connector("reverse-source"));
      link.stop("reverse-source");
      link.rest().deleteOffsets(link.connector("reverse-source"));
      // As after a crash between making the slot and looking at the rows.
      link.b().execute("UPDATE pgduplex.heartbeat SET streaming_since = NULL");
      link.b().execute("INSERT INTO t VALUES (1, 'b')");
      link.rest().resume(link.connector("reverse-source"));
      assertThat(link.awaitFailure("reverse-source")).contains("public.t (1)");
      assertThat(slots(link)).isEmpty();
    }
  }

  @Test
  void rowsOfOneDumpAreTakenForTheSameWhereTheUserSaysSo() {
    try (TestLink link = TestLink.named("rows_same").onBoth(TABLES).twoWay("public\\..*")) {
      link.onBoth("INSERT INTO t SELECT g, 'dump' FROM generate_series(1, 50) g");
      link.with("forward-source", "snapshot.mode", "no_data")
          .with("reverse-source", "existing.rows", "same")
          .start();
      link.a().execute("UPDATE t SET v = 'a' WHERE id <= 10; DELETE FROM t WHERE id = 11");
      link.b().execute("UPDATE t SET v = 'b' WHERE id > 40; DELETE FROM t WHERE id = 40");
      link.awaitEqual("t");
      assertThat(link.a().value("SELECT count(*) FROM t WHERE v = 'b'")).isEqualTo("10");
      assertThat(link.conflicts(link.a())).isEmpty();
      assertThat(link.conflicts(link.b())).isEmpty();
    }
  }

  @Test
  void theRowsOfBGoToAWhereTheReverseDirectionCopies() {
    try (TestLink link = TestLink.named("rows_of_b").onBoth(TABLES).twoWay("public\\..*")) {
      link.b().execute("INSERT INTO t SELECT g, 'b' FROM generate_series(1, 50) g");
      link.with("reverse-source", "snapshot.mode", "initial").start();
      link.awaitEqual("t");
      assertThat(link.a().value("SELECT count(*) FROM t WHERE v = 'b'")).isEqualTo("50");
    }
  }

  private static List<String> slots(TestLink link) {
    return link.b()
        .column("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()");
  }
}
