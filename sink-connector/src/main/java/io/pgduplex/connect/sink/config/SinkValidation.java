package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.ConfigErrors;
import io.pgduplex.connect.common.LinkDirection;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;

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

  /** Nothing in a record says which way it goes, so a database's own changes would be applied to it again. */
  private static void notTheOppositeTopic(
      ConfigErrors errors, Map<String, String> config, String topic) {
    LinkDirection link;
    try {
      link = LinkDirection.from(config);
    } catch (ConfigException e) {
      // The option's own check says what is wrong.
      return;
    }
    if (topic.equals(link.opposite().defaultTopic())) {
      errors.add(
          "topics",
          "%s carries the opposite direction's changes; a %s sink reads %s"
              .formatted(topic, link.direction(), link.defaultTopic()));
    }
  }

  private static void oneTopicOneTask(ConfigErrors errors, Map<String, String> config) {
    String topics = config.getOrDefault("topics", "");
    if (config.containsKey("topics.regex")) {
      errors.add("topics.regex", "a direction has one topic; name it in 'topics'");
    } else if (topics.isBlank() || topics.contains(",")) {
      errors.add(
          "topics",
          "must name exactly one topic, the direction's, for example <link.name>.<link.direction>");
    } else {
      notTheOppositeTopic(errors, config, topics.strip());
    }
    errors.require("tasks.max", "1", "1", "a direction is one total order, so it has one task");
  }
}
