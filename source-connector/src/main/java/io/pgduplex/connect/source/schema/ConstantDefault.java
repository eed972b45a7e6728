package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Columns.Column;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells defaults that are the same for all rows, here and there, where no row can tell it: constants, which PostgreSQL may
 * adapt to the column's type by functions of its own.
 */
final class ConstantDefault {

  /** A literal, and what it is cast to. */
  private static final Pattern LITERAL = Pattern.compile(
      " DEFAULT \\(?(?:'(?:[^']|'')*'|-?[0-9.]+(?:e[-+]?[0-9]+)?|true|false|NULL)\\)?((?:::.*)?)");

  /** What the expression consists of: without operators and the like. */
  private static final Pattern NODE = Pattern.compile("\\{([A-Z]+)");

  private static final Pattern FUNCTION = Pattern.compile(":funcid (\\d+)");

  /** The oids from here on are those of users' functions, which may do anything. */
  private static final long FIRST_OF_USERS = 16384;

  private ConstantDefault() {}

  static boolean is(Column column) {
    Matcher literal = LITERAL.matcher(column.value());
    if (!literal.matches()) {
      return false;
    }
    List<String> nodes = found(NODE, column.rawValue());
    return nodes.equals(List.of("CONST"))
        || (List.of("CONST", "FUNCEXPR", "RELABELTYPE").containsAll(nodes)
            && found(FUNCTION, column.rawValue()).stream()
                .allMatch(oid -> Long.parseLong(oid) < FIRST_OF_USERS)
            && !ColumnChanges.isBySettings(column.type() + literal.group(1)));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(ConstantDefault::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }
}
