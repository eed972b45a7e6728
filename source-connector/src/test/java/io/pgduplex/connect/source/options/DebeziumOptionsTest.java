package io.pgduplex.connect.source.options;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.pgduplex.connect.source.options.Treatment.Allowed;
import io.pgduplex.connect.source.options.Treatment.Pinned;
import io.pgduplex.connect.source.options.Treatment.Refused;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

class DebeziumOptionsTest {

  @Test
  void everyOptionOfDebeziumIsClassed() throws IllegalAccessException {
    assertThat(debeziumsOptions())
        .as("Options of Debezium that DebeziumOptions does not class."
            + " Read what each does, then pin, allow or refuse it there")
        .isSubsetOf(DebeziumOptions.TABLE.keySet());
  }

  @Test
  void everyClassedOptionExists() throws IllegalAccessException {
    assertThat(DebeziumOptions.TABLE.keySet())
        .as(
            "Options that DebeziumOptions classes but Debezium no longer has. Remove them, or class what replaced them")
        .isSubsetOf(debeziumsOptions());
  }

  @Test
  void everyReasonIsGiven() {
    DebeziumOptions.TABLE.forEach((name, treatment) -> {
      if (treatment instanceof Refused refused) {
        assertThat(refused.reason()).as(name).isNotBlank();
      } else if (treatment instanceof Pinned pinned) {
        assertThat(pinned.reason()).as(name).isNotBlank();
      }
    });
  }

  @Test
  void debeziumTakesTheDerivedConfiguration() {
    Map<String, String> config =
        DebeziumConfig.of(Settings.of(Examples.forward()), List.of("public.orders"));
    List<String> errors =
        Configuration.from(config).validate(PostgresConnectorConfig.ALL_FIELDS).values().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();
    assertThat(errors).isEmpty();
    assertThat(config)
        .containsEntry("slot.name", "pgduplex_orders_forward")
        .containsEntry("publication.name", "pgduplex_orders_forward")
        .containsEntry("topic.prefix", "pgduplex_orders_forward")
        .containsEntry("plugin.name", "pgoutput")
        .containsEntry("event.converting.failure.handling.mode", "fail")
        .containsEntry("skipped.operations", "none")
        .containsEntry("snapshot.mode", "initial")
        .containsEntry("table.include.list", "(?-i)pgduplex\\x{2e}ddl\\x{5f}log,[\\s\\S]*")
        .doesNotContainKeys("schema.include.list", "transforms");
  }

  @Test
  void allowedOptionsAreDeclaredWithDebeziumsTextUnlessItWouldBeWrong() {
    DebeziumOptions.TABLE.forEach((name, treatment) -> {
      if (treatment instanceof Allowed allowed) {
        ConfigKey debeziums =
            requireNonNull(PostgresConnectorConfig.configDef().configKeys().get(name));
        assertThat(declared(name).documentation)
            .as(name)
            .isEqualTo(requireNonNullElse(allowed.ownText(), debeziums.documentation));
        assertThat(declared(name).group).as(name).isEqualTo(SourceOptions.DEBEZIUM);
        if (allowed.ownDefault() != null) {
          assertThat(allowed.ownText())
              .as("Debezium's text speaks of Debezium's default of %s; write one for ours", name)
              .isNotNull();
        }
      }
    });
    assertThat(declared("max.batch.size").defaultValue).isEqualTo(8192);
  }

  private static ConfigKey declared(String name) {
    return requireNonNull(SourceOptions.configDef().configKeys().get(name), name);
  }

  /** What Debezium declares, and what it reads without declaring it. */
  private static Set<String> debeziumsOptions() throws IllegalAccessException {
    Set<String> names = new TreeSet<>(PostgresConnectorConfig.configDef().names());
    PostgresConnectorConfig.ALL_FIELDS.forEach(field -> names.add(field.name()));
    for (Class<?> type = PostgresConnectorConfig.class; type != null; type = type.getSuperclass()) {
      for (java.lang.reflect.Field constant : type.getDeclaredFields()) {
        if (constant.getType() == Field.class
            && Modifier.isStatic(constant.getModifiers())
            && constant.trySetAccessible()) {
          names.add(((Field) constant.get(null)).name());
        }
      }
    }
    return names;
  }
}
