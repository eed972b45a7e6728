package io.pgduplex.stack;

/** Makes the servers that a stack may run as processes or in containers; what it makes is not started yet. */
interface ServerFactory {

  PostgresServer postgres(String name, PostgresSettings settings);

  KafkaBroker broker(BrokerSettings settings);

  /** Ends and takes away what does not end with the stack's processes. */
  default void discard() {}
}
