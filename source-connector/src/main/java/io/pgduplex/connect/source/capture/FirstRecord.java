package io.pgduplex.connect.source.capture;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Hands out a run's first record alone, and what follows once Kafka has acknowledged one.
 *
 * <p>A broker that does not know a producer yet takes any batch from it as the first (KAFKA-15591, in all releases so far).
 * So if the first batch meets a partition that is not ready, as on a new topic, and the second one is in flight already,
 * the second is written and the first never can be, idempotence or not.
 */
final class FirstRecord {

  private static final Duration WAIT = Duration.ofMillis(200);

  /** Where records come from. */
  @FunctionalInterface
  interface Records {
    List<SourceRecord> poll() throws InterruptedException;
  }

  private final Records records;
  private final CountDownLatch acknowledged = new CountDownLatch(1);
  private List<SourceRecord> held = List.of();
  private boolean sent;

  FirstRecord(Records records) {
    this.records = records;
  }

  /** The next records; empty after a while when there are none, or the first one is still on its way. */
  List<SourceRecord> poll() throws InterruptedException {
    if (!sent) {
      List<SourceRecord> first = records.poll();
      if (first.isEmpty()) {
        return first;
      }
      sent = true;
      held = first.subList(1, first.size());
      return first.subList(0, 1);
    }
    if (!acknowledged.await(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return List.of();
    }
    List<SourceRecord> next = held.isEmpty() ? records.poll() : held;
    held = List.of();
    return next;
  }

  /** From any thread: a record of the task is in Kafka. */
  void acknowledge() {
    acknowledged.countDown();
  }
}
