package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.common.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has become of a composite type, as statements; before and after are as {@link Types} writes them down. Tables of the
 * type change with it.
 */
final class CompositeChange {

  private final String alter;
  private final boolean tables;
  private final How how;
  private final Map<Integer, Attribute> was;
  private final Map<Integer, Attribute> is;

  /**
   * An attribute.
   *
   * @param rawType its type without names: oid, modifier, collation
   * @param type with its collation, if that is not the type's
   */
  private record Attribute(String name, List<Long> rawType, String type) {}

  /**
   * @param quoted its name, with its schema
   * @param tables whether there may be tables of the type
   */
  CompositeChange(String quoted, JsonNode was, JsonNode is, boolean tables, How how) {
    this.alter = "ALTER TYPE " + quoted + ' ';
    this.tables = tables;
    this.how = how;
    this.was = attributes(was);
    this.is = attributes(is);
  }

  private static Map<Integer, Attribute> attributes(JsonNode raw) {
    Map<Integer, Attribute> attributes = new LinkedHashMap<>();
    raw.forEach(one -> attributes.put(
        one.get(0).asInt(),
        new Attribute(
            Identifiers.quote(one.get(1).asText()),
            List.of(one.get(2).asLong(), one.get(3).asLong(), one.get(4).asLong()),
            one.get(5).asText() + one.path(6).asText())));
    return attributes;
  }

  List<String> statements() {
    List<String> statements = new ArrayList<>();
    was.forEach((number, attribute) -> {
      if (!is.containsKey(number)) {
        // What depends on it here and not there must not go with it; only tables of the type do not
        // do without CASCADE.
        statements.add(
            alter + "DROP ATTRIBUTE " + attribute.name() + (tables ? " CASCADE" : " RESTRICT"));
      }
    });
    is.forEach((number, attribute) -> {
      Attribute old = was.get(number);
      if (old == null) {
        statements.add(
            alter + "ADD ATTRIBUTE " + attribute.name() + ' ' + attribute.type() + " CASCADE");
        return;
      }
      if (!old.name().equals(attribute.name())) {
        statements.add(
            alter + "RENAME ATTRIBUTE " + old.name() + " TO " + attribute.name() + " CASCADE");
      }
      if (!old.rawType().equals(attribute.rawType())) {
        statements.add(how.within(alter + "ALTER ATTRIBUTE " + attribute.name() + " TYPE "
            + attribute.type() + " CASCADE"));
      }
    });
    return statements;
  }
}
