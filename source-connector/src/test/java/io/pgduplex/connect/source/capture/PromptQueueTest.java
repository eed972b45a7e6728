package io.pgduplex.connect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.base.QueueProvider;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.util.LoggingContext;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Who spins asks the queue for its size thousands of times in a millisecond. */
class PromptQueueTest {

  private static final int FEW = 50;

  private final AtomicInteger looks = new AtomicInteger();
  private final ChangeEventQueue<DataChangeEvent> queue = new ChangeEventQueue.Builder<
          DataChangeEvent>()
      .pollInterval(Duration.ofHours(1))
      .maxBatchSize(1)
      .maxQueueSize(2)
      .loggingContextSupplier(() -> LoggingContext.forConnector("test", "test", "test"))
      .queueProvider(new CountedQueue())
      .build();

  PromptQueueTest() throws ReflectiveOperationException {
    PostgresConnectorTask task = new PostgresConnectorTask();
    Field field = PostgresConnectorTask.class.getDeclaredField("queue");
    field.setAccessible(true);
    field.set(task, queue);
    PromptQueue.in(task);
  }

  @Test
  void givesAtOnceWhatItHas() throws InterruptedException {
    assertThat(queue.poll()).isEmpty();
    queue.enqueue(event());
    assertThat(queue.poll()).hasSize(1);
    assertThat(queue.poll()).isEmpty();
    assertThat(looks).hasValueLessThan(FEW);
  }

  @Test
  void whoFindsItFullWaitsForAPoll() throws Exception {
    queue.enqueue(event());
    queue.enqueue(event());
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<?> third = threads.submit(() -> {
        queue.enqueue(event());
        return null;
      });
      // Long enough for whoever waits to look a few times, or a million times.
      Thread.sleep(300);
      assertThat(third).isNotDone();
      assertThat(looks).hasValueLessThan(FEW);
      assertThat(queue.poll()).hasSize(1);
      third.get();
      assertThat(queue.poll()).hasSize(1);
      assertThat(queue.poll()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static DataChangeEvent event() {
    return new DataChangeEvent(new SourceRecord(Map.of(), Map.of(), "topic", null, "value"));
  }

  /** Under the lock of the queue that it belongs to. */
  private final class CountedQueue implements QueueProvider<DataChangeEvent> {

    private final Queue<DataChangeEvent> events = new ArrayDeque<>();

    @Override
    public String name() {
      return "counted";
    }

    @Override
    public void configure(Map<String, ?> config) {}

    @Override
    public void enqueue(DataChangeEvent event) {
      events.add(event);
    }

    @Override
    public DataChangeEvent poll() {
      return events.remove();
    }

    @Override
    public int size() {
      looks.incrementAndGet();
      return events.size();
    }
  }
}
