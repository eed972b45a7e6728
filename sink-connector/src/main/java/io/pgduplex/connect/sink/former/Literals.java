package io.pgduplex.connect.sink.former;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Texts of arrays, records and ranges with other values in them, else as PostgreSQL writes them. */
final class Literals {

  private static final String BLANKS = " \t\n\u000b\f\r";
  private static final String RECORD = ",()\"\\" + BLANKS;
  private static final String RANGE = ",()[]\"\\" + BLANKS;
  private static final String ARRAY = ",{}\"\\" + BLANKS;

  private Literals() {}

  /** An array of any dimensions, with each element that is not null made another. */
  static String array(String text, UnaryOperator<String> element) {
    LiteralReader reader = new LiteralReader(text);
    StringBuilder array = new StringBuilder();
    if (reader.isNext('[')) {
      array.append(reader.through('='));
    }
    dimension(reader, element, array);
    reader.requireEnd();
    return array.toString();
  }

  private static void dimension(
      LiteralReader reader, UnaryOperator<String> element, StringBuilder array) {
    reader.require('{');
    array.append('{');
    while (!reader.skip('}')) {
      if (reader.isNext('{')) {
        dimension(reader, element, array);
      } else {
        boolean quoted = reader.isNext('"');
        String value = String.valueOf(reader.value(",}"));
        array.append(!quoted && value.equals("NULL") ? value : quotedElement(element.apply(value)));
      }
      if (reader.skip(',')) {
        array.append(',');
      }
    }
    array.append('}');
  }

  private static String quotedElement(String value) {
    return isPlain(value, ARRAY) && !value.equalsIgnoreCase("NULL")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The values of a record, in the order of its attributes. */
  static List<@Nullable String> attributes(String text) {
    LiteralReader reader = new LiteralReader(text);
    List<@Nullable String> values = new ArrayList<>();
    reader.require('(');
    while (true) {
      values.add(reader.value(",)"));
      if (reader.next() == ')') {
        reader.requireEnd();
        return values;
      }
    }
  }

  /** A record of such values. */
  static String record(List<@Nullable String> values) {
    StringBuilder record = new StringBuilder("(");
    for (int i = 0; i < values.size(); i++) {
      record.append(i == 0 ? "" : ",").append(quoted(values.get(i), RECORD));
    }
    return record.append(')').toString();
  }

  /** A range with each bound made another. */
  static String range(String text, UnaryOperator<String> bound) {
    if (text.equals("empty")) {
      return text;
    }
    LiteralReader reader = new LiteralReader(text);
    StringBuilder range = new StringBuilder();
    range(reader, bound, range);
    reader.requireEnd();
    return range.toString();
  }

  /** The same of each of its ranges. */
  static String multirange(String text, UnaryOperator<String> bound) {
    LiteralReader reader = new LiteralReader(text);
    StringBuilder ranges = new StringBuilder("{");
    reader.require('{');
    while (!reader.skip('}')) {
      range(reader, bound, ranges);
      if (reader.skip(',')) {
        ranges.append(',');
      }
    }
    reader.requireEnd();
    return ranges.append('}').toString();
  }

  private static void range(
      LiteralReader reader, UnaryOperator<String> bound, StringBuilder range) {
    range.append(reader.next()).append(bound(reader.value(","), bound));
    reader.require(',');
    range.append(',').append(bound(reader.value(")]"), bound)).append(reader.next());
  }

  private static String bound(@Nullable String value, UnaryOperator<String> bound) {
    return quoted(value == null ? null : bound.apply(value), RANGE);
  }

  private static String quoted(@Nullable String value, String specials) {
    if (value == null) {
      return "";
    }
    return isPlain(value, specials)
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\"\"") + '"';
  }

  private static boolean isPlain(String value, String specials) {
    return !value.isEmpty() && value.chars().noneMatch(one -> specials.indexOf(one) >= 0);
  }
}
