package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Two PostgreSQL servers, a Kafka broker and Connect workers, running together. More servers and workers can be added while
 * it runs. Closing it ends all of them, last started first, and deletes their data; logs stay. If the JVM ends without that,
 * by Ctrl-C at any moment or by SIGKILL (on Linux), its processes end as well.
 *
 * <p>With the system property {@code stack=testcontainers} PostgreSQL and Kafka run in containers; Testcontainers' jars
 * must then be on the class path.
 */
public final class Stack implements AutoCloseable {

  private final StackFolder folder;
  private final RuntimeFolder runtime;
  private final ServerFactory servers;
  private final StackProgress progress;
  private final boolean keepData;
  private final Map<String, PostgresServer> postgres = new LinkedHashMap<>();
  private final List<ConnectWorker> workers = new ArrayList<>();
  private final KafkaBroker broker;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread shutdownHook = new Thread(this::abort, "pgduplex-stack-shutdown");

  /** System property: {@code processes}, the default, or {@code testcontainers}. */
  static final String KIND_PROPERTY = "stack";

  private Stack(StackBuilder builder) {
    runtime = RuntimeFolder.find();
    folder = StackFolder.create(builder.folder());
    progress = builder.progress();
    keepData = builder.keepsData();
    servers = servers();
    // Before anything runs.
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    broker = servers.broker(builder.broker());
  }

  /** Two PostgreSQL 18, a broker, no worker, in the system's temporary folder, silent; unless told otherwise. */
  public static StackBuilder builder() {
    return new StackBuilder();
  }

  static Stack start(StackBuilder builder) {
    Stack stack = new Stack(builder);
    try {
      Parallel.run(List.of(
          () -> stack.addPostgres("a", builder.postgresA()),
          () -> stack.addPostgres("b", builder.postgresB()),
          () -> stack.begin(stack.broker)));
      for (Function<Stack, WorkerSettings> worker : builder.workers()) {
        stack.addWorker(worker.apply(stack));
      }
      return stack;
    } catch (RuntimeException | Error e) {
      if (stack.closed.get()) {
        // By Ctrl-C: that its servers died is no news then.
        throw new StackException("The stack was ended while it started", e);
      }
      stack.abort();
      throw e;
    }
  }

  /** The database server on side A. */
  public PostgresServer a() {
    return postgres("a");
  }

  /** The database server on side B. */
  public PostgresServer b() {
    return postgres("b");
  }

  /** A database server by the name under which it was added. */
  public PostgresServer postgres(String name) {
    PostgresServer server;
    synchronized (postgres) {
      server = postgres.get(name);
    }
    if (server == null) {
      throw new StackException("No PostgreSQL server called " + name + " in this stack");
    }
    return server;
  }

  public KafkaBroker broker() {
    return broker;
  }

  /** The first worker. */
  public ConnectWorker worker() {
    return workers().stream()
        .findFirst()
        .orElseThrow(() -> new StackException("No worker was added to this stack"));
  }

  public List<ConnectWorker> workers() {
    synchronized (workers) {
      return List.copyOf(workers);
    }
  }

  /** Where the servers' logs are, and stay. */
  public Path logs() {
    return folder.logs();
  }

  /** Starts one more database server. */
  public PostgresServer addPostgres(String name, PostgresSettings settings) {
    PostgresServer server = servers.postgres(name, settings);
    synchronized (postgres) {
      if (postgres.putIfAbsent(name, server) != null) {
        throw new StackException("There is a PostgreSQL server called " + name + " already");
      }
    }
    begin(server);
    return server;
  }

  /** Starts a schema registry, for which the build must have collected it; it ends with the stack. */
  public SchemaRegistry addSchemaRegistry() {
    SchemaRegistry registry = new SchemaRegistry(runtime, folder);
    begin(registry);
    return registry;
  }

  /** Starts one more worker, in the group that its settings name. */
  public ConnectWorker addWorker(WorkerSettings settings) {
    ConnectWorker worker;
    synchronized (workers) {
      worker = new ConnectWorker(
          "connect-" + (workers.size() + 1), settings, broker.bootstrapServers(), runtime, folder);
      workers.add(worker);
    }
    begin(worker);
    return worker;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      workers().forEach(StackServer::stop);
      broker.stop();
      databases().forEach(StackServer::stop);
    } finally {
      end();
    }
  }

  /** The end without manners: nobody is asked. */
  private void abort() {
    closed.set(true);
    end();
  }

  private void end() {
    folder.processes().close();
    servers.discard();
    if (!keepData) {
      folder.deleteData();
    }
    removeShutdownHook();
  }

  private ServerFactory servers() {
    String kind = System.getProperty(KIND_PROPERTY, "processes");
    return switch (kind) {
      case "processes" -> new LocalServers(runtime, folder);
      case "testcontainers" -> containers();
      default ->
        throw new StackException(
            "-D" + KIND_PROPERTY + "=" + kind + ": it is processes or testcontainers");
    };
  }

  private ServerFactory containers() {
    try {
      return ContainerServers.connect(folder);
    } catch (NoClassDefFoundError e) {
      throw new StackException(
          "-D" + KIND_PROPERTY
              + "=testcontainers needs org.testcontainers:testcontainers-postgresql"
              + " and :testcontainers-kafka on the class path",
          e);
    }
  }

  private List<PostgresServer> databases() {
    synchronized (postgres) {
      return List.copyOf(postgres.values());
    }
  }

  private void begin(StackServer server) {
    long start = System.nanoTime();
    server.start();
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
    progress.line(String.format(
        Locale.ROOT, "%s ready on port %d in %.1f s", server.name(), server.port(), seconds));
  }

  private void removeShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The JVM is ending already, and the hook with it.
    }
  }
}
