package io.pgduplex.connect.sink.apply;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a thread of its own. Until it is done, nobody else may use what it uses. */
final class LongWork {

  /** Something that talks to the server. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  private final FutureTask<Void> task;

  private LongWork(FutureTask<Void> task) {
    this.task = task;
  }

  /**
   * Begins it.
   *
   * @param name follows the calling thread's in that of the thread
   */
  static LongWork start(String name, Work work) {
    FutureTask<Void> task = new FutureTask<>(() -> {
      work.run();
      return null;
    });
    Thread thread = new Thread(task, Thread.currentThread().getName() + '-' + name);
    thread.setDaemon(true);
    thread.start();
    return new LongWork(task);
  }

  /** Whether it is done, be it with an error; waits for that as long as the patience lasts. */
  boolean isDone(Duration patience) {
    try {
      task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return task.isDone();
    }
  }

  /** To be called once it is done; throws what it met, as it was thrown. */
  void result() throws SQLException {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | CancellationException e) {
      throw new IllegalStateException(e);
    }
  }
}
