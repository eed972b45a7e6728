package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.quickstart.BankWorkload;
import io.pgduplex.quickstart.BankWorkload.Branches;
import io.pgduplex.stack.ConnectRest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents in config-examples, exactly as they stand there, on a real worker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConfigExamplesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Side A = new Side(SharedStack.get().a(), "bank_a");
  private static final Side B = new Side(SharedStack.get().b(), "bank_b");

  @BeforeAll
  static void makeDatabases() throws SQLException {
    A.server().createDatabase(A.database());
    B.server().createDatabase(B.database());
    PlainRole.prepare(A);
    PlainRole.prepare(B);
    PlainRole.followStatements(A);
    // As in role.sql; it owns what the forward sink makes.
    B.execute(
        "CREATE ROLE bank_owner; GRANT ALL ON SCHEMA public TO bank_owner; GRANT bank_owner TO "
            + PlainRole.NAME);
    try (Connection a = A.connect()) {
      BankWorkload.createTables(a);
      BankWorkload.fill(a, new Branches(1, 1, 100));
    }
  }

  private static ConnectRest rest() {
    return SharedStack.get().worker().rest();
  }

  @Order(1)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "forward-source",
        "forward-sink",
        "reverse-source",
        "reverse-sink",
        "one-way-source",
        "one-way-sink"
      })
  void passValidation(String document) {
    Map<String, String> config = TestLink.example(document);
    config.put("name", name(document));
    assertThat(rest().validate(config).errors()).isEmpty();
  }

  @Order(2)
  @Test
  void keepTwoDatabasesTheSame() {
    run(List.of("reverse-source", "forward-source", "forward-sink", "reverse-sink"), () -> {
      B.execute("INSERT INTO pgbench_history VALUES (1, 1, 1, 7)");
      A.execute("UPDATE pgbench_accounts SET abalance = 3 WHERE aid = 3");
      awaitEqual("pgbench_accounts");
      awaitEqual("pgbench_history");
      assertThat(A.value("SELECT count(*) FROM pgbench_history")).isEqualTo("1");
    });
  }

  @Order(3)
  @Test
  void keepOneDatabaseLikeAnother() {
    B.execute("DROP TABLE pgbench_branches, pgbench_tellers, pgbench_accounts, pgbench_history");
    run(List.of("one-way-source", "one-way-sink"), () -> {
      A.execute("UPDATE pgbench_accounts SET abalance = 4 WHERE aid = 4");
      awaitEqual("pgbench_accounts");
      awaitEqual("pgbench_history");
    });
  }

  private static void run(List<String> documents, Runnable check) {
    documents.forEach(
        document -> rest().create(Repository.path("config-examples/" + document + ".json")));
    List<String> connectors = documents.stream().map(ConfigExamplesIT::name).toList();
    try {
      connectors.forEach(connector -> rest().awaitRunning(connector, PATIENCE));
      // What B writes before the reverse slot exists would not reach A.
      awaitEqual("pgbench_accounts");
      check.run();
    } finally {
      connectors.forEach(rest()::delete);
    }
  }

  private static String name(String document) {
    return document.startsWith("one-way")
        ? document.replace("one-way", "feed-forward")
        : "bank-" + document;
  }

  private static void awaitEqual(String table) {
    String columns = A.columns(table);
    Awaitility.await(table + " to be equal")
        .atMost(PATIENCE)
        .until(() -> B.value("SELECT to_regclass('" + table + "') IS NOT NULL").equals("t")
            && A.checksum(table, columns).equals(B.checksum(table, columns)));
  }
}
