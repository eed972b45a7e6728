package io.pgduplex.connect.source.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRulesTest {

  @Test
  void findsNothingWrongWithTheExample() {
    assertThat(ConfigRules.problems(Examples.forward())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "table.include.list                        | must say which tables",
        "key.converter                             | must be set: the worker's own default",
        "value.converter                           | must be set: the worker's own default",
        "transforms.dropLoopback.origins           | must name pgduplex_orders_reverse",
        "topic.creation.default.partitions         | must be 1: a direction is one total order",
        "topic.creation.default.replication.factor | must be set, or the worker does not create the topic",
        "topic.creation.default.cleanup.policy     | must be delete: compaction removes changes",
        "topic.creation.default.retention.ms       | must be set, to -1 or to longer than the sink",
        "producer.override.enable.idempotence      | must be true: Connect switches it off",
      })
  void insistsOn(String option, String message) {
    assertOnly(Examples.forwardWithout(option), option, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transforms.dropLoopback.predicate | isRow | DropLoopback must see every record",
        "transforms.dropLoopback.origins | pgduplex_orders_forward | must name pgduplex_orders_reverse",
        "topic.creation.default.partitions | 3 | must be 1",
        "topic.creation.default.cleanup.policy | compact | must be delete",
        "topic.creation.groups | mine | a group could give the direction's topic other settings",
        "producer.override.enable.idempotence | false | must be true",
        "producer.override.acks | 1 | must be all",
        "producer.override.max.in.flight.requests.per.connection | 6 | must be 1 to 5",
        "tasks.max | 2 | must be 1",
        "errors.tolerance | all | must be none",
        "value.converter | org.apache.kafka.connect.storage.StringConverter | cannot carry a row change",
        "value.converter | org.apache.kafka.connect.converters.ByteArrayConverter | cannot carry a row change",
        "database.password | ${env:PASSWORD} | holds a placeholder that the worker did not resolve",
        "slot.name | mine | is always 'pgduplex_orders_forward' here",
        "plugin.name | decoderbufs | is always 'pgoutput' here",
        "event.converting.failure.handling.mode | warn | is always 'fail' here",
        "skipped.operations | t | is always 'none' here",
        "table.exclude.list | public.x | cannot be set: the publication is the only selection",
        "message.key.columns | t:id | cannot be set: the sink takes identity from the replica identity",
        "post.processors | x | cannot be set: it changes or hides values",
        "converters | x | is always 'pgduplex' here",
        "column.mask.with.10.chars | t.c | cannot be set: it changes or hides values",
        "column.truncate.to.5.chars | t.c | cannot be set: it changes or hides values",
        "snapshot.select.statement.overrides | t | cannot be set: the snapshot must be",
        "snapshot.select.statement.overrides.t | select 1 | cannot be set: the snapshot must be",
        "signal.data.collection | s.t | cannot be set: signals write into the stream",
        "key.converter | org.apache.kafka.connect.storage.StringConverter | cannot carry a row change",
        "database.applicationName | x | is an option neither of this connector nor of Kafka Connect, and would have no effect; remove it",
        "driver.socketTimeout | 5 | and would have no effect; remove it",
        "snapshot.mod | initial | and would have no effect; is snapshot.mode meant?",
        "table.include.lst | x | is table.include.list meant?",
        "error.tolerance | all | is errors.tolerance meant?",
        "conflict.policy | ignore | and would have no effect; remove it",
        "producer.override.enable.idempotance | true | is producer.override.enable.idempotence meant?",
        "value.converter.schema.enable | false | is value.converter.schemas.enable meant?",
        "transforms.dropLopback.origins | x | belongs to 'dropLopback', which 'transforms' does not list",
        "transforms.dropLoopback.origin | x | is not an option of DropLoopback",
        "predicates.isRow.type | x | belongs to 'isRow', which 'predicates' does not list",
        "topic.creation.mine.partitions | 1 | belongs to 'mine', which 'topic.creation.groups' does not list",
        "max.queue.size | 100 | Must be larger than the maximum batch size",
      })
  void refuses(String option, String value, String message) {
    assertOnly(Examples.forward(option, value), option, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pgduplex_orders_reverse",
        "pgduplex_orders_*",
        "a, *_reverse",
        "pgduplex?orders_reverse"
      })
  void takesGlobsThatMatchTheOppositeOrigin(String origins) {
    assertThat(ConfigRules.problems(Examples.forward("transforms.dropLoopback.origins", origins)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.kafka.connect.transforms.Filter",
        "org.apache.kafka.connect.transforms.RegexRouter",
        "org.apache.kafka.connect.transforms.ReplaceField$Value",
        "com.example.Unknown"
      })
  void takesNoTransformThatCouldLoseOrChangeRows(String type) {
    Map<String, String> config = Examples.forward("transforms", "dropLoopback,mine");
    config.put("transforms.mine.type", type);
    assertOnly(
        config,
        "transforms.mine.type",
        "only DropLoopback and org.apache.kafka.connect.transforms.InsertHeader are taken");
  }

  @Test
  void makesTablesForwardOnly() {
    Map<String, String> config = Examples.forward("sync.schema", "true");
    assertThat(ConfigRules.problems(config)).isEmpty();
    config.put("link.direction", "reverse");
    config.put("transforms.dropLoopback.origins", "pgduplex_orders_forward");
    assertOnly(config, "sync.schema", "must be false for a reverse source");
    config.put("sync.schema", "false");
    assertThat(ConfigRules.problems(config)).isEmpty();
  }

  @Test
  void insistsOnTheCutOfTheLoop() {
    Map<String, String> config = Examples.forward();
    config.keySet().removeIf(name -> name.startsWith("transforms"));
    assertOnly(config, "transforms", "must have io.pgduplex.connect.transforms.DropLoopback");
  }

  @Test
  void takesATransformThatAddsAHeaderOfAnotherName() {
    Map<String, String> config = Examples.forward("transforms", "dropLoopback,mine");
    config.put("transforms.mine.type", "org.apache.kafka.connect.transforms.InsertHeader");
    config.put("transforms.mine.header", "team");
    assertThat(ConfigRules.problems(config)).isEmpty();
    config.put("transforms.mine.header", "pgduplex.seq");
    assertOnly(config, "transforms.mine.header", "must not begin with pgduplex.");
  }

  @Test
  void leavesNamesToThoseWhoReadThem() {
    Map<String, String> config = Examples.forward();
    config.put("value.converter.schema.registry.url", "http://registry");
    config.put("producer.override.metrics.of.an.interceptor", "x");
    config.put("exactly.once.support", "required");
    config.put("transforms.dropLoopback.negate", "false");
    assertThat(ConfigRules.problems(config)).isEmpty();
  }

  @Test
  void leavesTheTopicToAnAdministratorWhoSaysSo() {
    Map<String, String> config = Examples.forward("topic.creation.external", "true");
    config.keySet().removeIf(name -> name.startsWith("topic.creation.default."));
    assertThat(ConfigRules.problems(config)).isEmpty();
  }

  @Test
  void takesAPinnedOptionWithItsOwnValue() {
    assertThat(ConfigRules.problems(Examples.forward("plugin.name", "pgoutput")))
        .isEmpty();
  }

  private static void assertOnly(Map<String, String> config, String option, String message) {
    List<Problem> problems = ConfigRules.problems(config);
    assertThat(problems).as(problems.toString()).hasSize(1);
    assertThat(problems.get(0).option()).isEqualTo(option);
    assertThat(problems.get(0).message()).contains(message);
  }
}
