package io.pgduplex.connect.source;

import io.pgduplex.connect.common.BuildVersion;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.ConfigRules;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import io.pgduplex.connect.source.position.EndOffset;
import io.pgduplex.connect.source.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Step 1 of a link's direction: reads the WAL of one database through Debezium and writes row changes, transaction ends
 * and heartbeats, in commit order, to the direction's topic.
 */
public final class PostgresDuplexSourceConnector extends SourceConnector {

  private Map<String, String> config = Map.of();

  @Override
  public String version() {
    return BuildVersion.get();
  }

  @Override
  public ConfigDef config() {
    return SourceOptions.configDef();
  }

  @Override
  public Config validate(Map<String, String> submitted) {
    List<ConfigValue> values = SourceOptions.configDef().validate(submitted);
    List<Problem> problems = new ArrayList<>(ConfigRules.problems(submitted));
    if (problems.isEmpty()
        && values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
      problems.addAll(new Preparation(Settings.of(submitted)).check());
    }
    return Problem.onOptions(values, problems);
  }

  @Override
  public void start(Map<String, String> submitted) {
    config = Map.copyOf(submitted);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return PostgresDuplexSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(config);
  }

  @Override
  public void stop() {
    config = Map.of();
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> submitted) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
      Map<String, String> submitted) {
    return ConnectorTransactionBoundaries.UNSUPPORTED;
  }

  /** Offsets may be removed, or set to a transaction's end; anything else could lose or double changes. */
  @Override
  public boolean alterOffsets(
      Map<String, String> submitted, Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach((partition, offset) -> {
      if (offset != null && !EndOffset.isExact(offset)) {
        throw new ConnectException("Refused for " + partition
            + ": an offset must be the LSN of a transaction's END marker,"
            + " as {\"lsn\": n, \"lsn_commit\": n} with the same n, and not " + offset);
      }
    });
    return true;
  }
}
