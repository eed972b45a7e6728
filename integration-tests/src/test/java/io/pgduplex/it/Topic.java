package io.pgduplex.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a direction's topic as any other consumer could. */
final class Topic implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;

  Topic(String name) {
    Properties properties = new Properties();
    properties.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedStack.get().broker().bootstrapServers());
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = new TopicPartition(name, 0);
    consumer.assign(List.of(partition));
  }

  /** The offset that the next record will get. */
  long end() {
    return consumer.endOffsets(List.of(partition)).values().iterator().next();
  }

  /** The records from {@code from} on to what is now the end. */
  List<ConsumerRecord<byte[], byte[]>> records(long from) {
    long end = end();
    consumer.seek(partition, from);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (consumer.position(partition) < end) {
      records.addAll(consumer.poll(Duration.ofSeconds(1)).records(partition));
    }
    return records;
  }

  /** Their values. */
  List<JsonNode> values(long from) {
    return records(from).stream().map(record -> json(record.value())).toList();
  }

  /** Of these, the changes of user tables. */
  List<JsonNode> userRows(long from) {
    return values(from).stream()
        .filter(value -> value.has("op") && !value.at("/source/schema").asText().equals("pgduplex"))
        .toList();
  }

  /** A record's value, without the schema that may come with it. */
  static JsonNode json(byte[] value) {
    try {
      JsonNode json = value == null ? JSON.createObjectNode() : JSON.readTree(value);
      return json.has("payload") ? json.get("payload") : json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
