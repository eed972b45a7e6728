package io.pgduplex.connect.source.values;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.pgduplex.connect.common.Wire;
import java.math.BigDecimal;
import java.sql.Array;
import org.apache.kafka.connect.errors.DataException;

/** Writes what Debezium hands over, from WAL or from a snapshot, as the text that PostgreSQL reads back as the same value. */
final class PostgresText {

  private PostgresText() {}

  static String of(Object value) {
    if (value instanceof String text) {
      return text.equals(Wire.UNAVAILABLE_VALUE) ? Wire.LITERAL_UNAVAILABLE_VALUE : text;
    }
    if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value)) {
      return Wire.UNAVAILABLE_VALUE;
    }
    return ofSnapshot(value);
  }

  /** A snapshot's columns are text too, but of some types Debezium makes objects all the same. */
  private static String ofSnapshot(Object value) {
    if (value instanceof SpecialValueDecimal number) {
      return number
          .getDecimalValue()
          .map(BigDecimal::toPlainString)
          .orElseGet(() -> String.valueOf(number.toDouble()));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Array) {
      // The driver's array keeps the text that the server sent; getArray() would parse it, and
      // lose.
      return value.toString();
    }
    throw new DataException("No exact text is known for a " + value.getClass().getName());
  }
}
