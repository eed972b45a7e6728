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
  private final Map<Integer, Attribute> was;
  private final Map<Integer, Attribute> is;

  /**
   * An attribute.
   *
   * @param rawType its type without names: oid, modifier, collation
   * @param type with its collation, if that is not the type's
   */
  private record Attribute(String name, List<Long> rawType, String type) {}

  /** @param quoted its name, with its schema */
  CompositeChange(String quoted, JsonNode was, JsonNode is) {
    this.alter = "ALTER TYPE " + quoted + ' ';
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
            one.get(5).asText() + one.get(6).asText())));
    return attributes;
  }

  List<String> statements() {
    List<String> changes = new ArrayList<>();
    was.forEach((number, attribute) -> {
      if (!is.containsKey(number)) {
        changes.add("DROP ATTRIBUTE " + attribute.name());
      }
    });
    is.forEach((number, attribute) -> {
      Attribute old = was.get(number);
      if (old == null) {
        changes.add("ADD ATTRIBUTE " + attribute.name() + ' ' + attribute.type());
        return;
      }
      if (!old.name().equals(attribute.name())) {
        changes.add("RENAME ATTRIBUTE " + old.name() + " TO " + attribute.name());
      }
      if (!old.rawType().equals(attribute.rawType())) {
        changes.add("ALTER ATTRIBUTE " + attribute.name() + " TYPE " + attribute.type());
      }
    });
    return changes.stream().map(change -> alter + change + " CASCADE").toList();
  }
}
