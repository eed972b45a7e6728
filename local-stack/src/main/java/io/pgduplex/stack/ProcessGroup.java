package io.pgduplex.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * All processes of one stack. Once closed it starts no more, so that an end in the middle of a start leaves none behind.
 *
 * <p>Should this JVM be killed, the kernel ends the children ({@code setpriv --pdeathsig}, where that exists: Linux). The
 * kernel watches the thread that started the child, hence one thread that lives as long as the JVM.
 */
final class ProcessGroup implements AutoCloseable {

  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(20);
  private static final ExecutorService SPAWNER = Executors.newSingleThreadExecutor(task -> {
    Thread thread = new Thread(task, "pgduplex-spawner");
    thread.setDaemon(true);
    return thread;
  });

  private final Set<Process> running = new LinkedHashSet<>();
  private boolean closed;

  /**
   * Starts a process whose output goes to the end of {@code log}.
   *
   * @param signalOnParentDeath the name of the signal that the process gets when this JVM dies
   */
  synchronized Process start(
      List<String> command,
      Map<String, String> environment,
      Path folder,
      Path log,
      String signalOnParentDeath) {
    if (closed) {
      throw new StackException("The stack is closed: not starting " + command.get(0));
    }
    ProcessBuilder builder = new ProcessBuilder(
            OperatingSystem.dyingWithParent(command, signalOnParentDeath))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(ProcessBuilder.Redirect.from(OperatingSystem.NULL_DEVICE));
    builder.environment().putAll(environment);
    Process process = spawn(builder);
    running.removeIf(ended -> !ended.isAlive());
    running.add(process);
    return process;
  }

  /** Ends every process and all that they started, at once and without asking. */
  @Override
  public void close() {
    List<Process> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(running);
    }
    List<ProcessHandle> killed = new ArrayList<>();
    left.forEach(process -> killed.addAll(signalTree(process.toHandle())));
    awaitEnd(killed);
  }

  /** Kills a process and all that it started, and returns when they are gone. */
  static void killTree(ProcessHandle root) {
    awaitEnd(signalTree(root));
  }

  private static List<ProcessHandle> signalTree(ProcessHandle root) {
    List<ProcessHandle> tree = new ArrayList<>();
    tree.add(root);
    root.descendants().forEach(tree::add);
    // The root goes first, else it would start new children for those it lost.
    tree.forEach(ProcessHandle::destroyForcibly);
    return tree;
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    if (!Await.until(KILL_TIMEOUT, () -> processes.stream().noneMatch(ProcessHandle::isAlive))) {
      List<Long> left = processes.stream()
          .filter(ProcessHandle::isAlive)
          .map(ProcessHandle::pid)
          .toList();
      throw new StackException("Processes " + left + " are still there " + KILL_TIMEOUT.toSeconds()
          + " s after SIGKILL");
    }
  }

  private static Process spawn(ProcessBuilder builder) {
    try {
      return SPAWNER.submit(builder::start).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      throw new StackException("Cannot start " + builder.command(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while starting " + builder.command(), e);
    }
  }
}
