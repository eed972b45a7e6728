package io.pgduplex.connect.source.capture;

import io.debezium.connector.common.DebeziumTaskState;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.pgduplex.connect.source.position.EndOffset;
import java.util.List;
import java.util.Map;
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

  private DebeziumRun(PostgresConnectorTask task) {
    this.task = task;
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
    PostgresConnectorTask task = new IdentityTask();
    task.initialize(offsets.in(context));
    DebeziumRun run = new DebeziumRun(task);
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
    return run;
  }

  /** The next records; empty after the poll interval when there are none. */
  public List<SourceRecord> poll() throws InterruptedException {
    List<SourceRecord> records = task.poll();
    return records == null ? List.of() : records;
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
