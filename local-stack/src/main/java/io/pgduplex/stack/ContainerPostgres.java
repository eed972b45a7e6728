package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL server in a container of the official image. */
final class ContainerPostgres implements PostgresServer {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final String name;
  private final PostgresSettings settings;
  private final ManagedContainer container;
  private String version = "";

  @SuppressWarnings("resource") // ManagedContainer removes it.
  ContainerPostgres(String name, PostgresSettings settings, StackFolder stack) {
    this.name = name;
    this.settings = settings;
    PostgreSQLContainer image = new PostgreSQLContainer("postgres:" + settings.major());
    image.withUsername(USER).withPassword(settings.password()).withDatabaseName("postgres");
    image.withEnv(
        "POSTGRES_INITDB_ARGS",
        String.join(" ", PostgresConfiguration.initdbArguments(settings, true)));
    image.setCommand(command(settings).toArray(String[]::new));
    this.container = new ManagedContainer(
        name(), image, PostgreSQLContainer.POSTGRESQL_PORT, stack.log("postgres-" + name));
  }

  @Override
  public String name() {
    return "PostgreSQL " + (version.isEmpty() ? settings.major() : version) + " (" + name
        + ", container)";
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String password() {
    return settings.password();
  }

  @Override
  public int port() {
    return container.port();
  }

  @Override
  public void start() {
    container.start(START_TIMEOUT, this::answers);
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

  private boolean answers() {
    Optional<PostgresProbe> answer = PostgresProbe.ask(this);
    answer.ifPresent(probe -> version = probe.version());
    return answer.isPresent();
  }

  private static List<String> command(PostgresSettings settings) {
    List<String> command = new ArrayList<>(List.of("postgres"));
    PostgresConfiguration.of(settings).forEach((parameter, value) -> {
      command.add("-c");
      command.add(parameter + "=" + value);
    });
    return command;
  }
}
