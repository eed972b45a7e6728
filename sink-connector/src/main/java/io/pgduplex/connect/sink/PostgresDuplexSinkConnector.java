package io.pgduplex.connect.sink;

import io.pgduplex.connect.common.BuildVersion;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.sink.apply.ProgressRequests;
import io.pgduplex.connect.sink.apply.TargetChecks;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.config.SinkOptions;
import io.pgduplex.connect.sink.config.SinkRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;

/** Applies a direction's topic to the other database. */
public final class PostgresDuplexSinkConnector extends SinkConnector {

  private Map<String, String> props = Map.of();

  @Override
  public String version() {
    return BuildVersion.get();
  }

  @Override
  public void start(Map<String, String> config) {
    props = Map.copyOf(config);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return PostgresDuplexSinkTask.class;
  }

  /** One task: a direction is one total order. */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(props);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return SinkOptions.CONFIG_DEF;
  }

  @Override
  public Config validate(Map<String, String> config) {
    List<ConfigValue> values = SinkOptions.CONFIG_DEF.validate(config);
    List<Problem> problems = new ArrayList<>(SinkRules.problems(config));
    if (problems.isEmpty()
        && values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
      problems.addAll(TargetChecks.problems(new SinkConfig(config)));
    }
    return Problem.onOptions(values, problems);
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> config, Map<TopicPartition, @Nullable Long> offsets) {
    new ProgressRequests(new SinkConfig(config)).alter(offsets);
    return true;
  }
}
