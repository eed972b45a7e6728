package io.pgduplex.stack;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions of other processes, which have no better way than being asked again. */
final class Await {

  private static final Duration PAUSE = Duration.ofMillis(25);

  private Await() {}

  /** Asks until the answer is yes. Returns false when the time is over. */
  static boolean until(Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** The moment between two questions. */
  static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for a server of the stack", e);
    }
  }
}
