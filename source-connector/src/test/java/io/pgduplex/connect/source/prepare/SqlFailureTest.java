package io.pgduplex.connect.source.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFailureTest {

  @ParameterizedTest
  @ValueSource(strings = {"08001", "08006", "40001", "42710", "53300", "55006", "57P01", "57P03"})
  void passesByItself(String state) {
    assertThat(SqlFailure.isTransient(new IllegalStateException(new SQLException("x", state))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"28P01", "28000", "3D000", "42501", "42704", "53400", "58P01", "XX000"})
  void needsAHuman(String state) {
    assertThat(SqlFailure.isTransient(new IllegalStateException(new SQLException("x", state))))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42P01", "3F000", "XX000"})
  void isOfWhatIsGone(String state) {
    assertThat(SqlFailure.isOfWhatIsGone(new IllegalStateException(new SQLException("x", state))))
        .isTrue();
  }

  @Test
  void isOfNothingThatIsGone() {
    assertThat(SqlFailure.isOfWhatIsGone(new SQLException("no such publication", "42704")))
        .isFalse();
    assertThat(SqlFailure.isOfWhatIsGone(new SQLException("closed"))).isFalse();
    assertThat(SqlFailure.isOfWhatIsGone(new IllegalStateException("x"))).isFalse();
  }

  @Test
  void looksAtConnectionsWithoutAState() {
    assertThat(SqlFailure.isTransient(new SQLException("This connection has been closed.")))
        .isTrue();
    assertThat(SqlFailure.isTransient(new IllegalStateException(new ConnectException())))
        .isTrue();
    assertThat(SqlFailure.isTransient(new RetriableException("x"))).isTrue();
    assertThat(SqlFailure.isTransient(new IOException())).isTrue();
    assertThat(
            SqlFailure.isTransient(new IllegalStateException("a value that cannot be converted")))
        .isFalse();
  }
}
