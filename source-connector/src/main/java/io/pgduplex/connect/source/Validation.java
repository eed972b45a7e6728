package io.pgduplex.connect.source;

import io.pgduplex.connect.source.options.ConfigRules;
import io.pgduplex.connect.source.options.Problem;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import io.pgduplex.connect.source.prepare.Preparation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/** Checks a submitted configuration: each option, the options together, and, if those are right, the database. */
final class Validation {

  private final Map<String, String> submitted;
  private final Map<String, ConfigValue> values = new LinkedHashMap<>();

  Validation(Map<String, String> submitted) {
    this.submitted = submitted;
  }

  Config run() {
    SourceOptions.configDef().validate(submitted).forEach(value -> values.put(value.name(), value));
    ConfigRules.problems(submitted).forEach(this::add);
    if (values.values().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      new Preparation(Settings.of(submitted)).check().forEach(this::add);
    }
    return new Config(List.copyOf(values.values()));
  }

  private void add(Problem problem) {
    // Connect's own options are not declared here; without a value of theirs Connect shows the
    // message alone. The answer to POST never shows more than the messages, so each names its
    // option.
    values
        .computeIfAbsent(
            problem.option(),
            name -> new ConfigValue(name, null, new ArrayList<>(), new ArrayList<>()))
        .addErrorMessage(problem.toString());
  }
}
