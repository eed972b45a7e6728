package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one Connect worker is to be like.
 *
 * @param group the Connect cluster that it is part of: its {@code group.id} and the internal topics are named so. Workers
 *     of one group share their connectors; different groups do not know each other
 * @param kafkaVersion one that the build has collected, whole or without its last number
 * @param javaHome of the JVM that it runs on
 * @param heap the JVM's maximum, such as {@code 512m}
 * @param pluginDiscovery {@code service_load}, {@code only_scan}, {@code hybrid_warn} or {@code hybrid_fail}
 * @param offsetFlushInterval how often source offsets are committed
 * @param plugins archives to unpack into its {@code plugin.path}, or folders with jars
 * @param environment variables, for <code>${env:…}</code> in connector configurations
 * @param properties worker properties, over those that the stack sets
 * @param jvmArguments after those that the stack sets
 */
public record WorkerSettings(
    String group,
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

  /**
   * Settings that differ from the usual ones only in what is said: the stack's own group, the newest Kafka that we run on,
   * this JVM's Java, 1 GB, {@code service_load}, offsets each second, no plugins.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; what is not set is as {@link #builder()} says. */
  public static final class Builder {

    private String group = "connect";
    private String kafkaVersion = KafkaProgram.DEFAULT_VERSION;
    private Path javaHome = KafkaProgram.ownJavaHome();
    private String heap = "1g";
    private String pluginDiscovery = "service_load";
    private Duration offsetFlushInterval = Duration.ofSeconds(1);
    private final List<Path> plugins = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<String> jvmArguments = new ArrayList<>();

    private Builder() {}

    /** A Connect cluster of its own, beside that of the stack's other workers. */
    public Builder group(String name) {
      group = name;
      return this;
    }

    public Builder kafkaVersion(String version) {
      kafkaVersion = version;
      return this;
    }

    public Builder javaHome(Path home) {
      javaHome = home;
      return this;
    }

    public Builder heap(String maximum) {
      heap = maximum;
      return this;
    }

    public Builder pluginDiscovery(String mode) {
      pluginDiscovery = mode;
      return this;
    }

    public Builder offsetFlushInterval(Duration interval) {
      offsetFlushInterval = interval;
      return this;
    }

    /** Adds archives, or folders with jars. */
    public Builder plugins(List<Path> archives) {
      plugins.addAll(archives);
      return this;
    }

    /** Adds one. */
    public Builder plugin(Path archiveOrFolder) {
      plugins.add(archiveOrFolder);
      return this;
    }

    /** Adds variables. */
    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** Sets one worker property. */
    public Builder property(String property, String value) {
      properties.put(property, value);
      return this;
    }

    /** Adds arguments. */
    public Builder jvmArguments(String... arguments) {
      jvmArguments.addAll(List.of(arguments));
      return this;
    }

    public WorkerSettings build() {
      return new WorkerSettings(
          group,
          kafkaVersion,
          javaHome,
          heap,
          pluginDiscovery,
          offsetFlushInterval,
          plugins,
          environment,
          properties,
          jvmArguments);
    }
  }
}
