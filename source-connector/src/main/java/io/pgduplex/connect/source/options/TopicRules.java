package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the worker's options must be for the topic that it makes and the producer that it runs. */
final class TopicRules {

  private static final String TOPIC_CREATION = "topic.creation.default.";
  private static final String PRODUCER = "producer.override.";

  private final Map<String, String> submitted;
  private final List<Problem> problems = new ArrayList<>();

  private TopicRules(Map<String, String> submitted) {
    this.submitted = submitted;
  }

  static List<Problem> problems(Map<String, String> submitted) {
    TopicRules rules = new TopicRules(submitted);
    rules.topic();
    rules.producer();
    return rules.problems;
  }

  private void topic() {
    if (Boolean.parseBoolean(submitted.get(SourceOptions.TOPIC_CREATION_EXTERNAL))) {
      return;
    }
    String otherwise =
        "; or create the topic yourself and set " + SourceOptions.TOPIC_CREATION_EXTERNAL + "=true";
    require(
        TOPIC_CREATION + "partitions",
        "1",
        "a direction is one total order in one partition" + otherwise);
    require(TOPIC_CREATION + "cleanup.policy", "delete", "compaction removes changes" + otherwise);
    if (value(TOPIC_CREATION + "replication.factor") == null) {
      add(
          TOPIC_CREATION + "replication.factor",
          "must be set, or the worker does not create the topic and nothing flows" + otherwise);
    }
    if (value(TOPIC_CREATION + "retention.ms") == null) {
      add(
          TOPIC_CREATION + "retention.ms",
          "must be set, to -1 or to longer than the sink can ever be away: what the broker removes before is lost"
              + otherwise);
    }
    if (value("topic.creation.groups") != null) {
      add(
          "topic.creation.groups",
          "a group could give the direction's topic other settings" + otherwise);
    }
  }

  private void producer() {
    require(
        PRODUCER + "enable.idempotence",
        "true",
        "Connect switches it off, and a lost acknowledgement then repeats records in the middle of a transaction");
    String acks = value(PRODUCER + "acks");
    if (acks != null && !acks.equals("all") && !acks.equals("-1")) {
      add(PRODUCER + "acks", "must be all: a record that only one broker had is lost with it");
    }
    String inFlight = value(PRODUCER + "max.in.flight.requests.per.connection");
    if (inFlight != null && !inFlight.matches("[1-5]")) {
      add(
          PRODUCER + "max.in.flight.requests.per.connection",
          "must be 1 to 5: with more the producer does not keep the order");
    }
  }

  private void require(String name, String wanted, String reason) {
    if (!wanted.equals(value(name))) {
      add(name, "must be " + wanted + ": " + reason);
    }
  }

  private @Nullable String value(String name) {
    String value = submitted.get(name);
    return value == null ? null : value.strip();
  }

  private void add(String name, String message) {
    problems.add(new Problem(name, message));
  }
}
