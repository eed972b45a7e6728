package io.pgduplex.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoPartitionTest {

  private long seconds = -100;
  private final NoPartition noPartition =
      new NoPartition(() -> Duration.ofSeconds(seconds).toNanos());

  /** After how many seconds something is said while one put follows the other. */
  private List<Long> saidWithin(Duration time) {
    List<Long> said = new ArrayList<>();
    long begin = seconds;
    for (; seconds <= begin + time.toSeconds(); seconds++) {
      noPartition.news().ifPresent(text -> {
        assertThat(text).contains("for " + (seconds - begin) + " s");
        said.add(seconds - begin);
      });
    }
    return said;
  }

  @Test
  void saysItAfterAMinuteAndThenEveryTen() {
    assertThat(saidWithin(Duration.ofMinutes(25))).containsExactly(60L, 660L, 1260L);
  }

  @Test
  void beginsAnewWhenThereWasAPartition() {
    assertThat(saidWithin(Duration.ofSeconds(59))).isEmpty();
    noPartition.over();
    assertThat(saidWithin(Duration.ofSeconds(61))).containsExactly(60L);
  }
}
