package io.pgduplex.connect.source.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.postgresql.geometric.PGpoint;
import org.postgresql.util.PGInterval;

class PostgresTextTest {

  @Test
  void writesDates() {
    assertThat(PostgresText.of(LocalDate.parse("2024-02-29"))).isEqualTo("2024-02-29");
    assertThat(PostgresText.of(LocalDate.of(-43, 3, 15))).isEqualTo("0044-03-15 BC");
    assertThat(PostgresText.of(LocalDate.of(0, 1, 1))).isEqualTo("0001-01-01 BC");
    assertThat(PostgresText.of(LocalDate.of(5874897, 12, 31))).isEqualTo("5874897-12-31");
    assertThat(PostgresText.of(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE))
        .isEqualTo("infinity");
    assertThat(PostgresText.of(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE))
        .isEqualTo("-infinity");
  }

  @Test
  void writesTimestamps() {
    assertThat(PostgresText.of(Instant.parse("2024-02-29T12:34:56.123456Z")))
        .isEqualTo("2024-02-29 12:34:56.123456");
    assertThat(PostgresText.of(Instant.parse("1582-10-10T00:00:00Z")))
        .isEqualTo("1582-10-10 00:00:00");
    assertThat(PostgresText.of(Instant.parse("-0043-03-15T10:00:00Z")))
        .isEqualTo("0044-03-15 10:00:00 BC");
    assertThat(PostgresText.of(PostgresValueConverter.POSITIVE_INFINITY_INSTANT))
        .isEqualTo("infinity");
    assertThat(PostgresText.of(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT))
        .isEqualTo("-infinity");
  }

  @Test
  void writesTimestampsWithZoneInUtc() {
    assertThat(PostgresText.of(OffsetDateTime.parse("2024-02-29T12:34:56.1+02:00")))
        .isEqualTo("2024-02-29 10:34:56.1+00");
    assertThat(PostgresText.of(OffsetDateTime.parse("-0043-03-15T10:00:00Z")))
        .isEqualTo("0044-03-15 10:00:00+00 BC");
    assertThat(PostgresText.of(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME))
        .isEqualTo("infinity");
    assertThat(PostgresText.of(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME))
        .isEqualTo("-infinity");
  }

  @Test
  void writesNumbers() {
    assertThat(PostgresText.of(new SpecialValueDecimal(new BigDecimal("1E+3")))).isEqualTo("1000");
    assertThat(PostgresText.of(new SpecialValueDecimal(new BigDecimal("1.500"))))
        .isEqualTo("1.500");
    assertThat(PostgresText.of(SpecialValueDecimal.NOT_A_NUMBER)).isEqualTo("NaN");
    assertThat(PostgresText.of(SpecialValueDecimal.NEGATIVE_INF)).isEqualTo("-Infinity");
    assertThat(PostgresText.of(new BigDecimal("-0.01"))).isEqualTo("-0.01");
    assertThat(PostgresText.of(7)).isEqualTo("7");
  }

  @Test
  void writesWhatTheDriverReads() throws SQLException {
    assertThat(PostgresText.of(new byte[] {(byte) 0xde, 0x01})).isEqualTo("\\xde01");
    assertThat(PostgresText.of(new PGpoint("(1.5,-2)"))).isEqualTo("(1.5,-2.0)");
    assertThat(PostgresText.of(new PGInterval("-1 years +2 days -03:04:05.000001")))
        .isEqualTo("-1 years 0 mons 2 days -3 hours -4 mins -5.000001 secs");
    assertThat(PostgresText.of(new PGInterval("-00:00:00.5")))
        .isEqualTo("0 years 0 mons 0 days 0 hours 0 mins -0.500000 secs");
  }

  @Test
  void writesOnePlaceholderForEveryUnchangedToastValue() {
    for (Object value : List.of(
        UnchangedToastedReplicationMessageColumn.UNCHANGED_TOAST_VALUE,
        UnchangedToastedReplicationMessageColumn.UNCHANGED_INT_ARRAY_TOAST_VALUE,
        UnchangedToastedReplicationMessageColumn.UNCHANGED_HSTORE_TOAST_VALUE)) {
      assertThat(PostgresText.of(value)).isEqualTo("__debezium_unavailable_value");
    }
  }

  @Test
  void stopsAtWhatItDoesNotKnow() {
    assertThatThrownBy(() -> PostgresText.of(Locale.ROOT))
        .isInstanceOf(DataException.class)
        .hasMessage("No exact text is known for a java.util.Locale");
  }
}
