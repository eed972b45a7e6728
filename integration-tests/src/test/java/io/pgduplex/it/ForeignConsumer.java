package io.pgduplex.it;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer that does not belong into a sink's group, and makes the group rebalance. */
final class ForeignConsumer {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private ForeignConsumer() {}

  /** Joins the sink's group and leaves it again; it may have the partition meanwhile. */
  static void visit(String sink, String topic) {
    Properties properties = new Properties();
    properties.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedStack.get().broker().bootstrapServers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "connect-" + sink);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "300");
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.groupMetadata().generationId() < 0 && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100));
      }
    }
  }
}
