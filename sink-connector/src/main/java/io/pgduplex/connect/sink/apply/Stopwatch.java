package io.pgduplex.connect.sink.apply;

import java.time.Duration;

/** Time passed since the last restart. */
final class Stopwatch {

  private long started = System.nanoTime();

  void restart() {
    started = System.nanoTime();
  }

  boolean hasPassed(Duration duration) {
    return System.nanoTime() - started >= duration.toNanos();
  }
}
