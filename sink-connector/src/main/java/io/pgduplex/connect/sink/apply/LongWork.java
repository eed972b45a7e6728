package io.pgduplex.connect.sink.apply;

import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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

  boolean isDone() {
    return task.isDone();
  }

  /** To be called once it is done; throws what it met. */
  void result() throws SQLException {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | CancellationException e) {
      throw new IllegalStateException(e);
    }
  }
}
