package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value on the wire into PostgreSQL's text form: a String, null, or a {@link Marker}. The source sends booleans
 * and numbers as such and all else as the text that PostgreSQL reads back, so anything else was made by somebody else's
 * converter or transform, and is refused by table, column and type.
 */
final class ValueText {

  private ValueText() {}

  static @Nullable Object of(@Nullable Object value, TargetTable table, TargetColumn column) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      if (column.ascii() && text.length() > 1) {
        throw new DataException(
            "Column " + table.name() + "." + column.name()
                + " of type \"char\" arrives as '" + text
                + "', which PostgreSQL before 16 would read as another character. Upgrade the target, or change the value.");
      }
      return text.startsWith(Wire.UNAVAILABLE_VALUE) ? beginsLikePlaceholder(text) : text;
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw new DataException(
        "Column " + table.name() + "." + column.name() + " of type " + column.type()
            + " arrives as " + value.getClass().getSimpleName()
            + ", where text, a number or a boolean is expected. Do the converters at source and sink match, and does a"
            + " transform change values?");
  }

  private static Object beginsLikePlaceholder(String text) {
    if (text.equals(Wire.UNAVAILABLE_VALUE)) {
      return Marker.UNCHANGED;
    }
    return text.equals(Wire.LITERAL_UNAVAILABLE_VALUE) ? Wire.UNAVAILABLE_VALUE : text;
  }
}
