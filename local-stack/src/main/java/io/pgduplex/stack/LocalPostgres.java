package io.pgduplex.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A PostgreSQL server as a process of this machine. */
final class LocalPostgres implements PostgresServer {

  private static final Duration INIT_TIMEOUT = Duration.ofMinutes(2);
  /** Long enough for the recovery of a large WAL after a kill. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration STOP_GRACE = Duration.ofSeconds(30);
  private static final int PORT_ATTEMPTS = 5;
  private static final String PORT_TAKEN = "could not bind";
  private static final String OLD_MEMORY_IN_USE = "pre-existing shared memory block";

  private final PostgresSettings settings;
  private final String name;
  private final Path binaries;
  private final Path folder;
  private final Path data;
  private final ProcessGroup group;
  private final ManagedProcess server;
  private FreePort port = FreePort.reserve();
  private String version = "";

  LocalPostgres(String name, PostgresSettings settings, Path binaries, StackFolder stack) {
    this.name = name;
    this.settings = settings;
    this.binaries = binaries;
    this.folder = stack.data("postgres-" + name);
    this.data = folder.resolve("data");
    this.group = stack.processes();
    this.server = new ManagedProcess(
        "PostgreSQL " + settings.major() + " (" + name + ")",
        group,
        stack.log("postgres-" + name),
        // An immediate shutdown: the postmaster takes its children and its shared memory along.
        "QUIT");
  }

  @Override
  public String name() {
    return "PostgreSQL " + (version.isEmpty() ? settings.major() : version) + " (" + name + ")";
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public int port() {
    return port.number();
  }

  @Override
  public String password() {
    return settings.password();
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
    boolean first = !Files.isDirectory(data);
    if (first) {
      initialize();
    }
    for (int attempt = 1; ; attempt++) {
      try {
        launch();
        return;
      } catch (StackException e) {
        server.kill();
        boolean portTaken = server.output().contains(PORT_TAKEN);
        boolean again = portTaken || server.output().contains(OLD_MEMORY_IN_USE);
        if (!again || attempt == PORT_ATTEMPTS) {
          throw e;
        }
        if (portTaken && first) {
          port.close();
          port = FreePort.reserve();
        }
      }
    }
  }

  @Override
  public void stop() {
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
    server.stop("INT", STOP_GRACE);
  }

  @Override
  public void kill() {
    server.kill();
  }

  private void launch() {
    write(
        data.resolve("stack.conf"),
        PostgresConfiguration.text(PostgresConfiguration.of(port.number(), settings)));
    server.start(program("postgres", "-D", data.toString()), Map.of(), folder);
    server.await("ready", START_TIMEOUT, this::answers);
  }

  private void initialize() {
    Path passwordFile = Folders.create(folder).resolve("password");
    write(passwordFile, settings.password());
    List<String> command = program("initdb", "-D", data.toString(), "-U", USER);
    command.add("--pwfile=" + passwordFile);
    command.addAll(PostgresConfiguration.initdbArguments(settings, OperatingSystem.isLinux()));
    ManagedProcess initdb = new ManagedProcess("initdb of " + name(), group, server.log(), "KILL");
    initdb.start(command, Map.of(), folder);
    initdb.awaitSuccess(INIT_TIMEOUT);
    try {
      Files.delete(passwordFile);
      Path conf = data.resolve("postgresql.conf");
      write(conf, Files.readString(conf) + "\ninclude = 'stack.conf'\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> program(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return OperatingSystem.unprivileged(command);
  }

  /** Whether it is this server that answers, and not another one on a port that two have taken. */
  private boolean answers() {
    Optional<PostgresProbe> answer = PostgresProbe.ask(this);
    answer.ifPresent(probe -> version = probe.version());
    return answer.filter(probe -> probe.dataDirectory().equals(data.toString())).isPresent();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
