package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.TransformRules;
import io.pgduplex.connect.common.WorkerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What no single option can tell: rules over the whole configuration that Connect will run the connector with. */
public final class ConfigRules {

  private ConfigRules() {}

  /** Each on the option that is to be changed; empty when all is well. */
  public static List<Problem> problems(Map<String, String> submitted) {
    List<Problem> problems = new ArrayList<>(WorkerRules.problems(submitted));
    if (isBlank(submitted, SourceOptions.TABLE_INCLUDE_LIST)
        && isBlank(submitted, SourceOptions.SCHEMA_INCLUDE_LIST)) {
      problems.add(new Problem(
          SourceOptions.TABLE_INCLUDE_LIST,
          "this or " + SourceOptions.SCHEMA_INCLUDE_LIST + " must say which tables to replicate"));
    }
    problems.addAll(forwardOnly(submitted));
    problems.addAll(DebeziumRules.problems(submitted));
    problems.addAll(LoopbackRules.problems(submitted));
    problems.addAll(TransformRules.ofSource(submitted));
    problems.addAll(TopicRules.problems(submitted));
    return problems;
  }

  private static List<Problem> forwardOnly(Map<String, String> submitted) {
    if (!Direction.REVERSE.toString().equals(submitted.get(LinkOptions.LINK_DIRECTION))) {
      return List.of();
    }
    return Stream.of(SourceOptions.SYNC_SCHEMA, SourceOptions.DDL_SYNC)
        .filter(option -> Boolean.parseBoolean(submitted.get(option)))
        .map(
            option -> new Problem(
                option,
                "must be false for a reverse source: tables are made and changed on B only as they are on A"))
        .toList();
  }

  private static boolean isBlank(Map<String, String> submitted, String name) {
    String value = submitted.get(name);
    return value == null || value.isBlank();
  }
}
