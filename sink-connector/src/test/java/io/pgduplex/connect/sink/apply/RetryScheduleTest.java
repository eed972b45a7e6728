package io.pgduplex.connect.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

  private static final Duration BACKOFF = Duration.ofSeconds(1);

  /** Near its end, where the clock of {@link System#nanoTime} may stand too. */
  private long now = Long.MAX_VALUE - 5;

  private RetrySchedule schedule(Optional<Duration> limit) {
    return new RetrySchedule(BACKOFF, limit, () -> now);
  }

  private void pass(Duration duration) {
    now += duration.toNanos();
  }

  private static ConnectException tooLong() {
    return new ConnectException("too long");
  }

  @Test
  void doesNotWaitBeforeAFailure() {
    assertThat(schedule(Optional.empty()).remaining()).isZero();
  }

  @Test
  void waitsTheBackoff() {
    RetrySchedule retry = schedule(Optional.empty());
    assertThat(retry.failed(RetryScheduleTest::tooLong)).isEqualTo(BACKOFF);
    assertThat(retry.remaining())
        .as("a millisecond more, so as not to come too early")
        .isEqualTo(BACKOFF.plusMillis(1));
    pass(BACKOFF.minusNanos(1));
    assertThat(retry.remaining()).isPositive();
    pass(Duration.ofNanos(1));
    assertThat(retry.remaining()).isZero();
  }

  @Test
  void triesForEverWithoutALimit() {
    RetrySchedule retry = schedule(Optional.empty());
    for (int i = 0; i < 100; i++) {
      assertThat(retry.failed(RetryScheduleTest::tooLong)).isEqualTo(BACKOFF);
      pass(Duration.ofDays(1));
    }
  }

  @Test
  void givesUpAfterTheLimitCountedFromTheFirstFailure() {
    RetrySchedule retry = schedule(Optional.of(Duration.ofSeconds(10)));
    retry.failed(RetryScheduleTest::tooLong);
    pass(Duration.ofSeconds(9));
    retry.failed(RetryScheduleTest::tooLong);
    pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> retry.failed(RetryScheduleTest::tooLong))
        .isInstanceOf(ConnectException.class)
        .hasMessage("too long");
  }

  @Test
  void countsAnewAfterASuccess() {
    RetrySchedule retry = schedule(Optional.of(Duration.ofSeconds(10)));
    retry.failed(RetryScheduleTest::tooLong);
    pass(Duration.ofSeconds(60));
    retry.succeeded();
    assertThat(retry.failed(RetryScheduleTest::tooLong)).isEqualTo(BACKOFF);
  }

  @Test
  void pausesWithoutAFailure() {
    RetrySchedule retry = schedule(Optional.of(Duration.ofSeconds(10)));
    retry.pause(Duration.ofSeconds(60));
    assertThat(retry.remaining()).isEqualTo(Duration.ofSeconds(60).plusMillis(1));
    pass(Duration.ofSeconds(60));
    assertThat(retry.remaining()).isZero();
    assertThat(retry.failed(RetryScheduleTest::tooLong)).isEqualTo(BACKOFF);
  }
}
