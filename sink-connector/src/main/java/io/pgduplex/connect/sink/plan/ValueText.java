package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.ValueForm;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value on the wire into PostgreSQL's text form for the target's column: a String, null, or a {@link Marker}.
 * What has no exact form is refused by table, column and type.
 */
final class ValueText {

  private ValueText() {}

  static @Nullable Object of(@Nullable Object value, TargetTable table, TargetColumn column) {
    if (value == null) {
      return null;
    }
    if (Unavailable.is(value)) {
      return Marker.UNCHANGED;
    }
    if (value instanceof List<?> list) {
      if (!column.array()) {
        throw refused(value, table, column);
      }
      StringBuilder text = new StringBuilder(list.size() * 8);
      appendArray(text, list, table, column);
      return text.toString();
    }
    return column.array() ? arrayInText(value, table, column) : scalar(value, table, column);
  }

  private static String arrayInText(Object value, TargetTable table, TargetColumn column) {
    if (value instanceof String text && text.startsWith("{")) {
      return text;
    }
    throw refused(value, table, column);
  }

  private static String scalar(Object value, TargetTable table, TargetColumn column) {
    if (value instanceof String text) {
      return switch (column.form()) {
        case PLAIN -> text;
        case BYTEA -> "\\x" + text;
        // Bytes as some converter writes them: they do not say how many bits there are.
        case BIT -> throw refused(value, table, column);
      };
    }
    if (value instanceof Boolean bool) {
      return column.form() == ValueForm.BIT ? (bool ? "1" : "0") : bool.toString();
    }
    if (value instanceof Number) {
      return value.toString();
    }
    throw refused(value, table, column);
  }

  private static void appendArray(
      StringBuilder out, List<?> list, TargetTable table, TargetColumn column) {
    out.append('{');
    String separator = "";
    for (Object element : list) {
      out.append(separator);
      separator = ",";
      if (element == null) {
        out.append("NULL");
      } else if (element instanceof List<?> nested) {
        appendArray(out, nested, table, column);
      } else {
        appendQuoted(out, scalar(element, table, column));
      }
    }
    out.append('}');
  }

  private static void appendQuoted(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static DataException refused(Object value, TargetTable table, TargetColumn column) {
    return new DataException(
        "Column " + table.name() + "." + column.name() + " of type " + column.type()
            + (column.array() ? " (array)" : "") + " cannot be carried exactly: it arrives as "
            + value.getClass().getSimpleName() + ". Leave the table out of table.include.list.");
  }
}
