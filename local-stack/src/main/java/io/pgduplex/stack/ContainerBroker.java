package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container of Apache's image. */
final class ContainerBroker implements KafkaBroker {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final int INSIDE_PORT = 9092;
  private static final Pattern STARTED = Pattern.compile("Kafka Server started");

  private final BrokerSettings settings;
  private final ManagedContainer container;

  @SuppressWarnings("resource") // ManagedContainer removes it.
  ContainerBroker(BrokerSettings settings, StackFolder stack) {
    this.settings = settings;
    KafkaContainer image = new KafkaContainer("apache/kafka:" + settings.kafkaVersion());
    environment(settings).forEach(image::withEnv);
    this.container = new ManagedContainer(name(), image, INSIDE_PORT, stack.log("kafka"));
  }

  @Override
  public String name() {
    return "Kafka " + settings.kafkaVersion() + " (container)";
  }

  @Override
  public int port() {
    return container.port();
  }

  @Override
  public void start() {
    // The log holds the earlier runs as well.
    container.start(
        START_TIMEOUT,
        () -> STARTED.matcher(container.output()).results().count() >= container.runs());
  }

  @Override
  public void stop() {
    container.stop();
  }

  @Override
  public void kill() {
    container.kill();
  }

  @Override
  public boolean isRunning() {
    return container.isRunning();
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public Path log() {
    return container.log();
  }

  void remove() {
    container.remove();
  }

  /** Options as the image takes them: {@code a.b} as {@code KAFKA_A_B}. */
  static Map<String, String> environment(BrokerSettings settings) {
    Map<String, String> properties = new LinkedHashMap<>(BrokerDefaults.PROPERTIES);
    properties.putAll(settings.properties());
    Map<String, String> environment = new LinkedHashMap<>();
    properties.forEach((option, value) ->
        environment.put("KAFKA_" + option.toUpperCase(Locale.ROOT).replace('.', '_'), value));
    environment.put("KAFKA_HEAP_OPTS", "-Xmx" + settings.heap());
    environment.put("KAFKA_OPTS", String.join(" ", settings.jvmArguments()));
    return environment;
  }
}
