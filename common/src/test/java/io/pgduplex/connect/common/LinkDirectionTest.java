package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkDirectionTest {

  @Test
  void namesEverythingAfterTheLink() {
    LinkDirection forward = new LinkDirection("orders", Direction.FORWARD);
    assertThat(forward.objectName()).isEqualTo("pgduplex_orders_forward");
    assertThat(forward.origin()).isEqualTo("pgduplex_orders_forward");
    assertThat(forward.defaultTopic()).isEqualTo("orders.forward");
    assertThat(forward.opposite().origin()).isEqualTo("pgduplex_orders_reverse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Orders", "1st", "a-b", "a.b", "x2345678901234567890123456789012345"})
  void refusesNamesThatCannotBePartOfASlotName(String name) {
    assertThatThrownBy(() -> new LinkDirection(name, Direction.FORWARD))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("link.name")
        .hasMessageContaining("1 to 32 characters");
  }

  @Test
  void refusesAnUnknownDirection() {
    assertThatThrownBy(
            () -> LinkDirection.from(Map.of("link.name", "orders", "link.direction", "backward")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("link.direction")
        .hasMessageContaining("'forward' (A to B) or 'reverse' (B to A)");
  }
}
