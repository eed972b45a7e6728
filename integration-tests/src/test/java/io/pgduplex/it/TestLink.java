package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgduplex.stack.ConfigValidation;
import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.ConnectWorker;
import io.pgduplex.stack.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A link between two new databases, made of the documents in config-examples. */
final class TestLink implements AutoCloseable {

  /** Tag of the tests that the build runs a second time, row by row. */
  static final String BOTH_WRITE_PATHS = "both-write-paths";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final String name;
  private final Side a;
  private final Side b;
  private final Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
  private ConnectWorker worker = SharedStack.get().worker();

  private TestLink(String name, Side a, Side b) {
    this.name = name;
    this.a = a;
    this.b = b;
  }

  /** Makes the databases; nothing runs yet. */
  static TestLink between(String name, PostgresServer serverA, PostgresServer serverB) {
    Side a = new Side(serverA, name + "_a");
    Side b = new Side(serverB, name + "_b");
    serverA.createDatabase(a.database());
    serverB.createDatabase(b.database());
    PlainRole.prepare(a);
    PlainRole.prepare(b);
    return new TestLink(name, a, b);
  }

  /** Between the two shared servers. */
  static TestLink named(String name) {
    return between(name, SharedStack.get().a(), SharedStack.get().b());
  }

  /** Runs the connectors on this worker, and not on the shared one. */
  TestLink on(ConnectWorker other) {
    worker = other;
    return this;
  }

  Side a() {
    return a;
  }

  Side b() {
    return b;
  }

  /** The same statements on both sides. */
  TestLink onBoth(String sql) {
    a.execute(sql);
    b.execute(sql);
    return this;
  }

  /** Prepares the four documents of the two-way example for the tables. */
  TestLink twoWay(String tables) {
    return document("reverse-source", b, tables)
        .document("forward-source", a, tables)
        .document("forward-sink", b, tables)
        .document("reverse-sink", a, tables);
  }

  /** Prepares only the forward ones. */
  TestLink oneWay(String tables) {
    return document("forward-source", a, tables)
        .document("forward-sink", b, tables)
        .with("forward-sink", "link.two.way", "false");
  }

  /** Sets an option of one of them ({@code forward-sink} and so on). */
  TestLink with(String document, String option, String value) {
    config(connector(document)).put(option, value);
    return this;
  }

  /** Sets an option of all of them. */
  TestLink with(String option, String value) {
    connectors.values().forEach(config -> config.put(option, value));
    return this;
  }

  /** The options of one of them. */
  Map<String, String> options(String document) {
    return Map.copyOf(config(connector(document)));
  }

  private Map<String, String> config(String connector) {
    return Objects.requireNonNull(
        connectors.get(connector), connector + " is not part of this link");
  }

  private TestLink document(String document, Side side, String tables) {
    Map<String, String> config = example(document);
    config.replaceAll((option, value) -> value.replace("bank", name));
    config.put("database.hostname", side.server().host());
    config.put("database.port", String.valueOf(side.server().port()));
    config.put("database.user", PlainRole.NAME);
    config.put("database.password", PlainRole.PASSWORD);
    config.put("database.dbname", side.database());
    config.put(
        "value.converter.schemas.enable", System.getProperty("pgduplex.it.schemas", "false"));
    if (document.endsWith("source")) {
      config.put("table.include.list", tables);
      // Most tests change tables on both sides.
      config.put("ddl.sync", "false");
    } else {
      config.put("target.object.owner", PlainRole.owner(side));
      // Most tests make their tables on both sides.
      config.put("target.tables.existing", "proceed");
      config.put("internal.write.path", System.getProperty("pgduplex.it.write.path", "sets"));
      config.put("retry.backoff.ms", "200");
      // Else the first transaction end, when no row comes with it, shows only after ten seconds.
      config.put("progress.interval.ms", "300");
    }
    connectors.put(connector(document), config);
    return this;
  }

  /** The configuration in an example, as it stands there. */
  static Map<String, String> example(String document) {
    try {
      JsonNode json =
          JSON.readTree(Files.readString(Repository.path("config-examples/" + document + ".json")));
      Map<String, String> config = new LinkedHashMap<>();
      json.get("config")
          .properties()
          .forEach(field -> config.put(field.getKey(), field.getValue().asText()));
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the worker thinks of one of them. */
  ConfigValidation validate(String document) {
    Map<String, String> config = new LinkedHashMap<>(config(connector(document)));
    config.put("name", connector(document));
    return rest().validate(config);
  }

  /** Sends the documents one after the other, and returns when everything streams. */
  TestLink start() {
    connectors.keySet().forEach(this::submit);
    connectors.keySet().forEach(this::awaitApplied);
    return this;
  }

  /** Sends one document and waits until its task runs; a source also until its slot is used. */
  void submit(String connector) {
    rest().put(connector, config(connector));
    rest().awaitRunning(connector, PATIENCE);
    if (connector.endsWith("source")) {
      Side side = connector.contains("forward") ? a : b;
      String slot = "pgduplex_" + name + (connector.contains("forward") ? "_forward" : "_reverse");
      await(
          "slot " + slot + " to be active",
          () -> side.column("SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = '"
                      + slot + "'")
                  .size()
              == 1);
    }
  }

  /** Sends one document again, as it is now. */
  void resubmit(String document) {
    rest().put(connector(document), config(connector(document)));
  }

  /** Makes a connector whose task does not run before it is resumed. */
  void createStopped(String document) {
    rest()
        .create(JSON.createObjectNode()
            .put("name", connector(document))
            .put("initial_state", "STOPPED")
            .set("config", JSON.valueToTree(config(connector(document)))));
  }

  /** Takes slot and offset of the forward source away, so that it begins with a first copy again. */
  void copyAgain(Runnable meanwhile) {
    String source = connector("forward-source");
    String slot = "'pgduplex_" + name + "_forward'";
    stop("forward-source");
    await(
        "slot " + slot + " to be free",
        () -> a.column("SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = " + slot)
            .isEmpty());
    a.column("SELECT pg_drop_replication_slot(" + slot + ")");
    Awaitility.await("the offsets to be deleted")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          rest().deleteOffsets(source);
          return true;
        });
    meanwhile.run();
    rest().resume(source);
  }

  private void awaitApplied(String connector) {
    if (connector.endsWith("sink")) {
      String direction = connector.contains("forward") ? "forward" : "reverse";
      await("first transaction end of " + direction, () -> hasEnd(target(direction), direction));
    }
  }

  private boolean hasEnd(Side side, String direction) {
    return !side.column("SELECT 1 WHERE to_regclass('pgduplex.progress') IS NOT NULL")
            .isEmpty()
        && !side.column("SELECT 1 FROM pgduplex.progress WHERE last_end IS NOT NULL AND link = '"
                + name + "' AND direction = '" + direction + "'")
            .isEmpty();
  }

  Side target(String direction) {
    return direction.equals("forward") ? b : a;
  }

  String connector(String document) {
    return name + "-" + document;
  }

  String topic(String direction) {
    return name + "." + direction;
  }

  ConnectRest rest() {
    return worker.rest();
  }

  /** Waits until the tables have the same rows on both sides. */
  void awaitEqual(String... tables) {
    for (String table : tables) {
      String columns = a.columns(table);
      try {
        await(
            table + " to be equal",
            () -> a.checksum(table, columns).equals(b.checksum(table, columns)));
      } catch (ConditionTimeoutException e) {
        assertThat(b.rows(table, columns)).as(describe()).isEqualTo(a.rows(table, columns));
      }
    }
  }

  /** The types of the conflicts recorded on a side, in order. */
  List<String> conflicts(Side side) {
    return side.column("SELECT type || ' ' || outcome FROM pgduplex.conflicts ORDER BY id");
  }

  /** Stops a connector, and waits until its task is gone. */
  void stop(String document) {
    rest().stop(connector(document));
    await(
        connector(document) + " to stop",
        () -> rest().status(connector(document)).isStopped());
  }

  /** Waits until a connector's task has failed; returns its trace. */
  String awaitFailure(String document) {
    Awaitility.await(connector(document) + " to fail")
        .atMost(PATIENCE)
        .until(() -> rest().status(connector(document)).hasFailed());
    return rest().status(connector(document)).describe();
  }

  /** States and traces of the link's connectors. */
  String describe() {
    StringBuilder text = new StringBuilder();
    List<String> there = rest().connectors();
    connectors.keySet().stream()
        .filter(there::contains)
        .forEach(connector -> text.append(rest().status(connector).describe()).append('\n'));
    return text.toString();
  }

  /** Waits for a condition; fails at once with its trace if a task of the link has failed. */
  void await(String what, Callable<Boolean> condition) {
    await(what, PATIENCE, condition);
  }

  /** The same, with more or less patience than usual. */
  void await(String what, Duration patience, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(patience)
        .pollInterval(Duration.ofMillis(100))
        .ignoreNoExceptions()
        .until(() -> {
          if (condition.call()) {
            return true;
          }
          for (String connector : connectors.keySet()) {
            if (rest().isHealthy()
                && rest().connectors().contains(connector)
                && rest().status(connector).hasFailed()) {
              throw new AssertionError("While waiting for " + what + ":\n" + describe());
            }
          }
          return false;
        });
  }

  @Override
  public void close() {
    connectors.keySet().stream().filter(rest().connectors()::contains).forEach(rest()::delete);
    drop(a, "forward");
    drop(b, "reverse");
  }

  private void drop(Side side, String direction) {
    Side maintenance = new Side(side.server(), "postgres");
    String slot = "'pgduplex_" + name + "_" + direction + "'";
    String active =
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = "
            + slot;
    Awaitility.await("slot " + slot + " to be free")
        .atMost(PATIENCE)
        .until(() -> maintenance.column(active).isEmpty());
    new Side(side.server(), side.database())
        .column(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = "
                + slot);
    maintenance.execute("DROP DATABASE " + side.database() + " WITH (FORCE)");
    PlainRole.cleanUp(maintenance, side.database());
    maintenance.column(
        "SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname LIKE 'pgduplex\\_"
            + name + "\\_%'");
  }
}
