package io.pgduplex.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Things that do not wait for each other. */
final class Parallel {

  private Parallel() {}

  /** Does all at once and returns when all have ended; the first failure is thrown, with the others attached. */
  static void run(List<Runnable> tasks) {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size(), task -> {
      Thread thread = new Thread(task, "pgduplex-stack-start");
      thread.setDaemon(true);
      return thread;
    });
    try {
      List<Future<?>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(threads.submit(task)));
      StackException failure = null;
      for (Future<?> one : running) {
        failure = joined(one, failure);
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static @Nullable StackException joined(
      Future<?> task, @Nullable StackException earlierFailure) {
    try {
      task.get();
      return earlierFailure;
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      StackException failure = new StackException(String.valueOf(cause.getMessage()), cause);
      if (earlierFailure == null) {
        return failure;
      }
      earlierFailure.addSuppressed(failure);
      return earlierFailure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while the stack starts", e);
    }
  }
}
