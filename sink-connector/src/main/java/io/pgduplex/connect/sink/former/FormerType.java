package io.pgduplex.connect.sink.former;

import io.pgduplex.connect.common.Identifiers;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type as a statement found it, and what it has made of it.
 *
 * @param name with its schema, quoted
 * @param definition what followed its name in the statement that would have made it: {@code AS ENUM (…)} and so on
 * @param was labels of an enum by their oids, or types of a composite's attributes by their numbers, in their order
 * @param is the same afterwards
 */
record FormerType(String name, String definition, Map<Long, String> was, Map<Long, String> is) {

  private static final Pattern MULTIRANGE = Pattern.compile("MULTIRANGE_TYPE_NAME = (.*)\\)$");

  /** @param sql the statement that would have made it */
  static FormerType of(
      String schema, String name, String sql, Map<Long, String> was, Map<Long, String> is) {
    String quoted = Identifiers.quote(schema, name);
    return new FormerType(
        quoted, sql.substring(sql.indexOf(quoted) + quoted.length()).strip(), was, is);
  }

  boolean isEnum() {
    return definition.startsWith("AS ENUM (");
  }

  boolean isComposite() {
    return definition.startsWith("AS (");
  }

  boolean isRange() {
    return definition.startsWith("AS RANGE (");
  }

  boolean isDomain() {
    return !isEnum() && !isComposite() && !isRange();
  }

  /** Of a range or domain: what its bounds or values are, followed by more. */
  String rest() {
    String subtype = "SUBTYPE = ";
    return isRange()
        ? definition.substring(definition.indexOf(subtype) + subtype.length())
        : definition.substring("AS ".length());
  }

  /** The type of several of its ranges. */
  Optional<String> multirange() {
    Matcher multirange = MULTIRANGE.matcher(definition);
    return isRange() && multirange.find() ? Optional.of(multirange.group(1)) : Optional.empty();
  }
}
