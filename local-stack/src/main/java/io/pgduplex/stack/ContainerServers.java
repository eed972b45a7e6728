package io.pgduplex.stack;

import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/** Servers in containers. Nothing but this class and those it makes needs Testcontainers on the class path. */
final class ContainerServers implements ServerFactory {

  private final StackFolder folder;
  private final List<Runnable> removals = new ArrayList<>();

  private ContainerServers(StackFolder folder) {
    this.folder = folder;
  }

  /** Insists on a Docker engine of this machine that answers. */
  static ContainerServers connect(StackFolder folder) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new StackException("-D" + Stack.KIND_PROPERTY + "=testcontainers, but no Docker engine"
          + " answers: start one, or set DOCKER_HOST, or leave the option away to run the servers"
          + " as processes");
    }
    return new ContainerServers(folder);
  }

  @Override
  public synchronized PostgresServer postgres(String name, PostgresSettings settings) {
    ContainerPostgres server = new ContainerPostgres(name, settings, folder);
    removals.add(server::remove);
    return server;
  }

  @Override
  public synchronized KafkaBroker broker(BrokerSettings settings) {
    ContainerBroker server = new ContainerBroker(settings, folder);
    removals.add(server::remove);
    return server;
  }

  @Override
  public synchronized void discard() {
    removals.forEach(Runnable::run);
    removals.clear();
  }
}
