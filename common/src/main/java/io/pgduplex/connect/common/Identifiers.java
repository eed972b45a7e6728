package io.pgduplex.connect.common;

import java.util.Collection;
import java.util.stream.Collectors;

/** The one place that quotes SQL identifiers and literals. */
public final class Identifiers {

  private Identifiers() {}

  /** Quotes a name, always: {@code a"b} becomes {@code "a""b"}. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** {@code "schema"."name"}. */
  public static String quote(String schema, String name) {
    return quote(schema) + '.' + quote(name);
  }

  /** The names quoted and joined by a comma and a blank. */
  public static String quoteAll(Collection<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  /** A string constant, safe whatever {@code standard_conforming_strings} says. */
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
