package io.pgduplex.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Names a statement by its text without names of tables and columns and without values. */
final class StatementName {

  private static final int LENGTH = 64;
  private static final int REMEMBERED = 10_000;

  private static final Pattern QUOTED =
      Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"(?:\\.\"(?:[^\"]|\"\")*\")*"
          // A link's object, whose name needs no quotes.
          + "|\\bpgduplex_\\w+_(?:forward|reverse)\\b");
  private static final Pattern LISTS = Pattern.compile("…(?:, …)+");
  private static final Pattern NUMBERS = Pattern.compile("\\b[0-9A-F]+/[0-9A-F]+\\b|\\b[0-9]+\\b");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final Map<String, String> known = new ConcurrentHashMap<>();

  String of(String sql) {
    String name = known.get(sql);
    if (name == null) {
      if (known.size() >= REMEMBERED) {
        known.clear();
      }
      name = name(sql);
      known.put(sql, name);
    }
    return name;
  }

  static String name(String sql) {
    String text = QUOTED.matcher(sql).replaceAll("…");
    text = NUMBERS.matcher(text).replaceAll("n");
    text = SPACE.matcher(text.strip()).replaceAll(" ");
    text = LISTS.matcher(text).replaceAll("…");
    if (text.isEmpty()) {
      return "(empty)";
    }
    return text.length() <= LENGTH ? text : text.substring(0, LENGTH).strip() + "…";
  }
}
