package io.pgduplex.connect.sink;

import io.pgduplex.connect.common.BuildVersion;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.common.WorkerRules;
import io.pgduplex.connect.sink.apply.DirectionApplier;
import io.pgduplex.connect.sink.config.SinkConfig;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The task's lifecycle; the work is the {@link DirectionApplier}'s. */
public final class PostgresDuplexSinkTask extends SinkTask {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresDuplexSinkTask.class);
  private static final long FIRST_PUT_MS = 200;

  private @Nullable SinkConfig config;
  private @Nullable TopicPartition partition;
  private @Nullable DirectionApplier applier;
  private final NoPartition noPartition = new NoPartition(System::nanoTime);

  @Override
  public String version() {
    return BuildVersion.get();
  }

  @Override
  public void start(Map<String, String> props) {
    WorkerRules.require(props);
    config = new SinkConfig(props);
    // Connect would wait a minute for records before the first put; the session is to begin at
    // once.
    context.timeout(FIRST_PUT_MS);
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    for (TopicPartition opened : partitions) {
      if (opened.partition() != Wire.PARTITION
          || (partition != null && !partition.equals(opened))) {
        throw new ConnectException(
            "A direction has one topic with one partition, but the task was given " + partitions
                + ". Recreate the topic with one partition, and name one topic in 'topics'.");
      }
      closeApplier();
      partition = opened;
      applier = new DirectionApplier(Objects.requireNonNull(config), context, opened);
      noPartition.over();
    }
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    if (applier == null) {
      context.timeout(FIRST_PUT_MS);
      noPartition.news().ifPresent(LOG::warn);
    } else {
      applier.put(records);
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
    if (applier == null || partition == null || applier.committedOffset().isEmpty()) {
      return Map.of();
    }
    return Map.of(partition, new OffsetAndMetadata(applier.committedOffset().getAsLong()));
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    closeApplier();
    partition = null;
  }

  @Override
  public void stop() {
    closeApplier();
  }

  private void closeApplier() {
    if (applier != null) {
      applier.close();
      applier = null;
    }
  }
}
