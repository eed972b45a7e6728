package io.pgduplex.stack;

/** One Kafka broker that is its own controller; keeps its ports and its data over stop, kill and start. */
public interface KafkaBroker extends StackServer {

  /** For {@code bootstrap.servers}. */
  default String bootstrapServers() {
    return "127.0.0.1:" + port();
  }
}
