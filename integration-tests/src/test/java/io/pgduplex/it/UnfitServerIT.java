package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that lead to something else than a server that can be written to in sessions. */
class UnfitServerIT {

  private static final TestLink LINK = TestLink.named("unfit");

  @BeforeAll
  static void prepareLink() {
    LINK.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
    LINK.twoWay("public\\.t");
  }

  @AfterAll
  static void closeLink() {
    LINK.close();
  }

  @ParameterizedTest
  @CsvSource({
    "forward-source, LAST",
    "forward-source, IN_TURN",
    "forward-sink, LAST",
    "forward-sink, IN_TURN"
  })
  void aPoolerInTransactionModeIsRefused(String document, TransactionPooler.Order order)
      throws IOException {
    String port = String.valueOf(LINK.options(document).get("database.port"));
    try (TransactionPooler pooler = TransactionPooler.before(Integer.parseInt(port), order)) {
      LINK.with(document, "database.port", String.valueOf(pooler.port()));
      // More than once: what a check leaves behind in a session is there for the next one.
      for (int i = 0; i < 3; i++) {
        assertThat(LINK.validate(document).errorsOf("database.hostname"))
            .containsExactly(
                "database.hostname: leads to a pooler in transaction mode; name the PostgreSQL server itself");
      }
    } finally {
      LINK.with(document, "database.port", port);
    }
    assertThat(LINK.validate(document).errors()).as("without it").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward-source", "forward-sink"})
  void aReadReplicaIsRefused(String document) {
    Map<String, String> before = LINK.options(document);
    PostgresServer replica = Replica.SERVER;
    LINK.with(document, "database.port", String.valueOf(replica.port()))
        .with(document, "database.dbname", "postgres")
        .with(document, "database.user", PostgresServer.USER)
        .with(document, "database.password", replica.password());
    assertThat(LINK.validate(document).errorsOf("database.hostname"))
        .anySatisfy(error -> assertThat(error).contains("is a read replica"));
    before.forEach((option, value) -> LINK.with(document, option, value));
  }

  /** A server that follows another one, which is not there. */
  private static final class Replica {
    static final PostgresServer SERVER =
        SharedStack.get().addPostgres("replica", PostgresSettings.major(18));

    static {
      Side side = new Side(SERVER, "postgres");
      side.execute("COPY (SELECT) TO '" + side.value("SHOW data_directory") + "/standby.signal'");
      SERVER.stop();
      SERVER.start();
    }
  }
}
