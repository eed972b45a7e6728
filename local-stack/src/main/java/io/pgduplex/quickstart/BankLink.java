package io.pgduplex.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import io.pgduplex.stack.StackProgress;
import io.pgduplex.stack.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The link of {@code config-examples/} between two databases {@code bank} on a local stack. */
final class BankLink implements AutoCloseable {

  static final String DATABASE = "bank";

  /** As config-examples/sql/role.sql has them. */
  private static final String OWNER = "bank_owner";

  private static final String ROLE = "pgduplex";
  private static final String ROLE_PASSWORD = "change-me";

  /**
   * In this order: what B writes before its slot exists would never reach A, so the reverse source comes first.
   */
  private static final List<String> DOCUMENTS =
      List.of("reverse-source", "forward-source", "forward-sink", "reverse-sink");

  private static final int LOOKS_A_LINE = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Stack stack;
  private final Path root;

  private BankLink(Stack stack, Path root) {
    this.stack = stack;
    this.root = root;
  }

  /**
   * Starts servers and worker.
   *
   * @param root the source tree, built
   */
  static BankLink start(Path root, QuickstartOptions options, StackProgress progress) {
    Stack stack = Stack.builder()
        .postgresA(PostgresSettings.major(options.postgresA()))
        .postgresB(PostgresSettings.major(options.postgresB()))
        .worker(ready -> WorkerSettings.builder()
            .plugins(Stream.of("source-connector", "smt", "sink-connector")
                .map(module -> archive(root, module))
                .toList())
            .environment(environment("A", ready.a()))
            .environment(environment("B", ready.b()))
            .build())
        .progress(progress)
        .start();
    return new BankLink(stack, root);
  }

  private static Path archive(Path root, String module) {
    try (Stream<Path> files = Files.list(root.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("pgduplex-.*\\.zip"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(
              "No archive of " + module + "; run ./mvnw package -DskipTests"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the examples read from the worker's environment. */
  private static Map<String, String> environment(String side, PostgresServer server) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PGDUPLEX_" + side + "_HOST", server.host());
    variables.put("PGDUPLEX_" + side + "_PORT", String.valueOf(server.port()));
    variables.put("PGDUPLEX_" + side + "_USER", ROLE);
    variables.put("PGDUPLEX_" + side + "_PASSWORD", ROLE_PASSWORD);
    variables.put("PGDUPLEX_" + side + "_DBNAME", DATABASE);
    return variables;
  }

  PostgresServer a() {
    return stack.a();
  }

  PostgresServer b() {
    return stack.b();
  }

  ConnectRest rest() {
    return stack.worker().rest();
  }

  Stack stack() {
    return stack;
  }

  /** Tables and rows on A, nothing on B, and the connectors' role, which is no superuser. */
  void createDatabases(BankWorkload.Branches rows) throws SQLException, IOException {
    for (PostgresServer server : List.of(a(), b())) {
      server.createDatabase(DATABASE);
      try (Connection connection = server.connect(DATABASE);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE ROLE " + OWNER + "; GRANT ALL ON SCHEMA public TO " + OWNER);
        statement.execute(Files.readString(root.resolve("config-examples/sql/role.sql")));
        if (server == a()) {
          statement.execute(Files.readString(root.resolve("config-examples/sql/ddl.sql")));
        }
        statement.execute("SET ROLE " + OWNER);
        if (server == a()) {
          BankWorkload.createTables(connection);
          BankWorkload.fill(connection, rows);
        }
      }
    }
  }

  /** Sends the documents to the worker's REST API, as they stand in the folder. */
  void submit(StackProgress progress) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (String document : DOCUMENTS) {
      JsonNode content =
          json.readTree(root.resolve("config-examples/" + document + ".json").toFile());
      rest().create(content);
      rest().awaitRunning(content.path("name").asText(), PATIENCE);
      progress.line("config-examples/" + document + ".json: "
          + content.path("name").asText() + " is running");
    }
  }

  /** Waits until both directions have applied an END: snapshots are over, changes stream. */
  void awaitStreaming(StackProgress progress) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int look = 1; !streams(b(), "forward") || !streams(a(), "reverse"); look++) {
      if (look % LOOKS_A_LINE == 0) {
        progress.line("First copy: " + copied() + " rows are on B");
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("The link does not stream after " + PATIENCE.toSeconds()
            + " s; see the logs in " + stack.logs());
      }
      Thread.sleep(200);
    }
  }

  private String copied() throws SQLException {
    try (Connection connection = b().connect(DATABASE);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT coalesce(sum(n_live_tup), 0) FROM pg_stat_user_tables WHERE schemaname = 'public'")) {
      row.next();
      return row.getString(1);
    }
  }

  private static boolean streams(PostgresServer target, String direction) throws SQLException {
    try (Connection connection = target.connect(DATABASE);
        Statement statement = connection.createStatement()) {
      try (ResultSet table =
          statement.executeQuery("SELECT to_regclass('pgduplex.progress') IS NULL")) {
        table.next();
        if (table.getBoolean(1)) {
          return false;
        }
      }
      try (ResultSet row = statement.executeQuery(
          "SELECT 1 FROM pgduplex.progress WHERE last_end IS NOT NULL AND direction = '" + direction
              + "'")) {
        return row.next();
      }
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
