package io.pgduplex.connect.source.options;

import io.debezium.util.Strings;
import io.pgduplex.connect.common.PgduplexSchema;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Which tables a link moves, by Debezium's rules: comma-separated regular expressions, matched whole and without regard
 * to case against {@code schema} and {@code schema.table}; where both lists are given a table must match both. pgduplex's
 * own schema is never part of it.
 */
public final class Selection {

  private final List<Pattern> schemas;
  private final List<Pattern> tables;

  private Selection(List<Pattern> schemas, List<Pattern> tables) {
    this.schemas = schemas;
    this.tables = tables;
  }

  /** By the two options. */
  public static Selection of(
      @Nullable String schemaIncludeList, @Nullable String tableIncludeList) {
    return new Selection(
        patterns(SourceOptions.SCHEMA_INCLUDE_LIST, schemaIncludeList),
        patterns(SourceOptions.TABLE_INCLUDE_LIST, tableIncludeList));
  }

  static List<Pattern> patterns(String option, @Nullable String list) {
    if (list == null || list.isBlank()) {
      return List.of();
    }
    try {
      return Strings.listOfRegex(list, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new ConfigException(option, list, "not a regular expression: " + e.getMessage());
    }
  }

  /** Whether the user asked for this table. */
  public boolean includes(String schema, String table) {
    return !schema.equals(PgduplexSchema.NAME)
        && !schema.equals(PgduplexSchema.DDL_CAPTURE)
        && (schemas.isEmpty() || matches(schemas, schema))
        && (tables.isEmpty() || matches(tables, schema + '.' + table));
  }

  /** The regular expressions for schemas. */
  public List<String> schemaPatterns() {
    return schemas.stream().map(Pattern::pattern).toList();
  }

  /** The regular expressions for {@code schema.table}. */
  public List<String> tablePatterns() {
    return tables.stream().map(Pattern::pattern).toList();
  }

  private static boolean matches(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
