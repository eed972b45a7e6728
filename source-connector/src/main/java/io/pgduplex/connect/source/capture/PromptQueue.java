package io.pgduplex.connect.source.capture;

import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Makes Debezium's queue hand over at once what it has. By itself it waits the whole poll interval for a full batch, and
 * of that the last two milliseconds without sleeping and with the queue locked: at an interval of 5 ms an idle task would
 * use a fifth of a core.
 */
final class PromptQueue {

  /** The queue takes a wait for over once more milliseconds have passed than these. */
  private static final Duration NOTHING = Duration.ofMillis(-1);

  private PromptQueue() {}

  /** Takes the waiting out of the queue of a task that has been started. */
  static void in(PostgresConnectorTask task) {
    try {
      Object queue = field(PostgresConnectorTask.class, "queue").get(task);
      // First: with the interval alone, who finds the queue full would look again without a pause.
      Field room = field(ChangeEventQueue.class, "isNotFull");
      room.set(queue, new PatientCondition((Condition) room.get(queue)));
      field(ChangeEventQueue.class, "pollInterval").set(queue, NOTHING);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ConnectException("The bundled Debezium has no such queue: " + e, e);
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** Waits to be told of room in the queue, as each poll does, however short the interval is. */
  @SuppressWarnings("WaitNotInLoop") // The queue has the loop.
  private record PatientCondition(Condition room) implements Condition {

    /** Nobody tells of a queue that was closed. */
    private static final Duration AT_LEAST = Duration.ofMillis(100);

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
      return room.await(AT_LEAST.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void await() throws InterruptedException {
      room.await();
    }

    @Override
    public void awaitUninterruptibly() {
      room.awaitUninterruptibly();
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
      return room.awaitNanos(nanos);
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
      return room.awaitUntil(deadline);
    }

    @Override
    public void signal() {
      room.signal();
    }

    @Override
    public void signalAll() {
      room.signalAll();
    }
  }
}
