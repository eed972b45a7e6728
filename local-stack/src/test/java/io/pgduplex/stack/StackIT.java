package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StackIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String HEARTBEAT_TOPIC = "heartbeats";
  private static final String HEARTBEATS = "heartbeats-of-a";
  private static final String HEARTBEAT_CONNECTOR =
      "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector";

  private final Queue<String> progress = new ConcurrentLinkedQueue<>();
  private Stack stack;

  @BeforeAll
  void start() {
    stack = Stack.builder()
        .postgresA(
            PostgresSettings.major(18).withTimezone("Asia/Kathmandu").with("work_mem", "7MB"))
        .postgresB(PostgresSettings.major(14))
        .worker(running -> WorkerSettings.builder()
            .environment(Map.of("STACK_IT_ALIAS", "from-env"))
            .build())
        .folder(Path.of("target", "stacks"))
        .progress(progress::add)
        .start();
  }

  @AfterAll
  void leavesNothingBehind() {
    stack.close();
    assertThat(Processes.workingBelow(stack.logs().resolveSibling("data"))).isEmpty();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
    assertThat(stack.logs()).isDirectoryContaining("glob:**/kafka.log");
    assertThat(stack.logs().resolveSibling("data")).doesNotExist();
  }

  @Test
  @Order(1)
  void tellsWhatItStarted() {
    assertThat(progress)
        .hasSize(4)
        .anySatisfy(line -> assertThat(line)
            .matches("PostgreSQL 18\\.\\d+ \\(a\\) ready on port " + stack.a().port() + " in .* s"))
        .anySatisfy(line -> assertThat(line).startsWith("PostgreSQL 14."))
        .anySatisfy(line -> assertThat(line).startsWith("Kafka "))
        .anySatisfy(line -> assertThat(line).startsWith("Connect "));
  }

  @Test
  @Order(2)
  void databasesAreDurableAndReadyForLogicalReplication() throws SQLException {
    for (PostgresServer server : List.of(stack.a(), stack.b())) {
      assertThat(setting(server, "fsync")).isEqualTo("on");
      assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(server, "wal_level")).isEqualTo("logical");
      assertThat(setting(server, "track_commit_timestamp")).isEqualTo("on");
      assertThat(setting(server, "server_encoding")).isEqualTo("UTF8");
    }
    assertThat(setting(stack.a(), "server_version")).startsWith("18.");
    assertThat(setting(stack.b(), "server_version")).startsWith("14.");
    // The driver sets the session's zone to that of this JVM.
    assertThat(query(
            stack.a(),
            "postgres",
            "SELECT setting FROM pg_file_settings WHERE name = 'timezone' AND applied"))
        .isEqualTo("Asia/Kathmandu");
    assertThat(setting(stack.a(), "work_mem")).isEqualTo("7MB");
  }

  @Test
  @Order(3)
  void committedRowsSurviveAKillOfTheDatabase() throws SQLException {
    stack.a().createDatabase("Quoted name");
    execute(stack.a(), "Quoted name", "CREATE TABLE t AS SELECT 42 AS answer");
    int port = stack.a().port();
    long postmaster = stack.a().pid().orElseThrow();

    stack.a().kill();
    assertThat(stack.a().isRunning()).isFalse();
    assertThatThrownBy(() -> stack.a().connect("postgres")).hasMessageContaining("refused");
    stack.a().start();

    assertThat(stack.a().port()).isEqualTo(port);
    assertThat(stack.a().pid().orElseThrow()).isNotEqualTo(postmaster);
    assertThat(query(stack.a(), "Quoted name", "SELECT answer FROM t")).isEqualTo("42");
    stack.a().restart();
    assertThat(query(stack.a(), "Quoted name", "SELECT answer FROM t")).isEqualTo("42");
  }

  @Test
  @Order(4)
  void topicsSurviveAKillOfTheBroker() throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(HEARTBEAT_TOPIC, 1, (short) 1)))
          .all()
          .get();
    }
    stack.broker().kill();
    stack.broker().start();
    stack.broker().restart();
    try (Admin admin = admin()) {
      assertThat(admin.listTopics().names().get()).contains(HEARTBEAT_TOPIC);
    }
  }

  @Test
  @Order(5)
  void workerJudgesConfigurations() {
    ConnectRest rest = stack.worker().rest();
    assertThat(rest.plugins(false).findValuesAsText("class"))
        .contains(HEARTBEAT_CONNECTOR, "org.apache.kafka.connect.json.JsonConverter");
    assertThat(rest.validate(heartbeats()).errors()).isEmpty();

    ConfigValidation wrong = rest.validate(
        Map.of("name", HEARTBEATS, "connector.class", HEARTBEAT_CONNECTOR, "tasks.max", "none"));
    assertThat(wrong.isValid()).isFalse();
    assertThat(wrong.errorsOf("tasks.max"))
        .anySatisfy(message -> assertThat(message).contains("none"));
    assertThatThrownBy(() -> rest.status("nobody"))
        .isInstanceOf(ConnectRestException.class)
        .hasMessageContaining("404")
        .hasMessageContaining("nobody");
  }

  @Test
  @Order(6)
  void workerRunsAConnectorOverKillAndRestart() {
    stack.worker().rest().put(HEARTBEATS, heartbeats());
    assertThat(stack.worker().rest().awaitRunning(HEARTBEATS, TIMEOUT).tasks()).hasSize(1);
    int port = stack.worker().port();

    stack.worker().kill();
    stack.worker().start();
    assertThat(stack.worker().port()).isEqualTo(port);
    stack.worker().rest().awaitRunning(HEARTBEATS, TIMEOUT);

    stack.worker().restart();
    stack.worker().rest().awaitRunning(HEARTBEATS, TIMEOUT);
    assertThat(Await.until(TIMEOUT, this::offsetsAreCommitted)).isTrue();
    assertThat(stack.worker().metrics().droppedByTransforms(HEARTBEATS)).isPresent();
    assertThat(stack.worker().metrics().droppedByTransforms("nobody")).isEmpty();
  }

  @Test
  @Order(7)
  void offsetsOfAStoppedConnectorCanBeForgotten() {
    ConnectRest rest = stack.worker().rest();
    rest.pause(HEARTBEATS);
    awaitState("PAUSED");
    rest.resume(HEARTBEATS);
    awaitState("RUNNING");
    rest.restart(HEARTBEATS);
    rest.stop(HEARTBEATS);
    awaitState("STOPPED");
    rest.patchOffsets(HEARTBEATS, rest.offsets(HEARTBEATS));
    rest.deleteOffsets(HEARTBEATS);
    assertThat(rest.offsets(HEARTBEATS).path("offsets")).isEmpty();
    rest.delete(HEARTBEATS);
    assertThat(rest.connectors()).isEmpty();
  }

  @Test
  @Order(8)
  void growsWhileItRuns() throws SQLException {
    PostgresServer third = stack.addPostgres("c", PostgresSettings.major(16));
    assertThat(setting(third, "server_version")).startsWith("16.");
    ConnectWorker second = stack.addWorker(
        WorkerSettings.builder().pluginDiscovery("only_scan").heap("512m").build());
    stack.worker().kill();
    second.rest().put(HEARTBEATS, heartbeats());
    assertThat(second.rest().awaitRunning(HEARTBEATS, TIMEOUT).tasks())
        .singleElement()
        .satisfies(task -> assertThat(task.worker()).isEqualTo("127.0.0.1:" + second.port()));
  }

  @Test
  @Order(9)
  void failureToStartShowsTheEndOfTheLog() {
    assertThatThrownBy(
            () -> stack.addPostgres("d", PostgresSettings.major(17).with("work_mem", "much")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("PostgreSQL 17 (d) ended with status 1 before it was ready")
        .hasMessageContaining("invalid value for parameter \"work_mem\": \"much\"")
        .hasMessageContaining(stack.logs().resolve("postgres-d.log").toString());
  }

  private boolean offsetsAreCommitted() {
    return !stack.worker().rest().offsets(HEARTBEATS).path("offsets").isEmpty();
  }

  private void awaitState(String state) {
    assertThat(Await.until(
            TIMEOUT,
            () -> stack.worker().rest().status(HEARTBEATS).connector().state().equals(state)))
        .as("state %s", state)
        .isTrue();
  }

  /** Writes a record a second, and takes one of its options from the environment. */
  private Map<String, String> heartbeats() {
    return Map.of(
        "connector.class",
        HEARTBEAT_CONNECTOR,
        "name",
        HEARTBEATS,
        "tasks.max",
        "1",
        "source.cluster.alias",
        "${env:STACK_IT_ALIAS}",
        "target.cluster.alias",
        "b",
        "source.cluster.bootstrap.servers",
        stack.broker().bootstrapServers(),
        "target.cluster.bootstrap.servers",
        stack.broker().bootstrapServers());
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()));
  }

  private static String setting(PostgresServer server, String name) throws SQLException {
    return query(server, "postgres", "SHOW " + name);
  }

  private static void execute(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }
}
