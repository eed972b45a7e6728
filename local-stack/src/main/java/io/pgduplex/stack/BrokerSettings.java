package io.pgduplex.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the broker is to be like.
 *
 * @param kafkaVersion one that the build has collected
 * @param heap the JVM's maximum, such as {@code 512m}
 * @param properties for {@code server.properties}, over those that the stack sets
 * @param jvmArguments after those that the stack sets
 */
public record BrokerSettings(
    String kafkaVersion, String heap, Map<String, String> properties, List<String> jvmArguments) {

  public BrokerSettings {
    properties = Map.copyOf(properties);
    jvmArguments = List.copyOf(jvmArguments);
  }

  /** The newest Kafka that we run on, with 512 MB. */
  public static BrokerSettings defaults() {
    return new BrokerSettings(KafkaProgram.DEFAULT_VERSION, "512m", Map.of(), List.of());
  }

  public BrokerSettings withKafkaVersion(String version) {
    return new BrokerSettings(version, heap, properties, jvmArguments);
  }

  public BrokerSettings withHeap(String newHeap) {
    return new BrokerSettings(kafkaVersion, newHeap, properties, jvmArguments);
  }

  public BrokerSettings withJvmArguments(List<String> arguments) {
    return new BrokerSettings(kafkaVersion, heap, properties, arguments);
  }

  /** Sets one broker property. */
  public BrokerSettings with(String property, String value) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put(property, value);
    return new BrokerSettings(kafkaVersion, heap, all, jvmArguments);
  }
}
