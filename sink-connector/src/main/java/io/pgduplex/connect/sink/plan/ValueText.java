package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value on the wire into PostgreSQL's text form: a String, null, or a {@link Marker}. The source sends booleans
 * and numbers as such and all else as the text that PostgreSQL reads back, so anything else was made by somebody else's
 * converter or transform, and is refused by table, column and type.
 */
final class ValueText {

  /** How PostgreSQL from 16 on writes a {@code "char"} that is not of ASCII. */
  private static final Pattern OCTAL = Pattern.compile("\\\\[0-7]{3}");

  private ValueText() {}

  static @Nullable Object of(
      @Nullable Object value, TargetTable table, TargetColumn column, Position position) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      if (column.asciiOnly() && OCTAL.matcher(text).find()) {
        throw refused(
            table,
            column,
            position,
            "a \"char\" that is written as an octal number, which PostgreSQL before 16 would read as another character."
                + " Upgrade the target.");
      }
      return text.startsWith(Wire.UNAVAILABLE_VALUE) ? beginsLikePlaceholder(text) : text;
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw refused(
        table,
        column,
        position,
        value.getClass().getSimpleName()
            + ", where text, a number or a boolean is expected. Do the converters at source and sink match, and does a"
            + " transform change values?");
  }

  private static DataException refused(
      TargetTable table, TargetColumn column, Position position, String form) {
    return new DataException("Column " + table.name() + "." + column.name() + " of type "
        + column.type() + " arrives at offset " + position.offset() + " as " + form);
  }

  private static Object beginsLikePlaceholder(String text) {
    if (text.equals(Wire.UNAVAILABLE_VALUE)) {
      return Marker.UNCHANGED;
    }
    return text.equals(Wire.LITERAL_UNAVAILABLE_VALUE) ? Wire.UNAVAILABLE_VALUE : text;
  }
}
