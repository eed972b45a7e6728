package io.pgduplex.connect.sink.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

  private static SQLException error(@Nullable String state) {
    return new SQLException("message", state);
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      # connection lost, refused, failed
      08000, TRANSIENT
      08001, TRANSIENT
      08003, TRANSIENT
      08006, TRANSIENT
      # disk full, out of memory, too many connections
      53100, TRANSIENT
      53200, TRANSIENT
      53300, TRANSIENT
      53400, FATAL
      # the old primary after a failover
      25006, TRANSIENT
      40001, TRANSIENT
      40P01, TRANSIENT
      55006, TRANSIENT
      55P03, TRANSIENT
      57014, TRANSIENT
      57P01, TRANSIENT
      57P02, TRANSIENT
      57P03, TRANSIENT
      57P05, TRANSIENT
      # out of range, too long, no such enum value
      22003, DATA
      22001, DATA
      22P02, DATA
      # not null, foreign key, unique, check, exclusion
      23502, DATA
      23503, DATA
      23505, DATA
      23514, DATA
      23P01, DATA
      44000, DATA
      # no such table or column, no privilege, syntax
      42P01, FATAL
      42703, FATAL
      42501, FATAL
      42601, FATAL
      428C9, FATAL
      0A000, FATAL
      28P01, FATAL
      3D000, FATAL
      57P04, FATAL
      25P02, FATAL
      XX000, FATAL
      """)
  void classesBySqlState(String state, ErrorClass expected) {
    assertThat(SqlErrors.classify(error(state))).isEqualTo(expected);
  }

  @Test
  void takesAnErrorWithoutSqlStateForTheConnections() {
    assertThat(SqlErrors.classify(error(null))).isEqualTo(ErrorClass.TRANSIENT);
  }

  @ParameterizedTest
  @CsvSource({
    "42501, ' Grant what the message names to the connector''s role, then restart the task.'",
    "28P01, ' Check database.user, database.password and the server''s pg_hba.conf.'",
    "28000, ' Check database.user, database.password and the server''s pg_hba.conf.'",
    "3D000, ' Check database.dbname.'",
    "42P01, ' Create it as on the other side, then restart the task.'",
    "42703, ' Create it as on the other side, then restart the task.'",
    "42704, ' Create it as on the other side, then restart the task.'",
    "22001, ' Make the target''s table take the row as the source''s did, then restart the task.'",
    "23514, ' Make the target''s table take the row as the source''s did, then restart the task.'",
    "XX000, ''"
  })
  void saysWhatToDo(String state, String advice) {
    assertThat(SqlErrors.advice(error(state))).isEqualTo(advice);
  }

  @Test
  void hasNoAdviceWithoutSqlState() {
    assertThat(SqlErrors.advice(error(null))).isEmpty();
  }
}
