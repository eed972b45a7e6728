package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one Connect worker is to be like.
 *
 * @param kafkaVersion one that the build has collected
 * @param javaHome of the JVM that it runs on
 * @param heap the JVM's maximum, such as {@code 512m}
 * @param pluginDiscovery {@code service_load}, {@code only_scan}, {@code hybrid_warn} or {@code hybrid_fail}
 * @param offsetFlushInterval how often source offsets are committed
 * @param plugins archives to unpack into its {@code plugin.path}
 * @param environment variables, for <code>${env:…}</code> in connector configurations
 * @param properties worker properties, over those that the stack sets
 * @param jvmArguments after those that the stack sets
 */
public record WorkerSettings(
    String kafkaVersion,
    Path javaHome,
    String heap,
    String pluginDiscovery,
    Duration offsetFlushInterval,
    List<Path> plugins,
    Map<String, String> environment,
    Map<String, String> properties,
    List<String> jvmArguments) {

  public WorkerSettings {
    plugins = List.copyOf(plugins);
    environment = Map.copyOf(environment);
    properties = Map.copyOf(properties);
    jvmArguments = List.copyOf(jvmArguments);
  }

  /** The newest Kafka that we run on, this JVM's Java, 1 GB, {@code service_load}, offsets each second, no plugins. */
  public static WorkerSettings defaults() {
    return new WorkerSettings(
        KafkaProgram.DEFAULT_VERSION,
        KafkaProgram.ownJavaHome(),
        "1g",
        "service_load",
        Duration.ofSeconds(1),
        List.of(),
        Map.of(),
        Map.of(),
        List.of());
  }

  public WorkerSettings withKafkaVersion(String version) {
    return new WorkerSettings(
        version,
        javaHome,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        environment,
        properties,
        jvmArguments);
  }

  public WorkerSettings withJavaHome(Path home) {
    return new WorkerSettings(
        kafkaVersion,
        home,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        environment,
        properties,
        jvmArguments);
  }

  public WorkerSettings withHeap(String newHeap) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        newHeap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        environment,
        properties,
        jvmArguments);
  }

  public WorkerSettings withPluginDiscovery(String mode) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        mode,
        offsetFlushInterval,
        plugins,
        environment,
        properties,
        jvmArguments);
  }

  public WorkerSettings withOffsetFlushInterval(Duration interval) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        pluginDiscovery,
        interval,
        plugins,
        environment,
        properties,
        jvmArguments);
  }

  public WorkerSettings withPlugins(List<Path> archives) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        archives,
        environment,
        properties,
        jvmArguments);
  }

  /** Adds variables to those that are set already. */
  public WorkerSettings withEnvironment(Map<String, String> variables) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        merged(environment, variables),
        properties,
        jvmArguments);
  }

  /** Sets one worker property. */
  public WorkerSettings with(String property, String value) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        environment,
        merged(properties, Map.of(property, value)),
        jvmArguments);
  }

  public WorkerSettings withJvmArguments(List<String> arguments) {
    return new WorkerSettings(
        kafkaVersion,
        javaHome,
        heap,
        pluginDiscovery,
        offsetFlushInterval,
        plugins,
        environment,
        properties,
        arguments);
  }

  private static Map<String, String> merged(Map<String, String> old, Map<String, String> added) {
    Map<String, String> all = new LinkedHashMap<>(old);
    all.putAll(added);
    return all;
  }
}
