package io.pgduplex.it;

import io.pgduplex.stack.BrokerSettings;
import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import io.pgduplex.stack.WorkerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The servers that all tests of a JVM share; each test has databases and a link of its own. Ends with the JVM. */
final class SharedStack {

  /** Where the servers' zones differ from each other and from the JVM's, a zone that leaks into a value shows. */
  private static final String ZONE_A = "America/St_Johns";

  private static final String ZONE_B = "Asia/Kathmandu";

  /** Compiling well costs more than it gains in minutes. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Stack STACK = Stack.builder()
      .postgresA(PostgresSettings.major(18).withTimezone(ZONE_A))
      .postgresB(PostgresSettings.major(18).withTimezone(ZONE_B))
      // The crash test kills workers; nobody is to wait for them for long.
      .broker(BrokerSettings.defaults()
          .with("group.min.session.timeout.ms", "1000")
          .withJvmArguments(SHORT_LIVED))
      .worker(ready -> worker()
          .environment(environment("A", ready.a()))
          .environment(environment("B", ready.b()))
          .build())
      .start();

  private SharedStack() {}

  static Stack get() {
    return STACK;
  }

  /** For a worker with the archives that the build made; in the shared worker's group unless it is given another. */
  static WorkerSettings.Builder worker() {
    return WorkerSettings.builder()
        .plugins(archives())
        .jvmArguments(SHORT_LIVED.toArray(String[]::new));
  }

  /** What the documents in config-examples read from the worker's environment. */
  private static Map<String, String> environment(String side, PostgresServer server) {
    String prefix = "PGDUPLEX_" + side;
    return Map.of(
        prefix + "_HOST",
        server.host(),
        prefix + "_PORT",
        String.valueOf(server.port()),
        prefix + "_USER",
        PlainRole.NAME,
        prefix + "_PASSWORD",
        PlainRole.PASSWORD,
        prefix + "_DBNAME",
        "bank_" + side.toLowerCase(Locale.ROOT));
  }

  /** A client of the broker. */
  static Admin admin() {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, STACK.broker().bootstrapServers()));
  }

  static List<Path> archives() {
    return List.of(archive("source-connector"), archive("smt"), archive("sink-connector"));
  }

  static Path archive(String module) {
    return Repository.path(
        module + "/target/pgduplex-" + module + "-" + Repository.version() + ".zip");
  }

  /** One more server, started when first asked for. */
  static synchronized PostgresServer postgres(int major) {
    if (major == 18) {
      return STACK.a();
    }
    String name = "pg" + major;
    try {
      return STACK.postgres(name);
    } catch (RuntimeException absent) {
      return STACK.addPostgres(name, PostgresSettings.major(major).withTimezone(ZONE_A));
    }
  }
}
