package io.pgduplex.connect.sink.apply;

import java.time.Duration;

/** Time passed since the last restart. */
final class Stopwatch {

  private long started = System.nanoTime();

  void restart() {
    started = System.nanoTime();
  }

  Duration passed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  boolean hasPassed(Duration duration) {
    return passed().compareTo(duration) >= 0;
  }
}
