package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.quickstart.BankWorkload;
import io.pgduplex.quickstart.BankWorkload.Branches;
import io.pgduplex.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides are written to at once and end the same; nothing goes round in circles. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class TwoWayIT {

  private static final int ACCOUNTS = 1000;
  private static final String TABLES = "public\\.pgbench_.*";

  @ParameterizedTest(name = "PostgreSQL {0} and {1}")
  @CsvSource({"18, 18", "14, 18", "18, 15"})
  void twoWritersEndEqualAndNothingLoops(int majorA, int majorB) throws SQLException {
    PostgresServer serverA = SharedStack.postgres(majorA);
    PostgresServer serverB = majorB == 18 ? SharedStack.get().b() : SharedStack.postgres(majorB);
    String name = "two_way_" + majorA + "_" + majorB;
    try (TestLink link = TestLink.between(name, serverA, serverB)) {
      try (Connection a = link.a().connect();
          Connection b = link.b().connect()) {
        BankWorkload.createTables(a);
        BankWorkload.createTables(b);
        BankWorkload.fill(a, new Branches(1, 4, ACCOUNTS));
      }
      link.twoWay(TABLES).start();
      String[] tables = BankWorkload.TABLES.toArray(String[]::new);
      link.awaitEqual(tables);

      long written = writeOnBothSides(link, 300);
      link.awaitEqual(tables);

      assertThat(link.a().value("SELECT count(*) FROM pgbench_history"))
          .isEqualTo(Long.toString(written));
      assertThat(link.conflicts(link.a())).isEmpty();
      assertThat(link.conflicts(link.b())).isEmpty();
      assertNothingMoves(link);
    }
  }

  private static long writeOnBothSides(TestLink link, long transactionsEach) {
    try (BankWorkload onA = new BankWorkload(link.a()::connect, new Branches(1, 2, ACCOUNTS), 0);
        BankWorkload onB = new BankWorkload(link.b()::connect, new Branches(3, 2, ACCOUNTS), 0)) {
      onA.start(2, 1);
      onB.start(2, 2);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              onA.transactions() >= transactionsEach && onB.transactions() >= transactionsEach);
      return onA.stop() + onB.stop();
    }
  }

  /** Several heartbeats pass in each direction, and no row of a user's table with them. */
  private static void assertNothingMoves(TestLink link) {
    for (String direction : new String[] {"forward", "reverse"}) {
      try (Topic topic = new Topic(link.topic(direction))) {
        long end = topic.end();
        Awaitility.await("heartbeats in " + direction)
            .atMost(Duration.ofSeconds(60))
            .until(() -> topic.end() > end + 12);
        assertThat(topic.userRows(end))
            .as("user rows in %s after the writers stopped", direction)
            .isEmpty();
      }
    }
  }
}
