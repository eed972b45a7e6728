package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * What holds at source and sink alike for the options that Connect's worker reads itself: it takes them from the document
 * as submitted, so a connector cannot set them and insists instead.
 */
public final class WorkerRules {

  public static final String TASKS_MAX = "tasks.max";

  private static final Pattern UNRESOLVED = Pattern.compile("\\$\\{[^}]*}");

  private static final Set<String> TEXT_CONVERTERS = Set.of(
      "org.apache.kafka.connect.storage.StringConverter",
      "org.apache.kafka.connect.converters.ByteArrayConverter");

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
    if (TEXT_CONVERTERS.contains(submitted.getOrDefault("value.converter", ""))) {
      problems.add(new Problem(
          "value.converter",
          "cannot carry a row change; use"
              + " org.apache.kafka.connect.json.JsonConverter, or a converter with a schema registry, the same at source and"
              + " sink"));
    }
    return problems;
  }
}
