package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Finds options that nobody reads. Connect takes any name without a word, so a mistyped one would leave its option at the
 * default.
 */
public final class OptionNames {

  /** What the worker reads of every connector, in any of the versions that are supported. */
  private static final Set<String> OF_CONNECT = Set.of(
      "name",
      "connector.class",
      "connector.plugin.version",
      WorkerRules.TASKS_MAX,
      "tasks.max.enforce",
      "key.converter",
      "key.converter.plugin.version",
      "value.converter",
      "value.converter.plugin.version",
      "header.converter",
      "header.converter.plugin.version",
      "transforms",
      "predicates",
      "config.action.reload",
      "errors.tolerance",
      "errors.retry.timeout",
      "errors.retry.delay.max.ms",
      "errors.log.enable",
      "errors.log.include.messages");

  private static final Set<String> OF_SOURCES = Set.of(
      "topic.creation.groups",
      "exactly.once.support",
      "transaction.boundary",
      "transaction.boundary.interval.ms",
      "offsets.storage.topic");

  private static final Set<String> OF_SINKS = Set.of(
      "topics",
      "topics.regex",
      "errors.deadletterqueue.topic.name",
      "errors.deadletterqueue.topic.replication.factor",
      "errors.deadletterqueue.context.headers.enable");

  /**
   * Below these the names are those of a plugin or a client, and what it loads itself reads names of its own: only what
   * looks like a slip is refused.
   */
  private static final Map<String, Set<String>> OF_OTHERS = Map.of(
      "key.converter.", jsonConverter(),
      "value.converter.", jsonConverter(),
      "header.converter.", Set.of(),
      "producer.override.", ProducerConfig.configNames(),
      "consumer.override.", ConsumerConfig.configNames(),
      "admin.override.", AdminClientConfig.configNames());

  /** Below these comes an alias that the option without the dot lists. */
  private static final Map<String, Set<String>> BY_ALIAS = Map.of(
      "transforms.", Set.of(), "predicates.", Set.of(), "topic.creation.", Set.of("default"));

  private OptionNames() {}

  /** Those that a source connector with these options of its own has no use for, each with the name that may be meant. */
  public static List<Problem> ofSource(Map<String, String> submitted, Collection<String> own) {
    return problems(submitted, own, OF_SOURCES);
  }

  /** The same of a sink connector. */
  public static List<Problem> ofSink(Map<String, String> submitted, Collection<String> own) {
    return problems(submitted, own, OF_SINKS);
  }

  private static List<Problem> problems(
      Map<String, String> submitted, Collection<String> own, Set<String> ofKind) {
    Set<String> known = new TreeSet<>(own);
    known.addAll(OF_CONNECT);
    known.addAll(ofKind);
    List<Problem> problems = new ArrayList<>();
    for (String name : submitted.keySet()) {
      if (!known.contains(name)) {
        problem(name, submitted, known).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private static Optional<Problem> problem(
      String name, Map<String, String> submitted, Set<String> known) {
    for (Map.Entry<String, Set<String>> other : OF_OTHERS.entrySet()) {
      if (name.startsWith(other.getKey())) {
        return slip(name, other.getKey(), other.getValue());
      }
    }
    for (Map.Entry<String, Set<String>> aliased : BY_ALIAS.entrySet()) {
      if (name.startsWith(aliased.getKey())) {
        return unlisted(name, aliased.getKey(), aliased.getValue(), submitted);
      }
    }
    return Optional.of(unknown(name, nearest(name, known, Math.max(2, name.length() / 4))));
  }

  private static Optional<Problem> slip(String name, String prefix, Set<String> known) {
    String rest = name.substring(prefix.length());
    return known.contains(rest)
        ? Optional.empty()
        : nearest(rest, known, 2).map(meant -> unknown(name, Optional.of(prefix + meant)));
  }

  private static Optional<Problem> unlisted(
      String name, String prefix, Set<String> always, Map<String, String> submitted) {
    String list =
        prefix.equals("topic.creation.") ? "topic.creation.groups" : prefix.replace(".", "");
    Set<String> aliases = new TreeSet<>(always);
    aliases.addAll(WorkerRules.split(submitted.get(list)));
    int dot = name.indexOf('.', prefix.length());
    String alias = dot < 0 ? name.substring(prefix.length()) : name.substring(prefix.length(), dot);
    return aliases.contains(alias)
        ? Optional.empty()
        : Optional.of(new Problem(
            name,
            "belongs to '%s', which '%s' does not list, so it would have no effect"
                .formatted(alias, list)));
  }

  private static Problem unknown(String name, Optional<String> meant) {
    return new Problem(
        name,
        "is an option neither of this connector nor of Kafka Connect, and would have no effect"
            + meant.map(other -> "; is " + other + " meant?").orElse("; remove it"));
  }

  private static Optional<String> nearest(String name, Set<String> known, int limit) {
    TreeMap<Integer, String> byDistance = new TreeMap<>();
    known.forEach(other -> byDistance.putIfAbsent(distance(name, other), other));
    return Optional.ofNullable(byDistance.firstEntry())
        .filter(entry -> entry.getKey() <= limit)
        .map(Map.Entry::getValue);
  }

  /** Levenshtein's: how many characters to put in, take out or change. */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  private static Set<String> jsonConverter() {
    return Set.of(
        "schemas.enable",
        "schemas.cache.size",
        "replace.null.with.default",
        "decimal.format",
        "schema.content");
  }
}
