package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.WorkerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    }
    String reset = "consumer.override.auto.offset.reset";
    if (!submitted.getOrDefault(reset, "earliest").equals("earliest")) {
      problems.add(new Problem(
          reset,
          "must be earliest: a new direction begins with the topic's first record (after that the database's progress"
              + " counts, and a topic that does not go on there stops the task)"));
    }
    return problems;
  }
}
