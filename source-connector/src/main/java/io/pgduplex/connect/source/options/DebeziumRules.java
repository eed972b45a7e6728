package io.pgduplex.connect.source.options;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.OptionNames;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Treatment.Pinned;
import io.pgduplex.connect.source.options.Treatment.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;

/** Debezium's options: no pinned one with another value, no refused one, none that nobody knows. */
final class DebeziumRules {

  /** Options by pattern, so not in the table, and why they are refused. */
  static final Map<String, String> REFUSED_PREFIXES = Map.of(
      "column.mask.",
      DebeziumOptions.WHOLE_ROWS,
      "column.truncate.",
      DebeziumOptions.WHOLE_ROWS,
      "snapshot.select.statement.overrides.",
      DebeziumOptions.SNAPSHOT_FIXED,
      DebeziumConfig.CONVERTER + ".",
      DebeziumOptions.WHOLE_ROWS);

  private DebeziumRules() {}

  static List<Problem> problems(Map<String, String> submitted) {
    Optional<LinkDirection> link = link(submitted);
    List<Problem> problems = new ArrayList<>();
    submitted.forEach((name, value) -> {
      Treatment treatment = DebeziumOptions.TABLE.get(name);
      if (treatment == null) {
        refusedByPattern(name).ifPresent(problems::add);
      } else if (treatment instanceof Refused refused) {
        problems.add(new Problem(name, "cannot be set: " + refused.reason()));
      } else if (treatment instanceof Pinned pinned && link.isPresent()) {
        String fixed = pinned.value().apply(link.get());
        if (!fixed.equals(value)) {
          problems.add(new Problem(
              name, "is always '%s' here; remove it: %s".formatted(fixed, pinned.reason())));
        }
      }
    });
    problems.addAll(unknown(submitted));
    if (problems.isEmpty()) {
      problems.addAll(ownRules(submitted));
    }
    return problems;
  }

  private static List<Problem> unknown(Map<String, String> submitted) {
    Map<String, String> unclassed = new HashMap<>(submitted);
    unclassed
        .keySet()
        .removeIf(name ->
            DebeziumOptions.TABLE.containsKey(name) || refusedByPattern(name).isPresent());
    return OptionNames.ofSource(unclassed, SourceOptions.configDef().names());
  }

  private static Optional<Problem> refusedByPattern(String name) {
    return REFUSED_PREFIXES.entrySet().stream()
        .filter(prefix -> name.startsWith(prefix.getKey()))
        .findFirst()
        .map(prefix -> new Problem(name, "cannot be set: " + prefix.getValue()));
  }

  /** What Debezium itself says about the values that it would get, such as a queue smaller than a batch. */
  private static List<Problem> ownRules(Map<String, String> submitted) {
    Settings settings;
    try {
      settings = Settings.of(submitted);
    } catch (ConfigException e) {
      // Each option has been checked by itself, and this one has its message.
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    Configuration.from(DebeziumConfig.of(settings, List.of()))
        .validate(PostgresConnectorConfig.ALL_FIELDS)
        .forEach((name, value) ->
            value.errorMessages().forEach(message -> problems.add(new Problem(name, message))));
    return problems;
  }

  private static Optional<LinkDirection> link(Map<String, String> submitted) {
    try {
      return Optional.of(LinkDirection.from(submitted));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }
}
