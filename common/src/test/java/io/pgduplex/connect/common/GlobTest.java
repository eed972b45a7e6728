package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "pgduplex_a_reverse, pgduplex_a_reverse, true",
    "pgduplex_a_reverse, pgduplex_a_reversed, false",
    "pgduplex_*_reverse, pgduplex_orders_reverse, true",
    "pgduplex_?_reverse, pgduplex_ab_reverse, false",
    "pgduplex_?_reverse, pgduplex_a_reverse, true",
    "*, pg_16389, true",
    "pg.*, pgXY, false",
    "[a], a, false"
  })
  void matchesWhole(String glob, String text, boolean matches) {
    assertThat(new Glob(glob).matches(text)).isEqualTo(matches);
  }
}
