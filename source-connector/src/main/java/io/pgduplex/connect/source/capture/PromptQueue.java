package io.pgduplex.connect.source.capture;

import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.lang.reflect.Field;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Makes Debezium's queue hand over at once what it has. By itself it waits the whole poll interval for a full batch, and
 * of that the last part of a millisecond without sleeping: at an interval of 5 ms an idle task would use a fifth of a core.
 */
final class PromptQueue {

  private PromptQueue() {}

  /** Takes the waiting out of the queue of a task that has been started. */
  static void in(PostgresConnectorTask task) {
    try {
      Field queue = PostgresConnectorTask.class.getDeclaredField("queue");
      Field interval = ChangeEventQueue.class.getDeclaredField("pollInterval");
      queue.setAccessible(true);
      interval.setAccessible(true);
      interval.set(queue.get(task), Duration.ZERO);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ConnectException("The bundled Debezium has no such queue: " + e, e);
    }
  }
}
