package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerRulesTest {

  private static final Map<String, String> VALID = Map.of(
      "key.converter", "org.apache.kafka.connect.json.JsonConverter",
      "value.converter", "org.apache.kafka.connect.json.JsonConverter");

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "tasks.max",
            "2",
            "tasks.max: must be 1: a direction is one total order, so it has one task"),
        Arguments.of(
            "errors.tolerance",
            "all",
            "errors.tolerance: must be none: a record that is skipped is a lost change"),
        Arguments.of(
            "value.converter",
            "org.apache.kafka.connect.storage.StringConverter",
            "value.converter: cannot carry a row change; use org.apache.kafka.connect.json.JsonConverter, or a converter"
                + " with a schema registry, the same at source and sink"),
        Arguments.of(
            "database.password",
            "${env:PGDUPLEX_B_PASSWORD}",
            "database.password: holds a placeholder that the worker did not resolve: is the worker's config.providers set, and"
                + " the variable or key there and allowed?"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void findsEach(String option, String value, String problem) {
    Map<String, String> config = new HashMap<>(VALID);
    config.put(option, value);
    assertThat(WorkerRules.problems(config)).extracting(Problem::toString).containsExactly(problem);
  }

  @Test
  void findsNothingWhereAllIsWell() {
    Map<String, String> config = new HashMap<>(VALID);
    config.put("tasks.max", "1");
    config.put("errors.tolerance", "none");
    assertThat(WorkerRules.problems(config)).isEmpty();
  }

  @Test
  void stopATaskWhoseWorkerHasLostAVariable() {
    Map<String, String> config = new HashMap<>(VALID);
    config.put("database.password", "${env:NOT_THERE}");
    assertThatThrownBy(() -> WorkerRules.require(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "database.password: holds a placeholder that the worker did not resolve");
    config.put("database.password", "secret");
    WorkerRules.require(config);
  }

  @Test
  void putsProblemsOnDeclaredAndOtherOptions() {
    ConfigValue declared = new ConfigValue("link.name", "x", new ArrayList<>(), new ArrayList<>());
    Config config = Problem.onOptions(
        List.of(declared),
        List.of(new Problem("link.name", "is short"), new Problem("tasks.max", "must be 1")));
    assertThat(config.configValues()).hasSize(2).first().isSameAs(declared);
    assertThat(declared.errorMessages()).containsExactly("link.name: is short");
    assertThat(config.configValues().get(1).errorMessages())
        .containsExactly("tasks.max: must be 1");
  }
}
