package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.PostgresServer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/** One table copied by Debezium's own connectors, with none of ours: PostgreSQL source, topic, JDBC sink. */
final class StockPipeline {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SOURCE = "stock-source";
  private static final String SINK = "stock-sink";
  private static final String SLOT = "stock";

  private final Side from;
  private final Side to;
  private final String table;

  private StockPipeline(Side from, Side to, String table) {
    this.from = from;
    this.to = to;
    this.table = table;
  }

  /** Makes the database that the copy goes to; nothing runs yet. */
  static StockPipeline between(Side from, PostgresServer server, String database, String table) {
    server.createDatabase(database);
    return new StockPipeline(from, new Side(server, database), table);
  }

  /** Sends both connectors to a worker. */
  void start(ConnectRest rest) {
    rest.put(SOURCE, source());
    rest.put(SINK, sink());
    awaitRunning(rest);
  }

  void awaitRunning(ConnectRest rest) {
    rest.awaitRunning(SOURCE, PATIENCE);
    rest.awaitRunning(SINK, PATIENCE);
  }

  /** Waits until the copy is the same as the original. */
  void awaitCopied(ConnectRest rest) {
    String columns = from.columns(table);
    Awaitility.await(table + " to be copied").atMost(PATIENCE).untilAsserted(() -> {
      awaitRunning(rest);
      assertThat(to.column("SELECT 1 WHERE to_regclass('" + table + "') IS NOT NULL"))
          .hasSize(1);
      assertThat(to.checksum(table, columns)).isEqualTo(from.checksum(table, columns));
    });
  }

  /** The versions of Debezium that have written to the topic. */
  Set<String> versions() {
    Set<String> versions = new TreeSet<>();
    try (Topic topic = new Topic(topicName())) {
      topic
          .userRows(0)
          .forEach(value -> versions.add(value.at("/source/version").asText()));
    }
    return versions;
  }

  /** Takes both away, with the slot and the database of the copy. */
  void remove(ConnectRest rest) {
    rest.connectors().stream().filter(Set.of(SOURCE, SINK)::contains).forEach(rest::delete);
    String slot = " FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'";
    Awaitility.await("slot " + SLOT + " to be free")
        .atMost(PATIENCE)
        .until(() -> from.column("SELECT 1" + slot + " AND active").isEmpty());
    from.column("SELECT pg_drop_replication_slot(slot_name)" + slot);
    new Side(to.server(), "postgres").execute("DROP DATABASE " + to.database() + " WITH (FORCE)");
  }

  private String topicName() {
    return "stock.public." + table;
  }

  private Map<String, String> source() {
    return Map.ofEntries(
        Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
        Map.entry("database.hostname", from.server().host()),
        Map.entry("database.port", String.valueOf(from.server().port())),
        Map.entry("database.user", PostgresServer.USER),
        Map.entry("database.password", from.server().password()),
        Map.entry("database.dbname", from.database()),
        Map.entry("plugin.name", "pgoutput"),
        Map.entry("slot.name", SLOT),
        Map.entry("publication.name", SLOT),
        Map.entry("publication.autocreate.mode", "filtered"),
        Map.entry("topic.prefix", "stock"),
        Map.entry("table.include.list", "public." + table),
        Map.entry("topic.creation.default.partitions", "1"),
        Map.entry("topic.creation.default.replication.factor", "1"),
        Map.entry("key.converter.schemas.enable", "true"),
        Map.entry("value.converter.schemas.enable", "true"),
        Map.entry("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
        Map.entry("value.converter", "org.apache.kafka.connect.json.JsonConverter"));
  }

  private Map<String, String> sink() {
    return Map.ofEntries(
        Map.entry("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector"),
        Map.entry("topics", topicName()),
        Map.entry("connection.url", to.server().jdbcUrl(to.database())),
        Map.entry("connection.username", PostgresServer.USER),
        Map.entry("connection.password", to.server().password()),
        Map.entry("insert.mode", "upsert"),
        Map.entry("delete.enabled", "true"),
        Map.entry("primary.key.mode", "record_key"),
        Map.entry("schema.evolution", "basic"),
        Map.entry("collection.name.format", table),
        Map.entry("key.converter.schemas.enable", "true"),
        Map.entry("value.converter.schemas.enable", "true"),
        Map.entry("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
        Map.entry("value.converter", "org.apache.kafka.connect.json.JsonConverter"));
  }
}
