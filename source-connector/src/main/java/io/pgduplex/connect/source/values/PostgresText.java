package io.pgduplex.connect.source.values;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.pgduplex.connect.common.Wire;
import java.math.BigDecimal;
import java.sql.Array;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.kafka.connect.errors.DataException;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/** Writes what Debezium read, from WAL or from a snapshot, as the text that PostgreSQL reads back as the same value. */
final class PostgresText {

  private static final String INFINITY = "infinity";
  private static final String MINUS_INFINITY = "-infinity";

  /** No year zero: PostgreSQL, like java.time's year of era, counts 1 BC before AD 1, and writes BC at the end. */
  private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
      .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, SignStyle.NEVER)
      .appendPattern("-MM-dd")
      .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
      .append(DATE)
      .appendPattern(" HH:mm:ss")
      .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
      .toFormatter(Locale.ROOT);

  private PostgresText() {}

  static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof SpecialValueDecimal number) {
      return number
          .getDecimalValue()
          .map(BigDecimal::toPlainString)
          .orElseGet(() -> String.valueOf(number.toDouble()));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
      return Wire.UNAVAILABLE_VALUE;
    }
    return ofDriverObject(value);
  }

  private static String ofDriverObject(Object value) {
    if (value instanceof Instant || value instanceof LocalDate || value instanceof OffsetDateTime) {
      return ofTime(value);
    }
    if (value instanceof PGInterval interval) {
      return interval(interval);
    }
    if (value instanceof PGobject object && object.getValue() != null) {
      return object.getValue();
    }
    if (value instanceof Array) {
      // The driver's array keeps the text that the server sent; getArray() would parse it, and
      // lose.
      return value.toString();
    }
    throw new DataException("No exact text is known for a " + value.getClass().getName());
  }

  private static String ofTime(Object value) {
    if (value instanceof LocalDate date) {
      return date(date);
    }
    if (value instanceof Instant instant) {
      return timestamp(instant);
    }
    OffsetDateTime time = (OffsetDateTime) value;
    if (time.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
      return INFINITY;
    }
    if (time.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)) {
      return MINUS_INFINITY;
    }
    LocalDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    return TIMESTAMP.format(utc) + "+00" + era(utc.getYear());
  }

  private static String date(LocalDate date) {
    if (date.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) {
      return INFINITY;
    }
    if (date.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)) {
      return MINUS_INFINITY;
    }
    return DATE.format(date) + era(date.getYear());
  }

  private static String timestamp(Instant instant) {
    if (instant.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) {
      return INFINITY;
    }
    if (instant.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)) {
      return MINUS_INFINITY;
    }
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    return TIMESTAMP.format(time) + era(time.getYear());
  }

  private static String era(int year) {
    return year < 1 ? " BC" : "";
  }

  private static String interval(PGInterval interval) {
    BigDecimal seconds = BigDecimal.valueOf(interval.getWholeSeconds())
        .add(BigDecimal.valueOf(interval.getMicroSeconds(), 6));
    return "%d years %d mons %d days %d hours %d mins %s secs"
        .formatted(
            interval.getYears(),
            interval.getMonths(),
            interval.getDays(),
            interval.getHours(),
            interval.getMinutes(),
            seconds.toPlainString());
  }
}
