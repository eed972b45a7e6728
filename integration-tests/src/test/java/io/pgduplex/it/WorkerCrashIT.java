package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.quickstart.BankWorkload;
import io.pgduplex.quickstart.BankWorkload.Branches;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The worker is killed under load, again and again; nothing is lost and nothing doubled. */
class WorkerCrashIT {

  private static final int KILLS = 2;

  @Test
  void bothSidesEndEqualAfterTheWorkerWasKilledUnderLoad() throws SQLException {
    try (TestLink link = TestLink.named("worker_crash")) {
      try (Connection a = link.a().connect();
          Connection b = link.b().connect()) {
        BankWorkload.createTables(a);
        BankWorkload.createTables(b);
        BankWorkload.fill(a, new Branches(1, 4, 1000));
      }
      link.twoWay("public\\.pgbench_.*").start();
      long written;
      try (BankWorkload onA = new BankWorkload(link.a()::connect, new Branches(1, 2, 1000), 25);
          BankWorkload onB = new BankWorkload(link.b()::connect, new Branches(3, 2, 1000), 25)) {
        onA.start(2, 1);
        onB.start(2, 2);
        for (int i = 0; i < KILLS; i++) {
          awaitReverseApplied(link, onB.transactions() + 50);
          SharedStack.get().worker().kill();
          SharedStack.get().worker().start();
        }
        awaitReverseApplied(link, onB.transactions() + 50);
        written = onA.stop() + onB.stop();
      }
      link.awaitEqual(BankWorkload.TABLES.toArray(String[]::new));
      assertThat(link.a().value("SELECT count(*) FROM pgbench_history"))
          .isEqualTo(Long.toString(written));
      assertThat(link.conflicts(link.a())).isEmpty();
      assertThat(link.conflicts(link.b())).isEmpty();
    }
  }

  /** The reverse direction has brought that many of B's transactions to A, so both tasks are in full swing. */
  private static void awaitReverseApplied(TestLink link, long transactions) {
    Awaitility.await("B's transactions to arrive at A")
        .atMost(Duration.ofSeconds(90))
        .until(() ->
            Long.parseLong(link.a().value("SELECT count(*) FROM pgbench_history WHERE bid > 2"))
                >= transactions);
  }
}
