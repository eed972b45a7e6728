package io.pgduplex.connect.source.capture;

import io.pgduplex.connect.source.position.EndOffset;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What one run of Debezium sees of Connect's offset storage: transaction ends only, in the form that it resumes from
 * without searching the WAL.
 *
 * <p>Debezium asks twice for different things. Starting, it asks where to resume; the answer is the run's own start, which
 * after a restart inside the task is ahead of the storage. Later, before each flush to the slot, it asks what Kafka has
 * acknowledged; the answer is what the storage holds, so the slot never passes a transaction that is not in Kafka.
 */
final class ResumingOffsets implements OffsetStorageReader {

  private final OffsetStorageReader stored;
  private final @Nullable EndOffset start;
  private volatile boolean started;

  ResumingOffsets(OffsetStorageReader stored, @Nullable EndOffset start) {
    this.stored = stored;
    this.start = start;
  }

  /** From now on Debezium gets what the storage holds. */
  void started() {
    started = true;
  }

  /**
   * Connect's context with this reader in it. A proxy, because the interface has grown: a class that implements the
   * newest form could not be loaded by the oldest worker that is supported.
   */
  SourceTaskContext in(SourceTaskContext context) {
    return (SourceTaskContext) Proxy.newProxyInstance(
        SourceTaskContext.class.getClassLoader(),
        new Class<?>[] {SourceTaskContext.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("offsetStorageReader")) {
            return this;
          }
          try {
            return method.invoke(context, arguments);
          } catch (InvocationTargetException e) {
            throw e.getTargetException();
          }
        });
  }

  @Override
  public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
    EndOffset end = started ? EndOffset.from(stored.offset(partition)) : start;
    return end == null ? null : end.toMap();
  }

  @Override
  public <T> Map<Map<String, T>, Map<String, Object>> offsets(
      Collection<Map<String, T>> partitions) {
    Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
    for (Map<String, T> partition : partitions) {
      Map<String, Object> offset = offset(partition);
      if (offset != null) {
        offsets.put(partition, offset);
      }
    }
    return offsets;
  }
}
