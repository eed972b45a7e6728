package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has become of a type or sequence that tables need. */
final class NeedChange {

  private NeedChange() {}

  /**
   * In their order.
   *
   * @param tables whether there may be tables of the type
   */
  static List<SchemaStatement> statements(Piece was, Piece is, boolean tables, How how) {
    String name = Identifiers.quote(is.statement().schema(), is.statement().name());
    SchemaStatement made = is.statement();
    if (made.kind().equals("sequence")) {
      return sequence(name, was, is);
    }
    if (made.kind().equals("domain")) {
      return new DomainChange(
              name, made.name(), DomainChange.json(was.raw()), DomainChange.json(is.raw()))
          .statements().stream().map(sql -> made.of(Phase.CHANGE, sql)).toList();
    }
    if (isEnum(is)) {
      return enumValues(name, was.raw(), is.raw()).stream()
          .map(sql -> made.of(Phase.CHANGE, sql))
          .toList();
    }
    // Of a range nothing but its name can change.
    return made.sql().startsWith("CREATE TYPE " + name + " AS RANGE ")
        ? List.of()
        : new CompositeChange(
                name, DomainChange.json(was.raw()), DomainChange.json(is.raw()), tables, how)
            .statements().stream().map(sql -> made.of(Phase.CHANGE, sql)).toList();
  }

  /** Whether values that are there are written otherwise from now on: labels of an enum, attributes of a composite type. */
  static boolean changesValues(Piece was, Piece is) {
    if (!is.statement().kind().equals("type") || is.raw().isEmpty()) {
      return false;
    }
    Map<Long, String> before = names(DomainChange.json(was.raw()));
    Map<Long, String> now = names(DomainChange.json(is.raw()));
    return isEnum(is)
        ? !now.entrySet().containsAll(before.entrySet())
        : !now.keySet().equals(before.keySet());
  }

  private static boolean isEnum(Piece type) {
    SchemaStatement made = type.statement();
    return made.sql()
        .startsWith("CREATE TYPE " + Identifiers.quote(made.schema(), made.name()) + " AS ENUM ");
  }

  /** Labels of an enum or names of a composite type's attributes, by their numbers. */
  private static Map<Long, String> names(JsonNode parts) {
    Map<Long, String> names = new HashMap<>();
    parts.forEach(part -> names.put(part.get(0).asLong(), part.get(1).asText()));
    return names;
  }

  /** With its type, which the bounds depend on. */
  private static List<SchemaStatement> sequence(String name, Piece was, Piece is) {
    SchemaStatement made = is.statement();
    List<SchemaStatement> statements = new ArrayList<>();
    String options = made.sql().substring(made.sql().indexOf(name) + name.length());
    statements.add(made.of(
        Phase.CHANGE,
        Sequences.withinBounds(
            "ALTER SEQUENCE " + name + options + (options.endsWith(" CYCLE") ? "" : " NO CYCLE"))));
    boolean unlogged = isUnlogged(made);
    if (isUnlogged(was.statement()) != unlogged) {
      statements.add(made.of(
          Phase.CHANGE, "ALTER SEQUENCE " + name + (unlogged ? " SET UNLOGGED" : " SET LOGGED")));
    }
    return statements;
  }

  private static boolean isUnlogged(SchemaStatement create) {
    return create.sql().startsWith("CREATE UNLOGGED ");
  }

  /** Each value is an array of its number and its label. */
  private static List<String> enumValues(String type, String was, String is) {
    Map<Long, String> before = names(DomainChange.json(was));
    List<String> statements = new ArrayList<>();
    String previous = "";
    JsonNode now = DomainChange.json(is);
    for (int i = 0; i < now.size(); i++) {
      String label = Identifiers.literal(now.get(i).get(1).asText());
      String old = before.get(now.get(i).get(0).asLong());
      if (old == null) {
        statements.add("ALTER TYPE " + type + " ADD VALUE " + label
            + (previous.isEmpty() ? beforeFirst(now, before) : " AFTER " + previous));
      } else if (!Identifiers.literal(old).equals(label)) {
        statements.add(
            "ALTER TYPE " + type + " RENAME VALUE " + Identifiers.literal(old) + " TO " + label);
      }
      previous = label;
    }
    return statements;
  }

  private static String beforeFirst(JsonNode now, Map<Long, String> before) {
    for (JsonNode value : now) {
      String old = before.get(value.get(0).asLong());
      if (old != null) {
        return " BEFORE " + Identifiers.literal(old);
      }
    }
    return "";
  }
}
