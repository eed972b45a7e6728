package io.pgduplex.connect.source;

import io.pgduplex.connect.common.BuildVersion;
import io.pgduplex.connect.common.WorkerRules;
import io.pgduplex.connect.source.capture.Capture;
import io.pgduplex.connect.source.options.Settings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Reads one side's WAL into the direction's topic. A link's direction has exactly one such task. */
public final class PostgresDuplexSourceTask extends SourceTask {

  private volatile @Nullable Capture capture;

  @Override
  public String version() {
    return BuildVersion.get();
  }

  @Override
  public void start(Map<String, String> config) {
    WorkerRules.require(config);
    capture = new Capture(Settings.of(config), context);
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    Capture running = capture;
    return running == null ? List.of() : running.poll();
  }

  @Override
  public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
    Capture running = capture;
    if (running != null && metadata != null) {
      running.acknowledge();
    }
  }

  @Override
  public void commit() throws InterruptedException {
    Capture running = capture;
    if (running != null) {
      running.commit();
    }
  }

  @Override
  public void stop() {
    Capture running = capture;
    if (running != null) {
      running.close();
    }
  }
}
