package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.OptionNames;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.TransformRules;
import io.pgduplex.connect.common.WorkerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/** What the options of a sink must fulfil together, and with those that the worker reads itself. */
public final class SinkRules {

  private SinkRules() {}

  /** Each on the option that is to be changed; empty when all is well. */
  public static List<Problem> problems(Map<String, String> submitted) {
    List<Problem> problems = new ArrayList<>(WorkerRules.problems(submitted));
    String topics = submitted.getOrDefault("topics", "");
    if (submitted.containsKey("topics.regex")) {
      problems.add(new Problem("topics.regex", "a direction has one topic; name it in 'topics'"));
    } else if (topics.isBlank() || topics.contains(",")) {
      problems.add(
          new Problem(
              "topics",
              "must name exactly one topic, the direction's, for example <link.name>.<link.direction>"));
    } else {
      notTheOppositeTopic(submitted, topics.strip()).ifPresent(problems::add);
    }
    String reset = "consumer.override.auto.offset.reset";
    if (!submitted.getOrDefault(reset, "earliest").equals("earliest")) {
      problems.add(new Problem(
          reset,
          "must be earliest: a new direction begins with the topic's first record (after that the database's progress"
              + " counts, and a topic that does not go on there stops the task)"));
    }
    if (submitted.containsKey(SinkOptions.DDL_UNSUPPORTED)
        && Direction.REVERSE
            .toString()
            .equals(submitted.getOrDefault(LinkOptions.LINK_DIRECTION, "").strip())) {
      problems.add(new Problem(
          SinkOptions.DDL_UNSUPPORTED,
          "belongs to a forward sink: in reverse no change of definitions is carried; remove it"));
    }
    problems.addAll(consumer(submitted));
    problems.addAll(TransformRules.ofSink(submitted));
    problems.addAll(OptionNames.ofSink(submitted, SinkOptions.CONFIG_DEF.names()));
    return problems;
  }

  private static List<Problem> consumer(Map<String, String> submitted) {
    List<Problem> problems = new ArrayList<>();
    String create = "consumer.override.allow.auto.create.topics";
    if (!submitted.getOrDefault(create, "").strip().equals("false")) {
      problems.add(new Problem(
          create,
          "must be false: a sink that comes before its source would have the topic made with the broker's own number of"
              + " partitions and retention"));
    }
    String isolation = "consumer.override.isolation.level";
    if (!submitted.getOrDefault(isolation, "").strip().equals("read_committed")) {
      problems.add(new Problem(
          isolation,
          "must be read_committed: on a worker with exactly.once.source.support the topic also holds what a source task"
              + " sent and then took back"));
    }
    String instance = "consumer.override.group.instance.id";
    if (submitted.containsKey(instance)) {
      problems.add(
          new Problem(
              instance,
              "must not be set: a static member that comes back to its group keeps the partitions that it had, none where the"
                  + " topic was made since, and would apply nothing without an error; remove it"
                  + " (consumer.override.session.timeout.ms is how long the group waits for a task that was killed)"));
    }
    return problems;
  }

  /** A database's own changes would be applied to it again. */
  private static Optional<Problem> notTheOppositeTopic(
      Map<String, String> submitted, String topic) {
    LinkDirection link;
    try {
      link = LinkDirection.from(submitted);
    } catch (ConfigException e) {
      // The option's own check says what is wrong.
      return Optional.empty();
    }
    return topic.equals(link.opposite().defaultTopic())
        ? Optional.of(new Problem(
            "topics",
            "%s carries the opposite direction's changes; a %s sink reads %s"
                .formatted(topic, link.direction(), link.defaultTopic())))
        : Optional.empty();
  }
}
