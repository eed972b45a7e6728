package io.pgduplex.connect.sink.apply;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** When to try again after an error that may pass, and when to give up. */
final class RetrySchedule {

  private final Duration backoff;
  private final Optional<Duration> limit;
  private final LongSupplier clock;
  private boolean failing;
  private long firstFailure;
  private long nextTry;

  /**
   * @param limit how long to try, counted from the first failure; empty: for ever
   * @param clock nanoseconds that only go on, as {@link System#nanoTime}
   */
  RetrySchedule(Duration backoff, Optional<Duration> limit, LongSupplier clock) {
    this.backoff = backoff;
    this.limit = limit;
    this.clock = clock;
    this.nextTry = clock.getAsLong();
  }

  /** How long still to wait; zero when it is time. */
  Duration remaining() {
    long nanos = nextTry - clock.getAsLong();
    return nanos <= 0 ? Duration.ZERO : Duration.ofNanos(nanos).plusMillis(1);
  }

  void succeeded() {
    failing = false;
  }

  /** Notes a failure; returns the wait, or throws what {@code tooLong} makes when the time for tries is over. */
  Duration failed(Supplier<RuntimeException> tooLong) {
    long now = clock.getAsLong();
    if (!failing) {
      failing = true;
      firstFailure = now;
    }
    if (limit.isPresent() && now - firstFailure >= limit.get().toNanos()) {
      throw tooLong.get();
    }
    pause(backoff);
    return backoff;
  }

  /** Waits without a failure. */
  void pause(Duration duration) {
    nextTry = clock.getAsLong() + duration.toNanos();
  }
}
