package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * What holds at source and sink alike for the options that Connect's worker reads itself: it takes them from the document
 * as submitted, so a connector cannot set them and insists instead.
 */
public final class WorkerRules {

  public static final String TASKS_MAX = "tasks.max";

  private static final Pattern UNRESOLVED = Pattern.compile("\\$\\{[^}]*}");

  /** Those of Kafka Connect itself that can carry no fields. */
  private static final Set<String> PLAIN_CONVERTERS = Set.of(
      "org.apache.kafka.connect.storage.StringConverter",
      "org.apache.kafka.connect.converters.ByteArrayConverter",
      "org.apache.kafka.connect.converters.BooleanConverter",
      "org.apache.kafka.connect.converters.DoubleConverter",
      "org.apache.kafka.connect.converters.FloatConverter",
      "org.apache.kafka.connect.converters.IntegerConverter",
      "org.apache.kafka.connect.converters.LongConverter",
      "org.apache.kafka.connect.converters.ShortConverter");

  private WorkerRules() {}

  /**
   * For a task's start: what was right when the document was submitted may no longer be, a worker may have been started
   * without a variable since. Throws {@link ConfigException} with all that is wrong.
   */
  public static void require(Map<String, String> config) {
    List<Problem> problems = problems(config);
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
  }

  /** Each on the option that is to be changed; empty when all is well. */
  public static List<Problem> problems(Map<String, String> submitted) {
    List<Problem> problems = new ArrayList<>();
    submitted.forEach((name, value) -> {
      if (value != null && UNRESOLVED.matcher(value).find()) {
        problems.add(new Problem(
            name,
            "holds a placeholder that the worker did not resolve: is the worker's config.providers set, and the variable or key"
                + " there and allowed?"));
      }
    });
    if (!submitted.getOrDefault(TASKS_MAX, "1").strip().equals("1")) {
      problems.add(
          new Problem(TASKS_MAX, "must be 1: a direction is one total order, so it has one task"));
    }
    if (submitted.getOrDefault("errors.tolerance", "none").strip().equals("all")) {
      problems.add(new Problem(
          "errors.tolerance", "must be none: a record that is skipped is a lost change"));
    }
    converter(submitted, "key.converter").ifPresent(problems::add);
    converter(submitted, "value.converter").ifPresent(problems::add);
    return problems;
  }

  private static Optional<Problem> converter(Map<String, String> submitted, String option) {
    String converter = submitted.getOrDefault(option, "").strip();
    String advice =
        "; use org.apache.kafka.connect.json.JsonConverter, or a converter with a schema registry, the same at"
            + " source and sink";
    if (converter.isEmpty()) {
      return Optional.of(
          new Problem(option, "must be set: the worker's own default is not known here" + advice));
    }
    return PLAIN_CONVERTERS.contains(converter)
        ? Optional.of(new Problem(option, "cannot carry a row change" + advice))
        : Optional.empty();
  }

  /** The entries of a list as the worker reads it. */
  public static List<String> split(@Nullable String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .toList();
  }
}
