package io.pgduplex.connect.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LongWorkTest {

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  private final CountDownLatch end = new CountDownLatch(1);

  private LongWork endless() {
    return LongWork.start("test", () -> {
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void isAwaitedAsLongAsThePatienceLasts() throws SQLException {
    LongWork work = endless();
    assertThat(work.isDone(Duration.ZERO)).isFalse();
    assertThat(work.isDone(Duration.ofMillis(20))).isFalse();
    end.countDown();
    assertThat(work.isDone(ENOUGH)).isTrue();
    assertThat(work.isDone(Duration.ZERO)).isTrue();
    work.result();
  }

  @Test
  void anInterruptEndsTheWaitAndStays() {
    LongWork work = endless();
    Thread.currentThread().interrupt();
    assertThat(work.isDone(ENOUGH)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
  }

  static Stream<Exception> errors() {
    return Stream.of(
        new SQLException("by the server", "42P01"), new ConnectException("of the definition"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void throwsWhatItMetAsItWas(Exception met) {
    LongWork work = LongWork.start("test", () -> {
      if (met instanceof SQLException error) {
        throw error;
      }
      throw (RuntimeException) met;
    });
    assertThat(work.isDone(ENOUGH)).isTrue();
    assertThatThrownBy(work::result).isSameAs(met);
  }
}
