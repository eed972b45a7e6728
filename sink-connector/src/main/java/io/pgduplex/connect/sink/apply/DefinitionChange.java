package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.common.statement.UsingClauses;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * What a statement on a table of this side makes of a row that the other side sent before it has made the same.
 *
 * @param table as it was called then
 * @param columns as they were before
 * @param added what older rows have in columns that it added, by the columns' numbers
 * @param text of the statement; empty where it cannot be known
 * @param settings of its session
 */
record DefinitionChange(
    TableName table,
    List<Column> columns,
    Map<Integer, @Nullable String> added,
    Optional<String> text,
    Map<String, String> settings) {

  private static final String SEARCH_PATH = "search_path";

  /** Where a value is too long for these the statement fails, and so does writing it; a cast would shorten it. */
  private static final Map<Pattern, String> WITH_LENGTH = Map.of(
      Pattern.compile("^character varying\\(\\d+\\)"), "character varying",
      Pattern.compile("^character\\(\\d+\\)"), "bpchar",
      Pattern.compile("^bit( varying)?\\(\\d+\\)"), "bit varying");

  /**
   * A column as it was.
   *
   * @param number which it keeps
   * @param newType its type afterwards; null where its values stayed
   * @param change what makes of its values those that they are by the types within its own; null where they stay
   */
  record Column(
      int number,
      String name,
      String type,
      @Nullable String newType,
      @Nullable UnaryOperator<String> change) {}

  /**
   * The row as it would be if it had been there.
   *
   * @param row texts by the columns' numbers; what it lacks stays away
   * @param whole whether added columns are to be there
   */
  Map<Integer, @Nullable Object> applied(
      Connection connection, Map<Integer, @Nullable Object> row, boolean whole)
      throws SQLException {
    Map<Integer, @Nullable Object> result = new HashMap<>(row);
    if (whole) {
      result.putAll(added);
    }
    retype(connection, row, result);
    for (Column column : columns) {
      Object value = row.get(column.number());
      if (column.change() != null && value != null && !Wire.UNAVAILABLE_VALUE.equals(value)) {
        result.put(column.number(), changed(column, column.change(), value.toString()));
      }
    }
    return result;
  }

  private String changed(Column column, UnaryOperator<String> change, String value) {
    try {
      return change.apply(value);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "A value of " + table + ", column " + column.name() + ", does not fit its type "
              + column.type() + " as it was before it was altered here",
          e);
    }
  }

  private void retype(
      Connection connection,
      Map<Integer, @Nullable Object> row,
      Map<Integer, @Nullable Object> result)
      throws SQLException {
    List<Column> given = columns.stream()
        .filter(column -> row.containsKey(column.number())
            && !Wire.UNAVAILABLE_VALUE.equals(row.get(column.number())))
        .toList();
    List<Column> changed = given.stream().filter(this::hasOtherValues).toList();
    if (changed.isEmpty()) {
      return;
    }
    Map<String, String> ours = ours(connection);
    String path = settings.getOrDefault(SEARCH_PATH, "");
    run(connection, "SELECT " + set(SEARCH_PATH, path));
    try (PreparedStatement select = connection.prepareStatement(sql(given, changed, ours))) {
      int parameter = 1;
      for (Column column : given) {
        Object value = row.get(column.number());
        boolean literal = Wire.LITERAL_UNAVAILABLE_VALUE.equals(value);
        select.setString(
            parameter++,
            literal ? Wire.UNAVAILABLE_VALUE : value == null ? null : value.toString());
      }
      try (ResultSet values = select.executeQuery()) {
        values.next();
        for (int i = 0; i < changed.size(); i++) {
          String value = values.getString(i + 1);
          result.put(
              changed.get(i).number(),
              Wire.UNAVAILABLE_VALUE.equals(value) ? Wire.LITERAL_UNAVAILABLE_VALUE : value);
        }
      }
    }
    run(connection, "SELECT " + set(SEARCH_PATH, ours.getOrDefault(SEARCH_PATH, "")));
  }

  private Map<String, String> ours(Connection connection) throws SQLException {
    String sql = settings.keySet().stream()
        .map(name -> "pg_catalog.current_setting(" + Identifiers.literal(name) + ")")
        .collect(Collectors.joining(", ", "SELECT ", ""));
    Map<String, String> ours = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      int column = 1;
      for (String name : settings.keySet()) {
        ours.put(name, row.getString(column++));
      }
    }
    return ours;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.execute();
    }
  }

  private static String set(String name, String value) {
    return "pg_catalog.set_config(" + Identifiers.literal(name) + ", " + Identifiers.literal(value)
        + ", true)";
  }

  /**
   * From the inside out: the row by its old types, the statement's settings, the new values, and our settings, by which they
   * are written. OFFSET has each done after the one inside of it.
   */
  private String sql(List<Column> given, List<Column> changed, Map<String, String> ours) {
    String name = Identifiers.quote(table.name());
    String row = given.stream()
        .map(column -> "?::" + column.type() + " AS " + Identifiers.quote(column.name()))
        .collect(Collectors.joining(", "));
    String values = IntStream.range(0, changed.size())
        .mapToObj(i -> value(changed.get(i)) + " AS v" + i)
        .collect(Collectors.joining(", "));
    String texts = IntStream.range(0, changed.size())
        .mapToObj(i -> "v" + i + "::pg_catalog.text")
        .collect(Collectors.joining(", "));
    return "SELECT " + texts + " FROM (SELECT *" + setAll(ours) + " FROM (SELECT " + values
        + " FROM (SELECT *" + setAll(settings) + " FROM (SELECT " + row
        + " OFFSET 0) AS r OFFSET 0) AS "
        + name + " OFFSET 0) AS r OFFSET 0) AS r";
  }

  private static String setAll(Map<String, String> settings) {
    List<String> all = new ArrayList<>();
    settings.forEach((name, value) -> {
      if (!name.equals(SEARCH_PATH)) {
        all.add(", " + set(name, value) + " AS \"pgduplex " + name + '"');
      }
    });
    return String.join("", all);
  }

  private boolean hasOtherValues(Column column) {
    return column.newType() != null
        && (!column.newType().equals(column.type()) || using(column).isPresent());
  }

  private Optional<String> using(Column column) {
    return text.flatMap(one -> column.type().equals(column.newType())
        ? UsingClauses.ofSameType(one, column.name())
        : UsingClauses.of(one, column.name()));
  }

  private String value(Column column) {
    String type = String.valueOf(column.newType());
    for (Map.Entry<Pattern, String> withLength : WITH_LENGTH.entrySet()) {
      type = withLength.getKey().matcher(type).replaceFirst(withLength.getValue());
    }
    String old = Identifiers.quote(column.name());
    return "(" + using(column).orElse(old) + ")::" + type;
  }
}
