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

  /** In their order. */
  static List<SchemaStatement> statements(Piece was, Piece is) {
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
    String type = "CREATE TYPE " + name;
    if (made.sql().startsWith(type + " AS ENUM ")) {
      return enumValues(name, was.raw(), is.raw()).stream()
          .map(sql -> made.of(Phase.CHANGE, sql))
          .toList();
    }
    // Of a range nothing but its name can change.
    return made.sql().startsWith(type + " AS RANGE ")
        ? List.of()
        : new CompositeChange(name, DomainChange.json(was.raw()), DomainChange.json(is.raw()))
            .statements().stream().map(sql -> made.of(Phase.CHANGE, sql)).toList();
  }

  /** With its type, which the bounds depend on. */
  private static List<SchemaStatement> sequence(String name, Piece was, Piece is) {
    SchemaStatement made = is.statement();
    List<SchemaStatement> statements = new ArrayList<>();
    String options = made.sql().substring(made.sql().indexOf(name) + name.length());
    statements.add(made.of(
        Phase.CHANGE,
        "ALTER SEQUENCE " + name + options + (options.endsWith(" CYCLE") ? "" : " NO CYCLE")));
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
    Map<Long, String> before = new HashMap<>();
    DomainChange.json(was)
        .forEach(value -> before.put(value.get(0).asLong(), value.get(1).asText()));
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
