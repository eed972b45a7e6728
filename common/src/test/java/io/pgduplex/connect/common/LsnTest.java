package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LsnTest {

  @Test
  void readsAndWritesPostgresTextForm() {
    assertThat(Lsn.parse("16/B374D848"))
        .isEqualTo(new Lsn(0x16_B374_D848L))
        .hasToString("16/B374D848");
    assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF"))
        .isEqualTo(new Lsn(-1L))
        .hasToString("FFFFFFFF/FFFFFFFF");
  }

  @Test
  void ordersAsUnsigned() {
    assertThat(Lsn.parse("FFFFFFFF/0")).isGreaterThan(Lsn.parse("7FFFFFFF/FFFFFFFF"));
  }

  @Test
  void refusesOtherText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Lsn.parse("12"))
        .withMessageContaining("16/B374D848");
  }
}
