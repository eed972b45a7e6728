package io.pgduplex.connect.source.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What no single option can tell: rules over the whole configuration that Connect will run the connector with. */
public final class ConfigRules {

  private static final Pattern UNRESOLVED = Pattern.compile("\\$\\{[^}]*\\}");

  private ConfigRules() {}

  /** Each on the option that is to be changed; empty when all is well. */
  public static List<Problem> problems(Map<String, String> submitted) {
    List<Problem> problems = new ArrayList<>();
    submitted.forEach((name, value) -> {
      if (value != null && UNRESOLVED.matcher(value).find()) {
        problems.add(new Problem(
            name,
            "holds a placeholder that the worker did not resolve: is the worker's config.providers set, and the variable"
                + " or key there and allowed?"));
      }
    });
    if (isBlank(submitted, SourceOptions.TABLE_INCLUDE_LIST)
        && isBlank(submitted, SourceOptions.SCHEMA_INCLUDE_LIST)) {
      problems.add(new Problem(
          SourceOptions.TABLE_INCLUDE_LIST,
          "this or " + SourceOptions.SCHEMA_INCLUDE_LIST + " must say which tables to replicate"));
    }
    problems.addAll(DebeziumRules.problems(submitted));
    problems.addAll(LoopbackRules.problems(submitted));
    problems.addAll(WorkerRules.problems(submitted));
    return problems;
  }

  private static boolean isBlank(Map<String, String> submitted, String name) {
    String value = submitted.get(name);
    return value == null || value.isBlank();
  }
}
