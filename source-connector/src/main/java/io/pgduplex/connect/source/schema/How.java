package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.statement.StatementText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a statement was run: what the catalogs do not say of it.
 *
 * @param text of the statement, perhaps among others; empty where it cannot be known
 * @param settings of the session, that values are read and written by
 */
record How(Optional<String> text, Map<String, String> settings) {

  private static final Pattern CONCURRENTLY = Pattern.compile(
      "^(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s",
      Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Whatever stands between the two words, but for another action. */
  private static final Pattern SET_DEFAULT =
      Pattern.compile("\\bSET\\b[^,;]*\\bDEFAULT\\b", Pattern.CASE_INSENSITIVE);

  static How read(JsonNode captured) {
    Map<String, String> settings = new LinkedHashMap<>();
    captured
        .get("settings")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return new How(
        StatementText.of(
            captured.get("query").textValue(), captured.get("frames").asText()),
        settings);
  }

  /** Whether it has built an index while others wrote; such a statement is alone in its text and its transaction. */
  boolean concurrently() {
    return text.isPresent() && CONCURRENTLY.matcher(text.get()).find();
  }

  /** Whether no column has got another default after the one that its rows have, as far as the text says. */
  boolean keepsDefaults() {
    return text.isPresent() && !SET_DEFAULT.matcher(text.get()).find();
  }

  /** Runs the statement by these settings, and by the session's own afterwards. */
  String within(String sql) {
    String before = settings.keySet().stream()
        .map(name -> "current_setting(" + Identifiers.literal(name) + ")")
        .collect(Collectors.joining(", ", "ARRAY[", "]"));
    StringBuilder block = new StringBuilder("DO LANGUAGE plpgsql ");
    StringBuilder after = new StringBuilder();
    StringBuilder body = new StringBuilder("DECLARE before text[] := " + before + ";\nBEGIN\n");
    int place = 1;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String name = Identifiers.literal(setting.getKey());
      body.append("  PERFORM pg_catalog.set_config(%s, %s, true);\n"
          .formatted(name, Identifiers.literal(setting.getValue())));
      after.append(
          "  PERFORM pg_catalog.set_config(%s, before[%d], true);\n".formatted(name, place++));
    }
    body.append("  ").append(sql).append(";\n").append(after).append("END");
    return block.append(Identifiers.literal(body.toString()).strip()).toString();
  }
}
