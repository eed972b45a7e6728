package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdentifiersTest {

  @Test
  void quotesNames() {
    assertThat(Identifiers.quote("Order \"x\"")).isEqualTo("\"Order \"\"x\"\"\"");
    assertThat(Identifiers.quote("s.1", "t")).isEqualTo("\"s.1\".\"t\"");
    assertThat(Identifiers.quoteAll(List.of("a", "B"))).isEqualTo("\"a\", \"B\"");
  }

  @Test
  void writesStringConstants() {
    assertThat(Identifiers.literal("it's")).isEqualTo("'it''s'");
    assertThat(Identifiers.literal("a\\b'c")).isEqualTo(" E'a\\\\b''c'");
  }
}
