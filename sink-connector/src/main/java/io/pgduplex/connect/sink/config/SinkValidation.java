package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.ConfigErrors;
import java.util.Map;
import org.apache.kafka.common.config.Config;

/** What the options of a sink must fulfil together, and with those that the worker reads itself. */
public final class SinkValidation {

  private SinkValidation() {}

  /** Adds to {@code result} what is wrong with {@code config}, each on the option at fault. */
  public static Config check(Config result, Map<String, String> config) {
    ConfigErrors errors = new ConfigErrors(result, config);
    errors.refuseUnresolvedPlaceholders();
    errors.refuseTextOnlyConverters();
    oneTopicOneTask(errors, config);
    errors.refuse(
        "errors.tolerance",
        "all",
        "a record that is skipped tears its transaction; leave it at none");
    String reset = config.getOrDefault("consumer.override.auto.offset.reset", "earliest");
    if (!reset.equals("earliest")) {
      errors.add(
          "consumer.override.auto.offset.reset",
          "must be earliest: a new direction begins with the topic's first record (after that the database's progress"
              + " counts, and an offset out of range stops the task)");
    }
    return result;
  }

  private static void oneTopicOneTask(ConfigErrors errors, Map<String, String> config) {
    String topics = config.getOrDefault("topics", "");
    if (config.containsKey("topics.regex")) {
      errors.add("topics.regex", "a direction has one topic; name it in 'topics'");
    } else if (topics.isBlank() || topics.contains(",")) {
      errors.add(
          "topics",
          "must name exactly one topic, the direction's, for example <link.name>.<link.direction>");
    }
    errors.require("tasks.max", "1", "1", "a direction is one total order, so it has one task");
  }
}
