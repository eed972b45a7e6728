package io.pgduplex.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A server process that can be started many times, one at a time, and the log that its runs share. */
final class ManagedProcess {

  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final ProcessGroup group;
  private final ServerLog log;
  private final String signalOnParentDeath;
  private @Nullable Process process;
  private long logStart;

  /**
   * @param name what errors call it
   * @param signalOnParentDeath a signal that ends it at once
   */
  ManagedProcess(String name, ProcessGroup group, Path log, String signalOnParentDeath) {
    this.name = name;
    this.group = group;
    this.log = new ServerLog(log);
    this.signalOnParentDeath = signalOnParentDeath;
  }

  void start(List<String> command, Map<String, String> environment, Path folder) {
    if (isAlive()) {
      throw new StackException(name + " is running already");
    }
    logStart = log.length();
    process = group.start(command, environment, folder, log.file(), signalOnParentDeath);
  }

  boolean isAlive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  OptionalLong pid() {
    Process current = process;
    return current != null && current.isAlive()
        ? OptionalLong.of(current.pid())
        : OptionalLong.empty();
  }

  Path log() {
    return log.file();
  }

  /** What the present run has logged so far. */
  String output() {
    return log.since(logStart);
  }

  /** Waits for the running process to reach a state; an end of the process before that is an error. */
  void await(String state, Duration timeout, BooleanSupplier condition) {
    boolean reached = Await.until(timeout, () -> {
      if (!isAlive()) {
        throw failure("ended with status " + exitStatus() + " before it was " + state);
      }
      return condition.getAsBoolean();
    });
    if (!reached) {
      throw failure("was not " + state + " after " + timeout.toSeconds() + " s");
    }
  }

  /** Waits for a process that ends by itself, and insists that it went well. */
  void awaitSuccess(Duration timeout) {
    if (!awaitExit(timeout)) {
      kill();
      throw failure("did not end within " + timeout.toSeconds() + " s");
    }
    if (exitStatus() != 0) {
      throw failure("failed with status " + exitStatus());
    }
  }

  /** Sends a signal that asks for an end, and kills what is still there after a while. Returns whether it obeyed. */
  boolean stop(String signal, Duration grace) {
    Process current = process;
    if (current == null || !current.isAlive()) {
      return true;
    }
    OperatingSystem.signal(signal, current.pid());
    if (awaitExit(grace)) {
      return true;
    }
    kill();
    return false;
  }

  /** SIGKILL to the process and all its children. */
  void kill() {
    Process current = process;
    if (current != null) {
      ProcessGroup.killTree(current.toHandle());
      // The operating system knows of the end before Process does, which is asked at the next
      // start.
      boolean unused = awaitExit(KILL_TIMEOUT);
    }
  }

  StackException failure(String what) {
    return new StackException(name + " " + what + log.tail());
  }

  private int exitStatus() {
    Process current = process;
    return current == null ? -1 : current.exitValue();
  }

  private boolean awaitExit(Duration timeout) {
    Process current = process;
    try {
      return current == null || current.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the end of " + name, e);
    }
  }
}
