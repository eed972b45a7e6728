package io.pgduplex.benchmarks;

import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import io.pgduplex.stack.WorkerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two databases, broker and worker with the built archives. Nothing but the work measured keeps them busy. */
final class LinkedServers implements AutoCloseable {

  private static final String DATABASE = "bench";

  private final Stack stack;

  private LinkedServers(Stack stack) {
    this.stack = stack;
  }

  static LinkedServers start() {
    Stack stack = Stack.builder()
        .postgresA(quiet())
        .postgresB(quiet())
        .worker(ready -> WorkerSettings.builder()
            .plugins(
                List.of(archive("source-connector"), archive("smt"), archive("sink-connector")))
            .environment(environment("A", ready.a()))
            .environment(environment("B", ready.b()))
            .build())
        .start();
    stack.a().createDatabase(DATABASE);
    stack.b().createDatabase(DATABASE);
    return new LinkedServers(stack);
  }

  /** Vacuum and checkpoints come between measurements, when they are asked for. */
  private static PostgresSettings quiet() {
    return PostgresSettings.major(18)
        .with("autovacuum", "off")
        .with("checkpoint_timeout", "1h")
        .with("max_wal_size", "8GB")
        .with("shared_buffers", "512MB");
  }

  /** What the documents in config-examples read from the worker's environment. */
  private static Map<String, String> environment(String side, PostgresServer server) {
    String prefix = "PGDUPLEX_" + side;
    return Map.of(
        prefix + "_HOST", server.host(),
        prefix + "_PORT", String.valueOf(server.port()),
        prefix + "_USER", PostgresServer.USER,
        prefix + "_PASSWORD", server.password(),
        prefix + "_DBNAME", DATABASE);
  }

  private static Path archive(String module) {
    return file(
        module + "/target/pgduplex-" + module + "-" + required("pgduplex.version") + ".zip");
  }

  /** A file of the source tree. */
  static Path file(String relative) {
    return Path.of(required("pgduplex.root")).resolve(relative);
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("Set -D" + property + ", as the module's pom.xml does");
    }
    return value;
  }

  Database a() {
    return new Database(stack.a(), DATABASE);
  }

  Database b() {
    return new Database(stack.b(), DATABASE);
  }

  ConnectRest rest() {
    return stack.worker().rest();
  }

  @Override
  public void close() {
    stack.close();
  }
}
