package io.pgduplex.stack;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.testcontainers.containers.GenericContainer;

/** One container over all its runs: its data and its port on the host stay the same. */
final class ManagedContainer {

  private static final int STOP_GRACE_SECONDS = 30;

  private final String name;
  private final GenericContainer<?> container;
  private final Path log;
  private final FreePort port = FreePort.reserve();
  private int runs;

  ManagedContainer(String name, GenericContainer<?> container, int insidePort, Path log) {
    this.name = name;
    this.container = container;
    this.log = log;
    // Docker would give another port after each restart.
    container.withCreateContainerCmdModifier(command -> Objects.requireNonNullElseGet(
            command.getHostConfig(), HostConfig::new)
        .withPortBindings(new PortBinding(
            Ports.Binding.bindIpAndPort("127.0.0.1", port.number()), ExposedPort.tcp(insidePort))));
  }

  int port() {
    return port.number();
  }

  /** How often it was started. */
  int runs() {
    return runs;
  }

  Path log() {
    return log;
  }

  void start(Duration timeout, BooleanSupplier ready) {
    runs++;
    if (runs == 1) {
      container.start();
    } else {
      docker().startContainerCmd(container.getContainerId()).exec();
    }
    boolean reached = Await.until(timeout, () -> {
      if (!isRunning()) {
        throw failure("ended before it was ready");
      }
      return ready.getAsBoolean();
    });
    if (!reached) {
      throw failure("was not ready after " + timeout.toSeconds() + " s");
    }
  }

  void stop() {
    try {
      docker()
          .stopContainerCmd(container.getContainerId())
          .withTimeout(STOP_GRACE_SECONDS)
          .exec();
    } catch (NotModifiedException e) {
      // It was not running.
    }
    saveLog();
  }

  void kill() {
    docker().killContainerCmd(container.getContainerId()).exec();
    Await.until(Duration.ofSeconds(STOP_GRACE_SECONDS), () -> !isRunning());
    saveLog();
  }

  boolean isRunning() {
    return container.getContainerId() != null && container.isRunning();
  }

  /** Removes it with its data. */
  void remove() {
    container.stop();
    port.close();
  }

  /** What all its runs wrote. */
  String output() {
    return container.getLogs();
  }

  private StackException failure(String what) {
    saveLog();
    return new StackException(name + " " + what + new ServerLog(log).tail());
  }

  private void saveLog() {
    try {
      Files.writeString(log, output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }
}
