package io.pgduplex.connect.sink;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says from time to time that a task has no partition: Connect shows it as running, and it applies nothing. */
final class NoPartition {

  private static final long FIRST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final LongSupplier nanoTime;
  private boolean waiting;
  private long since;
  private long next;

  NoPartition(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** To be called as long as there is no partition; a text for the log when it is time for one. */
  Optional<String> news() {
    long now = nanoTime.getAsLong();
    if (!waiting) {
      waiting = true;
      since = now;
      next = now + FIRST_NANOS;
    }
    if (now - next < 0) {
      return Optional.empty();
    }
    next = now + AGAIN_NANOS;
    return Optional.of(
        "No partition of the topic for %d s, so nothing is applied. Does the topic of 'topics' exist (the source"
                .formatted(Duration.ofNanos(now - since).toSeconds())
            + " makes it with its first record), may the worker's user read it, and is nobody else a member of the connector's"
            + " consumer group?");
  }

  /** There is one now. */
  void over() {
    waiting = false;
  }
}
