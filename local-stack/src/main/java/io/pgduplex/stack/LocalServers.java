package io.pgduplex.stack;

/** Servers as processes of this machine. */
record LocalServers(RuntimeFolder runtime, StackFolder folder) implements ServerFactory {

  @Override
  public PostgresServer postgres(String name, PostgresSettings settings) {
    return new LocalPostgres(
        name, settings, PostgresBinaries.of(runtime, settings.major()), folder);
  }

  @Override
  public KafkaBroker broker(BrokerSettings settings) {
    return new LocalBroker(settings, runtime, folder);
  }
}
