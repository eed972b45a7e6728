package io.pgduplex.connect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;

class PostgresDuplexSourceConnectorTest {

  private final PostgresDuplexSourceConnector connector = new PostgresDuplexSourceConnector();

  @Test
  void isFoundByTheWorker() {
    assertThat(ServiceLoader.load(SourceConnector.class))
        .hasAtLeastOneElementOfType(PostgresDuplexSourceConnector.class);
    assertThat(connector.version()).isNotEqualTo("unknown").doesNotContain("$");
  }

  @Test
  void hasOneTaskHoweverManyAreAllowed() {
    Map<String, String> config = Map.of("link.name", "orders");
    connector.start(config);
    assertThat(connector.taskConfigs(8)).containsExactly(config);
    assertThat(connector.taskClass()).isEqualTo(PostgresDuplexSourceTask.class);
  }

  @Test
  void saysWhatItPromises() {
    assertThat(connector.exactlyOnceSupport(Map.of())).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    assertThat(connector.canDefineTransactionBoundaries(Map.of()))
        .isEqualTo(ConnectorTransactionBoundaries.UNSUPPORTED);
  }

  @Test
  void putsEachErrorOnItsOption() {
    Map<String, List<String>> errors =
        connector
            .validate(Map.of("link.direction", "sideways", "slot.name", "mine"))
            .configValues()
            .stream()
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    assertThat(errors)
        .hasEntrySatisfying(
            "link.direction", e -> assertThat(e).anyMatch(m -> m.contains("forward, reverse")))
        .hasEntrySatisfying("link.name", e -> assertThat(e).isNotEmpty())
        .hasEntrySatisfying(
            "database.hostname",
            e -> assertThat(e).anyMatch(m -> m.contains("Missing required configuration")))
        .hasEntrySatisfying(
            "producer.override.enable.idempotence",
            e -> assertThat(e)
                .singleElement()
                .asString()
                .startsWith("producer.override.enable.idempotence: must be true"))
        .hasEntrySatisfying("database.port", e -> assertThat(e).isEmpty());
  }

  @Test
  void takesBackOffsetsOnlyAtTransactionEnds() {
    Map<String, String> partition = Map.of("server", "pgduplex_orders_forward");
    Map<Map<String, ?>, Map<String, ?>> removal = new HashMap<>();
    removal.put(partition, null);
    assertThat(connector.alterOffsets(Map.of(), removal)).isTrue();
    assertThat(connector.alterOffsets(
            Map.of(), Map.of(partition, Map.of("lsn", 5L, "lsn_commit", 5L))))
        .isTrue();
    assertThatThrownBy(() -> connector.alterOffsets(Map.of(), Map.of(partition, Map.of("lsn", 5L))))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("an offset must be the LSN of a transaction's END marker");
  }
}
