package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has become of a domain, as statements; before and after are as {@link Types} writes them down. */
final class DomainChange {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String alter;
  private final String name;
  private final JsonNode was;
  private final JsonNode is;
  private final List<String> statements = new ArrayList<>();

  /**
   * @param quoted its name, with its schema
   * @param name its name alone, not quoted
   */
  DomainChange(String quoted, String name, JsonNode was, JsonNode is) {
    this.alter = "ALTER DOMAIN " + quoted + ' ';
    this.name = name;
    this.was = was;
    this.is = is;
  }

  /** Whether it is one that says what columns have where they are not given. */
  static boolean hasDefault(Piece type) {
    return type.statement().kind().equals("domain")
        && !json(type.raw()).get("default").isNull();
  }

  static JsonNode json(String raw) {
    try {
      return JSON.readTree(raw.isEmpty() ? "[]" : raw);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(raw, e);
    }
  }

  List<String> statements() {
    if (!was.get("default").equals(is.get("default"))) {
      add(
          is.get("default").isNull()
              ? "DROP DEFAULT"
              : "SET DEFAULT " + is.get("default").asText());
    }
    notNull();
    was.get("checks").properties().forEach(check -> {
      if (!is.get("checks").has(check.getKey())) {
        add("DROP CONSTRAINT " + check.getValue().get(0).asText());
      }
    });
    is.get("checks")
        .properties()
        .forEach(check -> check(was.get("checks").get(check.getKey()), check.getValue()));
    return statements;
  }

  /** Only from PostgreSQL 17 on it has a name, which is seldom one that somebody gave it. */
  private void notNull() {
    boolean before = was.get("notNull").asBoolean();
    boolean now = is.get("notNull").asBoolean();
    JsonNode given = is.get("nameOfNotNull");
    if (before && now && !was.get("nameOfNotNull").equals(given)) {
      add("RENAME CONSTRAINT " + was.get("nameOfNotNull").asText() + " TO " + given.asText());
    } else if (before != now) {
      boolean named = now && !given.isNull() && !given.asText().equals('"' + name + "_not_null\"");
      add(
          named
              ? "ADD CONSTRAINT " + given.asText() + " NOT NULL"
              : now ? "SET NOT NULL" : "DROP NOT NULL");
    }
  }

  private void check(@Nullable JsonNode before, JsonNode now) {
    String constraint = now.get(0).asText();
    if (before == null) {
      add("ADD CONSTRAINT " + constraint + ' ' + now.get(2).asText());
      return;
    }
    if (!before.get(0).equals(now.get(0))) {
      add("RENAME CONSTRAINT " + before.get(0).asText() + " TO " + constraint);
    }
    if (now.get(1).asBoolean() && !before.get(1).asBoolean()) {
      add("VALIDATE CONSTRAINT " + constraint);
    }
  }

  private void add(String change) {
    statements.add(alter + change);
  }
}
