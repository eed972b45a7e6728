package io.pgduplex.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackRuleTest {

  /** The truth table. A connector reads {@code reads}; what it lists; who wrote the row there; whether it goes on. */
  @ParameterizedTest(name = "{0}: {1} lists {2}, row written by {3}: {4}")
  @CsvSource(delimiter = '|', textBlock = """
      # topology    | connector (where it reads) | origins                                   | written by           | then
      pair          | ab.forward at A            | pgduplex_ab_reverse                       | pgduplex_ab_reverse  | dropped
      pair          | ab.reverse at B            | pgduplex_ab_forward                       | pgduplex_ab_forward  | dropped
      pair          | ab.forward at A            | pgduplex_ab_reverse                       | pgduplex_ab_forward  | passed
      chain A-B-C   | ab.reverse at B            | pgduplex_ab_forward                       | pgduplex_ab_forward  | dropped
      chain A-B-C   | bc.forward at B            | pgduplex_bc_reverse                       | pgduplex_ab_forward  | passed
      chain A-B-C   | bc.reverse at C            | pgduplex_bc_forward                       | pgduplex_bc_forward  | dropped
      chain A-B-C   | ab.reverse at B            | pgduplex_ab_forward                       | pgduplex_bc_reverse  | passed
      chain A-B-C   | ab.forward at A            | pgduplex_ab_reverse                       | pgduplex_ab_reverse  | dropped
      full mesh     | ab.forward at A            | pgduplex_ab_reverse,pgduplex_ac_reverse   | pgduplex_ab_reverse  | dropped
      full mesh     | ab.forward at A            | pgduplex_ab_reverse,pgduplex_ac_reverse   | pgduplex_ac_reverse  | dropped
      full mesh     | ab.reverse at B            | pgduplex_ab_forward,pgduplex_bc_reverse   | pgduplex_bc_reverse  | dropped
      full mesh     | bc.reverse at C            | pgduplex_?c_forward                       | pgduplex_ac_forward  | dropped
      full mesh     | bc.reverse at C            | pgduplex_*                                | pgduplex_ac_forward  | dropped
      subscription  | ab.forward at A            | pgduplex_ab_reverse                       | pg_16403             | passed
      subscription  | ab.forward at A            | pgduplex_*                                | pg_16403             | passed
      """)
  void decidesByOriginAlone(
      String topology, String connector, String origins, String writtenBy, String then) {
    LoopbackRule rule = new LoopbackRule(List.of(origins.split(",")));

    assertThat(rule.isLoopback(writtenBy, "public")).isEqualTo(then.equals("dropped"));
  }

  @ParameterizedTest
  @CsvSource({
    "pgduplex_a_reverse, pgduplex_a_reverse, true",
    "pgduplex_a_reverse, pgduplex_a_reverse2, false",
    "pgduplex_a_reverse, xpgduplex_a_reverse, false",
    "pgduplex_?_reverse, pgduplex_a_reverse, true",
    "pgduplex_?_reverse, pgduplex_ab_reverse, false",
    "pgduplex_?_reverse, pgduplex__reverse, false",
    "pgduplex_*_reverse, pgduplex__reverse, true",
    "pgduplex_*_reverse, pgduplex_a_b_reverse, true",
    "*, pg_16403, true",
    "pg.16403, pgx16403, false",
    "[a-z]\\d+, b1, false",
    "PG_1, pg_1, false",
  })
  void globsAreLiteralButForTheTwoWildcards(String glob, String origin, boolean foreign) {
    assertThat(new LoopbackRule(List.of(glob)).isLoopback(origin, "public")).isEqualTo(foreign);
  }

  @Test
  void controlRowsAlwaysPass() {
    LoopbackRule rule = new LoopbackRule(List.of("*"));

    assertThat(rule.isLoopback("pgduplex_ab_reverse", "pgduplex")).isFalse();
    assertThat(rule.isLoopback("pgduplex_ab_reverse", "pgduplex_data")).isTrue();
    assertThat(rule.isLoopback("pgduplex_ab_reverse", "PGDUPLEX")).isTrue();
  }

  @Test
  void answersStayRightWhenMoreOriginsComeThanItRemembers() {
    LoopbackRule rule = new LoopbackRule(List.of("pgduplex_*"));

    assertThat(IntStream.range(0, 2_000))
        .allMatch(i -> rule.isLoopback("pgduplex_" + i, "public"))
        .noneMatch(i -> rule.isLoopback("pg_" + i, "public"));
    assertThat(rule.isLoopback("pgduplex_0", "public")).isTrue();
  }
}
