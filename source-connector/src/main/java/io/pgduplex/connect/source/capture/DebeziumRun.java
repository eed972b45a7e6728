package io.pgduplex.connect.source.capture;

import io.debezium.connector.common.DebeziumTaskState;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.pgduplex.connect.source.position.EndOffset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's task from one start to one stop. It never restarts itself: a failure ends the run, and whoever owns it
 * begins another.
 */
public final class DebeziumRun implements AutoCloseable {

  private final PostgresConnectorTask task;
  private final Duration pollInterval;
  private final FirstRecord first = new FirstRecord(this::pollDebezium);

  private DebeziumRun(PostgresConnectorTask task, Duration pollInterval) {
    this.task = task;
    this.pollInterval = pollInterval;
  }

  /**
   * Starts Debezium.
   *
   * @param start the END to resume after; null to begin with a snapshot, or at the slot's position
   * @throws RuntimeException whatever Debezium met; nothing is left running
   */
  public static DebeziumRun start(
      Map<String, String> config, SourceTaskContext context, @Nullable EndOffset start) {
    ResumingOffsets offsets = new ResumingOffsets(context.offsetStorageReader(), start);
    AbandonedMetrics.unregister(config.getOrDefault("topic.prefix", ""));
    PostgresConnectorTask task = new DecodingTask();
    task.initialize(offsets.in(context));
    Duration pollInterval =
        Duration.ofMillis(Long.parseLong(Objects.requireNonNull(config.get("poll.interval.ms"))));
    DebeziumRun run = new DebeziumRun(task, pollInterval);
    try {
      task.start(config);
      if (task.getTaskState() != DebeziumTaskState.RUNNING) {
        // Debezium swallows some failures of a start and would try again inside poll, with the old
        // position.
        throw new RetriableException("Debezium could not start; its log says why");
      }
    } catch (RuntimeException e) {
      run.closeAfter(e);
      throw e;
    }
    offsets.started();
    PromptQueue.in(task);
    return run;
  }

  /** The records that have come, the first one alone; empty after the poll interval when there are none. */
  public List<SourceRecord> poll() throws InterruptedException {
    return first.poll();
  }

  /** Kafka has acknowledged a record of the task. */
  public void acknowledge() {
    first.acknowledge();
  }

  private List<SourceRecord> pollDebezium() throws InterruptedException {
    List<SourceRecord> records = task.poll();
    if (records == null || records.isEmpty()) {
      Thread.sleep(pollInterval.toMillis());
      return List.of();
    }
    return records;
  }

  /** Lets Debezium tell the slot what the offset storage holds. */
  public void commit() throws InterruptedException {
    task.commit();
  }

  @Override
  public void close() {
    task.stop();
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
