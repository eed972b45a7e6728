package io.pgduplex.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a stack is to consist of. */
public final class StackBuilder {

  private PostgresSettings postgresA = PostgresSettings.major(18);
  private PostgresSettings postgresB = PostgresSettings.major(18);
  private BrokerSettings broker = BrokerSettings.defaults();
  private final List<Function<Stack, WorkerSettings>> workers = new ArrayList<>();
  private StackProgress progress = StackProgress.silent();
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));
  private boolean keepsData;

  StackBuilder() {}

  public StackBuilder postgresA(PostgresSettings settings) {
    postgresA = settings;
    return this;
  }

  public StackBuilder postgresB(PostgresSettings settings) {
    postgresB = settings;
    return this;
  }

  public StackBuilder broker(BrokerSettings settings) {
    broker = settings;
    return this;
  }

  /** Adds a worker; its settings are asked for when databases and broker serve, so that they may name their ports. */
  public StackBuilder worker(Function<Stack, WorkerSettings> settings) {
    workers.add(settings);
    return this;
  }

  public StackBuilder worker(WorkerSettings settings) {
    return worker(stack -> settings);
  }

  public StackBuilder progress(StackProgress listener) {
    progress = listener;
    return this;
  }

  /** Where the stack makes its own folder for data and logs. */
  public StackBuilder folder(Path parent) {
    folder = parent;
    return this;
  }

  /** Leaves the servers' data behind when the stack is closed. */
  public StackBuilder keepData() {
    keepsData = true;
    return this;
  }

  /** Starts everything, what is independent in parallel. If one thing fails, all are ended and it is thrown. */
  public Stack start() {
    return Stack.start(this);
  }

  PostgresSettings postgresA() {
    return postgresA;
  }

  PostgresSettings postgresB() {
    return postgresB;
  }

  BrokerSettings broker() {
    return broker;
  }

  List<Function<Stack, WorkerSettings>> workers() {
    return List.copyOf(workers);
  }

  StackProgress progress() {
    return progress;
  }

  Path folder() {
    return folder;
  }

  boolean keepsData() {
    return keepsData;
  }
}
