package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is large goes through a worker with little memory, which does not grow with it. */
class SmallHeapIT {

  /** Rows of the one transaction. */
  private static final int ROWS = Integer.getInteger("pgduplex.it.large.rows", 2_000_000);

  /** Changes that wait for the sink, in transactions of {@link #SMALL}; by hand 5,000,000. */
  private static final int BACKLOG = Integer.getInteger("pgduplex.it.backlog", 200_000);

  private static final int SMALL = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final ConnectWorker WORKER = SharedStack.get()
      .addWorker(SharedStack.worker().group("small-heap").heap("384m").build());

  @AfterAll
  static void stopWorker() {
    WORKER.stop();
  }

  @Test
  void oneTransactionIsSeenWholeThoughTheWorkerIsKilledInIt() {
    try (TestLink link = TestLink.named("small_heap_one").on(WORKER)) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text, n int)");
      link.oneWay("public\\..*").start();
      Set<String> seen = new HashSet<>();
      link.a()
          .execute(
              "INSERT INTO t SELECT g, md5(g::text), 0 FROM generate_series(1, " + ROWS + ") g");
      link.await("part of it to be written", PATIENCE, () -> {
        seen.add(link.b().value("SELECT count(*) FROM t"));
        return isStreaming(link);
      });
      WORKER.kill();
      // Now it is the first transaction after a restart.
      WORKER.start();
      String all = Integer.toString(ROWS);
      link.await("all rows", PATIENCE, () -> {
        String count = link.b().value("SELECT count(*) FROM t");
        seen.add(count);
        return count.equals(all);
      });
      assertThat(seen).containsExactlyInAnyOrder("0", all);
      link.awaitEqual("t");
      assertThat(link.conflicts(link.b())).isEmpty();
    }
  }

  private static boolean isStreaming(TestLink link) {
    return !link.b()
        .column(
            "SELECT 1 FROM pg_stat_progress_copy p WHERE p.datname = current_database()"
                + " UNION ALL SELECT 1 FROM pg_locks l WHERE l.relation = 't'::regclass AND l.mode = 'RowExclusiveLock'")
        .isEmpty();
  }

  @Test
  void aBacklogOfSmallChangesIsAppliedWhenTheSinkComesBack() {
    try (TestLink link = TestLink.named("small_heap_backlog").on(WORKER)) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text, n int)");
      link.oneWay("public\\..*").start();
      link.stop("forward-sink");
      // Half of the changes are inserts, the others updates of these rows.
      link.a().execute("""
          DO $$ BEGIN
            FOR i IN 0 .. %1$d / %2$d - 1 LOOP
              INSERT INTO t SELECT i * %3$d + g, md5(g::text), 0 FROM generate_series(1, %3$d) g;
              UPDATE t SET n = n + 1 WHERE id BETWEEN i * %3$d + 1 AND i * %3$d + %3$d;
              COMMIT;
            END LOOP;
          END $$""".formatted(BACKLOG, SMALL, SMALL / 2));
      link.rest().resume(link.connector("forward-sink"));
      link.await(
          "all of the backlog",
          PATIENCE,
          () -> link.b()
              .value("SELECT count(*) FROM t WHERE n = 1")
              .equals(Integer.toString(BACKLOG / 2)));
      link.awaitEqual("t");
      assertThat(link.conflicts(link.b())).isEmpty();
    }
  }
}
