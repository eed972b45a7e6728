package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/** A broker in KRaft mode, with its controller in the same process. */
final class LocalBroker implements KafkaBroker {

  private static final Duration FORMAT_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);
  private static final int PORT_ATTEMPTS = 5;
  private static final String STARTED = "Kafka Server started";
  private static final String PORT_TAKEN = "Address already in use";

  private final BrokerSettings settings;
  private final Path folder;
  private final KafkaProgram program;
  private final ProcessGroup group;
  private final ManagedProcess server;
  private FreePort port = FreePort.reserve();
  private FreePort controllerPort = FreePort.reserve();
  private boolean formatted;

  LocalBroker(BrokerSettings settings, RuntimeFolder runtime, StackFolder stack) {
    this.settings = settings;
    this.folder = stack.data("kafka");
    this.program =
        KafkaProgram.in(runtime, settings.kafkaVersion(), KafkaProgram.ownJavaHome(), folder);
    this.group = stack.processes();
    this.server = new ManagedProcess(name(), group, stack.log("kafka"), "KILL");
  }

  @Override
  public String name() {
    return "Kafka " + settings.kafkaVersion();
  }

  @Override
  public int port() {
    return port.number();
  }

  @Override
  public boolean isRunning() {
    return server.isAlive();
  }

  @Override
  public OptionalLong pid() {
    return server.pid();
  }

  @Override
  public Path log() {
    return server.log();
  }

  @Override
  public void start() {
    boolean first = !formatted;
    if (first) {
      writeConfiguration();
      format();
      formatted = true;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        launch();
        return;
      } catch (StackException e) {
        server.kill();
        if (!server.output().contains(PORT_TAKEN) || attempt == PORT_ATTEMPTS) {
          throw e;
        }
        if (first) {
          port.close();
          controllerPort.close();
          port = FreePort.reserve();
          controllerPort = FreePort.reserve();
          writeConfiguration();
        }
      }
    }
  }

  @Override
  public void stop() {
    server.stop("TERM", STOP_GRACE);
  }

  @Override
  public void kill() {
    server.kill();
  }

  private void launch() {
    List<String> jvm =
        new ArrayList<>(List.of("-Xmx" + settings.heap(), "-XX:+ExitOnOutOfMemoryError"));
    jvm.addAll(settings.jvmArguments());
    server.start(
        program.command(jvm, "kafka.Kafka", List.of(configuration().toString())), Map.of(), folder);
    server.await("ready", START_TIMEOUT, () -> server.output().contains(STARTED));
  }

  private void format() {
    String clusterId = UUID.randomUUID().toString();
    ManagedProcess format =
        new ManagedProcess("Formatting the storage of " + name(), group, server.log(), "KILL");
    List<String> command = program.command(
        // Runs for a second: compiling well is not worth it.
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        "kafka.tools.StorageTool",
        List.of("format", "-t", clusterId, "-c", configuration().toString()));
    format.start(command, Map.of(), folder);
    format.awaitSuccess(FORMAT_TIMEOUT);
  }

  private Path configuration() {
    return folder.resolve("server.properties");
  }

  private void writeConfiguration() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort.number());
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    properties.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + port.number() + ",CONTROLLER://127.0.0.1:"
            + controllerPort.number());
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port.number());
    properties.put("log.dirs", folder.resolve("data").toString());
    properties.putAll(BrokerDefaults.PROPERTIES);
    properties.putAll(settings.properties());
    KafkaProgram.writeProperties(configuration(), properties);
  }
}
