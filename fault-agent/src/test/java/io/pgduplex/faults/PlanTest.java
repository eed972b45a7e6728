package io.pgduplex.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final Stop FIRST = new Stop("a", "put (before)", 2, Action.FAIL);
  private static final Stop SECOND = new Stop("a", "put (after)", 1, Action.KILL);

  @Test
  void countsEachStopFromTheOneBefore() {
    Plan plan = new Plan(List.of(FIRST, SECOND));
    assertThat(plan.reach("a", "put (after)")).isNull();
    assertThat(plan.reach("a", "put (before)")).isNull();
    assertThat(plan.reach("b", "put (before)")).isNull();
    assertThat(plan.reach("a", "put (before)")).isEqualTo(FIRST);
    assertThat(plan.reach("a", "put (before)")).isNull();
    assertThat(plan.reach("a", "put (after)")).isEqualTo(SECOND);
    assertThat(plan.reach("a", "put (after)")).isNull();
  }

  @Test
  void readsWhatItWrites() {
    assertThat(Stop.parse(FIRST.toString())).isEqualTo(FIRST);
    assertThatThrownBy(() -> Stop.parse("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("connector, step, nth and action are wanted: a");
  }
}
