package io.pgduplex.connect.sink.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Direction;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {

  @ParameterizedTest
  @CsvSource({
    "OVERWRITE, 1, 2, true",
    "IGNORE, 2, 1, false",
    "SKIP, 2, 1, false",
    "LAST_UPDATE_WINS, 2, 1, true",
    "LAST_UPDATE_WINS, 1, 2, false"
  })
  void decidesByPolicy(ConflictPolicy policy, long incoming, long local, boolean wins) {
    for (Direction direction : Direction.values()) {
      assertThat(new Judge(direction)
              .incomingWins(policy, OptionalLong.of(incoming), OptionalLong.of(local)))
          .isEqualTo(wins);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ConflictPolicy.class,
      names = {"TASK_FAILED"},
      mode = EnumSource.Mode.EXCLUDE)
  void aRowOfAFirstCopyNeverWins(ConflictPolicy policy) {
    assertThat(new Judge(Direction.FORWARD)
            .incomingWins(policy, OptionalLong.empty(), OptionalLong.of(1)))
        .isFalse();
  }

  @Test
  void whatTheServerHasForgottenIsOlder() {
    assertThat(new Judge(Direction.REVERSE)
            .incomingWins(
                ConflictPolicy.LAST_UPDATE_WINS, OptionalLong.of(1), OptionalLong.empty()))
        .isTrue();
  }

  /** Forward's sink is on B, where A's change comes in; reverse's on A, where the same change is the local one. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1", "3, 3"})
  void bothSidesGiveTheSameAnswer(long ofA, long ofB) {
    boolean staysOnB = new Judge(Direction.FORWARD)
        .incomingWins(ConflictPolicy.LAST_UPDATE_WINS, OptionalLong.of(ofA), OptionalLong.of(ofB));
    boolean staysOnA = !new Judge(Direction.REVERSE)
        .incomingWins(ConflictPolicy.LAST_UPDATE_WINS, OptionalLong.of(ofB), OptionalLong.of(ofA));
    assertThat(staysOnB).as("A's change").isEqualTo(staysOnA);
  }

  @Test
  void taskFailedDecidesNothing() {
    assertThatThrownBy(() -> new Judge(Direction.FORWARD)
            .incomingWins(ConflictPolicy.TASK_FAILED, OptionalLong.of(1), OptionalLong.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
