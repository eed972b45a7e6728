package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.ConnectWorker;
import io.pgduplex.stack.WorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Our archives on a worker that has other people's connectors already: Debezium's own, of another version than the one inside
 * of ours, and its JDBC sink. Nothing of theirs changes, and all work at the same time on the same table.
 */
class BesideStockConnectorsIT {

  private static final Path STOCK = Repository.path("integration-tests/target/stock-plugins");
  private static final List<Path> THEIRS = List.of(
      STOCK.resolve("debezium-connector-postgres-plugin.zip"),
      STOCK.resolve("debezium-connector-jdbc-plugin.zip"));
  private static final String GROUP = "beside";
  private static final String TABLE = "account";

  @Test
  void neitherHarmsTheOther() {
    try (TestLink link = TestLink.named("beside")) {
      link.onBoth("CREATE TABLE account (id int PRIMARY KEY, v text);"
          + " ALTER TABLE account REPLICA IDENTITY FULL");
      link.a().execute("INSERT INTO account SELECT g, 'before' FROM generate_series(1, 50) g");
      StockPipeline pipeline =
          StockPipeline.between(link.a(), SharedStack.get().b(), "beside_copy", TABLE);

      ConnectWorker alone = worker("service_load", List.of());
      Set<String> before = plugins(alone.rest());
      pipeline.start(alone.rest());
      pipeline.awaitCopied(alone.rest());

      ConnectWorker together = worker("hybrid_fail", SharedStack.archives());
      assertOnlyOursCameToThem(before, plugins(together.rest()));
      link.on(together).twoWay("public\\." + TABLE).start();
      assertBothCarryWhatIsWritten(1, link, pipeline);

      ConnectWorker restarted = worker("service_load", SharedStack.archives());
      link.on(restarted);
      assertOnlyOursCameToThem(before, plugins(restarted.rest()));
      assertBothCarryWhatIsWritten(2, link, pipeline);
      assertThat(pipeline.versions()).containsExactly(Repository.stockDebeziumVersion());

      pipeline.remove(restarted.rest());
    } finally {
      stopWorkers();
    }
  }

  /** One after the other in the same group, so that the connectors go on as over a restart of one worker. */
  private static ConnectWorker worker(String discovery, List<Path> ours) {
    stopWorkers();
    List<Path> plugins = new ArrayList<>(THEIRS);
    plugins.addAll(ours);
    return SharedStack.get()
        .addWorker(WorkerSettings.builder()
            .group(GROUP)
            .pluginDiscovery(discovery)
            .plugins(plugins)
            .build());
  }

  private static void stopWorkers() {
    SharedStack.get().workers().stream()
        .filter(worker -> worker.settings().group().equals(GROUP))
        .forEach(ConnectWorker::stop);
  }

  private static Set<String> plugins(ConnectRest rest) {
    Set<String> all = new TreeSet<>();
    for (JsonNode plugin : rest.plugins(false)) {
      all.add(plugin.path("type").asText() + " " + plugin.path("class").asText() + " "
          + plugin.path("version").asText());
    }
    return all;
  }

  private static void assertOnlyOursCameToThem(Set<String> before, Set<String> after) {
    assertThat(before)
        .contains("source io.debezium.connector.postgresql.PostgresConnector "
            + Repository.stockDebeziumVersion());
    Set<String> expected = new TreeSet<>(before);
    expected.addAll(List.of(
        "sink io.pgduplex.connect.sink.PostgresDuplexSinkConnector " + Repository.version(),
        "source io.debezium.connector.postgresql.BundledPostgresConnector "
            + Repository.debeziumVersion(),
        "source io.pgduplex.connect.source.PostgresDuplexSourceConnector " + Repository.version(),
        "transformation io.pgduplex.connect.transforms.DropLoopback " + Repository.version()));
    assertThat(after).containsExactlyElementsOf(expected);
    assertThat(after).hasSize(before.size() + 4);
  }

  private static void assertBothCarryWhatIsWritten(
      int round, TestLink link, StockPipeline pipeline) {
    write(link.a(), round, 0);
    write(link.b(), round, 1);
    link.awaitEqual(TABLE);
    pipeline.awaitCopied(link.rest());
    assertThat(link.conflicts(link.a())).isEmpty();
    assertThat(link.conflicts(link.b())).isEmpty();
  }

  /** Each side has rows of its own: even ones are A's, odd ones B's. */
  private static void write(Side side, int round, int parity) {
    int first = 1000 * round + parity;
    side.execute("INSERT INTO account SELECT " + first + " + 2 * g, 'of " + side.database()
        + "' FROM generate_series(1, 50) g");
    side.execute("UPDATE account SET v = v || '!' WHERE id % 4 = " + parity);
    side.execute("DELETE FROM account WHERE id % 10 = " + (parity + 2 * round));
  }
}
