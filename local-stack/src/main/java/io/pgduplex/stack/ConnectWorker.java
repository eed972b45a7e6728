package io.pgduplex.stack;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One distributed Connect worker. Keeps its REST port over restarts. */
public final class ConnectWorker implements StackServer {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);
  private static final int PORT_ATTEMPTS = 5;
  private static final String JMX = "-Dcom.sun.management.jmxremote";

  private final String name;
  private final WorkerSettings settings;
  private final String bootstrapServers;
  private final Path folder;
  private final KafkaProgram program;
  private final ManagedProcess server;
  private FreePort restPort = FreePort.reserve();
  private FreePort jmxPort = FreePort.reserve();
  private boolean started;
  private @Nullable ConnectRest rest;

  ConnectWorker(
      String name,
      WorkerSettings settings,
      String bootstrapServers,
      RuntimeFolder runtime,
      StackFolder stack) {
    this.name = name;
    this.settings = settings;
    this.bootstrapServers = bootstrapServers;
    this.folder = stack.data(name);
    this.program = KafkaProgram.in(runtime, settings.kafkaVersion(), settings.javaHome(), folder);
    this.server = new ManagedProcess(name(), stack.processes(), stack.log(name), "KILL");
  }

  @Override
  public String name() {
    return "Connect " + settings.kafkaVersion() + " (" + name + ")";
  }

  /** Its REST API, once it has been started. */
  public ConnectRest rest() {
    ConnectRest client = rest;
    if (client == null) {
      throw new StackException(name() + " was not started yet");
    }
    return client;
  }

  /** Of the REST API. */
  @Override
  public int port() {
    return restPort.number();
  }

  public URI restUri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Its metrics, as a JMX service on the loopback interface without a password. */
  public WorkerMetrics metrics() {
    return new WorkerMetrics(jmxPort.number());
  }

  public WorkerSettings settings() {
    return settings;
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
    if (!started) {
      PluginArchives.unpack(settings.plugins(), pluginPath());
    }
    for (int attempt = 1; ; attempt++) {
      try {
        launch();
        started = true;
        return;
      } catch (StackException e) {
        server.kill();
        String output = server.output();
        boolean portTaken =
            output.contains("Address already in use") || output.contains("Port already in use");
        if (!portTaken || attempt == PORT_ATTEMPTS) {
          throw e;
        }
        if (!started) {
          restPort.close();
          jmxPort.close();
          restPort = FreePort.reserve();
          jmxPort = FreePort.reserve();
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
    Path configuration = folder.resolve("worker.properties");
    KafkaProgram.writeProperties(configuration, properties());
    ConnectRest client = new ConnectRest(restUri());
    server.start(
        program.command(
            jvmArguments(),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            List.of(configuration.toString())),
        settings.environment(),
        folder);
    server.await("ready", START_TIMEOUT, client::isHealthy);
    rest = client;
  }

  private Path pluginPath() {
    return folder.resolve("plugins");
  }

  private List<String> jvmArguments() {
    List<String> arguments = new ArrayList<>(List.of(
        "-Xmx" + settings.heap(),
        JMX + ".port=" + jmxPort.number(),
        JMX + ".rmi.port=" + jmxPort.number(),
        JMX + ".host=127.0.0.1",
        JMX + ".authenticate=false",
        JMX + ".ssl=false",
        "-Djava.rmi.server.hostname=127.0.0.1"));
    arguments.addAll(settings.jvmArguments());
    return arguments;
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", settings.group());
    for (String store : List.of("config", "offset", "status")) {
      properties.put(store + ".storage.topic", settings.group() + "-" + store);
      properties.put(store + ".storage.replication.factor", "1");
    }
    properties.put("offset.storage.partitions", "1");
    properties.put("status.storage.partitions", "1");
    properties.put(
        "offset.flush.interval.ms", Long.toString(settings.offsetFlushInterval().toMillis()));
    properties.put("listeners", restUri().toString());
    properties.put("rest.advertised.host.name", "127.0.0.1");
    properties.put("rest.advertised.port", Integer.toString(port()));
    properties.put("plugin.path", pluginPath().toString());
    properties.put("plugin.discovery", settings.pluginDiscovery());
    properties.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
    properties.put("key.converter.schemas.enable", "false");
    properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    properties.put("value.converter.schemas.enable", "false");
    properties.put("connector.client.config.override.policy", "All");
    properties.put("config.providers", "env");
    properties.put(
        "config.providers.env.class",
        "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
    // The default lets the tasks of a killed worker wait five minutes.
    properties.put("scheduled.rebalance.max.delay.ms", "0");
    // How long a restarted worker waits for the one that was killed: the least that a broker allows
    // by default.
    properties.put("session.timeout.ms", "6000");
    properties.put("heartbeat.interval.ms", "1500");
    properties.putAll(settings.properties());
    return properties;
  }
}
