package io.pgduplex.connect.sink.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.sink.PostgresDuplexSinkConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SinkRulesTest {

  private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

  private static final Map<String, String> VALID = Map.ofEntries(
      Map.entry("name", "orders-forward-sink"),
      Map.entry("connector.class", PostgresDuplexSinkConnector.class.getName()),
      Map.entry("topics", "orders.forward"),
      Map.entry("link.name", "orders"),
      Map.entry("link.direction", "forward"),
      Map.entry("database.hostname", "b.example.org"),
      Map.entry("database.user", "pgduplex"),
      Map.entry("database.dbname", "orders"),
      Map.entry("key.converter", JSON),
      Map.entry("value.converter", JSON),
      Map.entry("consumer.override.allow.auto.create.topics", "false"),
      Map.entry("consumer.override.isolation.level", "read_committed"));

  /** What the connector does before it looks at the database. */
  private static Config validate(Map<String, String> config) {
    return Problem.onOptions(SinkOptions.CONFIG_DEF.validate(config), SinkRules.problems(config));
  }

  /** The errors of a valid configuration in which one option is changed, null: taken out. */
  private static Map<String, List<String>> errors(String option, @Nullable String value) {
    Map<String, String> config = new HashMap<>(VALID);
    if (value == null) {
      config.remove(option);
    } else {
      config.put(option, value);
    }
    Map<String, List<String>> errors = new TreeMap<>();
    for (ConfigValue result : validate(config).configValues()) {
      if (!result.errorMessages().isEmpty()) {
        errors.put(result.name(), result.errorMessages());
      }
    }
    return errors;
  }

  @Test
  void findsNothingInAValidConfiguration() {
    assertThat(errors("link.name", "orders")).isEmpty();
    assertThat(errors("tasks.max", "1")).isEmpty();
    assertThat(errors("errors.tolerance", "none")).isEmpty();
    assertThat(errors("consumer.override.auto.offset.reset", "earliest")).isEmpty();
    assertThat(errors("value.converter", "org.apache.kafka.connect.json.JsonConverter"))
        .isEmpty();
    assertThat(errors("database.password", "")).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "topics",
            null,
            "topics: must name exactly one topic, the direction's, for example <link.name>.<link.direction>"),
        Arguments.of(
            "topics",
            "a,b",
            "topics: must name exactly one topic, the direction's, for example <link.name>.<link.direction>"),
        Arguments.of(
            "topics",
            "orders.reverse",
            "topics: orders.reverse carries the opposite direction's changes; a forward sink reads orders.forward"),
        Arguments.of(
            "topics.regex",
            "orders.*",
            "topics.regex: a direction has one topic; name it in 'topics'"),
        Arguments.of(
            "tasks.max",
            "2",
            "tasks.max: must be 1: a direction is one total order, so it has one task"),
        Arguments.of(
            "consumer.override.auto.offset.reset",
            "latest",
            "consumer.override.auto.offset.reset: must be earliest: a new direction begins with the topic's first record"
                + " (after that the database's progress counts, and a topic that does not go on there stops the task)"),
        Arguments.of(
            "consumer.override.allow.auto.create.topics",
            null,
            "consumer.override.allow.auto.create.topics: must be false: a sink that comes before its source would have the"
                + " topic made with the broker's own number of partitions and retention"),
        Arguments.of(
            "consumer.override.isolation.level",
            "read_uncommitted",
            "consumer.override.isolation.level: must be read_committed: on a worker with exactly.once.source.support the"
                + " topic also holds what a source task sent and then took back"),
        Arguments.of(
            "consumer.override.group.instance.id",
            "orders-forward-sink",
            "consumer.override.group.instance.id: must not be set: a static member that comes back to its group keeps the"
                + " partitions that it had, none where the topic was made since, and would apply nothing without an error;"
                + " remove it (consumer.override.session.timeout.ms is how long the group waits for a task that was"
                + " killed)"),
        Arguments.of(
            "conflict.polcy",
            "ignore",
            "conflict.polcy: is an option neither of this connector nor of Kafka Connect, and would have no effect; is"
                + " conflict.policy meant?"),
        Arguments.of(
            "table.include.list",
            "public.t",
            "table.include.list: is an option neither of this connector nor of Kafka Connect, and would have no effect;"
                + " remove it"),
        Arguments.of(
            "value.converter",
            "org.apache.kafka.connect.storage.StringConverter",
            "value.converter: cannot carry a row change; use org.apache.kafka.connect.json.JsonConverter, or a converter"
                + " with a schema registry, the same at source and sink"),
        Arguments.of(
            "link.name",
            "Orders",
            "Invalid value Orders for configuration link.name: must be 1 to 32 characters, a-z, 0-9 and _, and begin with"
                + " a letter: it becomes part of the names of slot, publication and origin"),
        Arguments.of(
            "link.direction",
            "backward",
            "Invalid value backward for configuration link.direction: String must be one of: forward, reverse"),
        Arguments.of(
            "conflict.policy",
            "Overwrite",
            "Invalid value Overwrite for configuration conflict.policy: String must be one of: task_failed, ignore,"
                + " overwrite, last_update_wins"),
        Arguments.of(
            "conflict.policy.overrides",
            "public.t=ignore,public.u=newest",
            "Invalid value [public.t=ignore, public.u=newest] for configuration conflict.policy.overrides:"
                + " 'public.u=newest' names the policy newest; there are task_failed, ignore, overwrite, last_update_wins, and"
                + " skip for update_missing"),
        Arguments.of(
            "batch.size",
            "0",
            "Invalid value 0 for configuration batch.size: Value must be at least 1"),
        Arguments.of(
            "ddl.unsupported",
            "ignore",
            "Invalid value ignore for configuration ddl.unsupported: String must be one of: fail, warn"),
        Arguments.of(
            "database.sslmode",
            "on",
            "Invalid value on for configuration database.sslmode: String must be one of: disable, allow, prefer, require,"
                + " verify-ca, verify-full"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void putsAMistakeOnItsOption(String option, @Nullable String value, String message) {
    assertThat(errors(option, value)).isEqualTo(Map.of(option, List.of(message)));
  }

  @Test
  void hasNoUseForUnsupportedDdlInReverse() {
    Map<String, String> config = new HashMap<>(VALID);
    config.put("ddl.unsupported", "warn");
    assertThat(SinkRules.problems(config)).isEmpty();
    config.put("link.direction", "reverse");
    config.put("topics", "orders.reverse");
    assertThat(SinkRules.problems(config))
        .extracting(Problem::toString)
        .containsExactly(
            "ddl.unsupported: belongs to a forward sink: in reverse no change of definitions is carried; remove it");
  }

  @Test
  void takesNoTransform() {
    Map<String, String> config = new HashMap<>(VALID);
    config.put("transforms", "small");
    config.put("transforms.small.type", "org.apache.kafka.connect.transforms.Filter");
    assertThat(SinkRules.problems(config))
        .extracting(Problem::toString)
        .containsExactly(
            "transforms.small.type: a sink takes none: a row that a transform drops, moves or changes would be lost or"
                + " wrong on the other side, unseen");
  }

  /** Connect would cast it to the option's type and answer with status 500. */
  @Test
  void givesNoTextAsTheValueOfConnectsOwnOptions() {
    Map<String, String> config = new HashMap<>(VALID);
    config.put("topics", "orders.reverse");
    config.put("tasks.max", "2");
    assertThat(validate(config).configValues())
        .filteredOn(value -> List.of("topics", "tasks.max").contains(value.name()))
        .hasSize(2)
        .allSatisfy(value -> assertThat(value.value()).isNull());
  }

  @Test
  void asksForWhatIsMissing() {
    for (String option : List.of(
        "link.name", "link.direction", "database.hostname", "database.user", "database.dbname")) {
      assertThat(errors(option, null).get(option))
          .as(option)
          .contains(
              "Missing required configuration \"" + option + "\" which has no default value.");
    }
  }
}
