package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.common.statement.UsingClauses;
import io.pgduplex.connect.sink.apply.DefinitionChange.Column;
import io.pgduplex.connect.sink.former.FormerTypes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** What a row's values become by the types that a statement has given to columns, and by its expressions. */
final class Retyping {

  private static final String SEARCH_PATH = "search_path";

  /** Where a value is too long for these the statement fails, and so does writing it; a cast would shorten it. */
  private static final Map<Pattern, String> WITH_LENGTH = Map.of(
      Pattern.compile("^character varying\\(\\d+\\)"), "character varying",
      Pattern.compile("^character\\(\\d+\\)"), "bpchar",
      Pattern.compile("^bit\\(\\d+\\)"), "pg_catalog.\"bit\"",
      Pattern.compile("^bit varying\\(\\d+\\)"), "bit varying");

  /** Any type becomes one of these by its text; the source's catalogs quote all names. */
  private static final Pattern OF_TEXT =
      Pattern.compile("(\"?text\"?|character varying|\"?bpchar\"?)(\\[])*");

  private final DefinitionChange change;
  private final Map<Integer, @Nullable Object> row;
  private final List<Column> changed;

  /** Those that are changed, and those that an expression may name. */
  private final List<Column> read;

  /** Found once in the statement's text, and asked for again and again. */
  private final Map<Column, Optional<String>> expressions = new HashMap<>();

  /** @param row texts by the columns' numbers, as they were before */
  Retyping(DefinitionChange change, Map<Integer, @Nullable Object> row) {
    this.change = change;
    this.row = row;
    List<Column> given = change.columns().stream()
        .filter(column -> row.containsKey(column.number())
            && !Wire.UNAVAILABLE_VALUE.equals(row.get(column.number())))
        .toList();
    this.changed = given.stream().filter(this::hasOtherValues).toList();
    this.read = given.stream()
        .filter(column -> changed.contains(column) || !takenBy(column).isEmpty())
        .toList();
  }

  /** Puts the values that are others now. */
  void into(Connection connection, Map<Integer, @Nullable Object> result) throws SQLException {
    if (changed.isEmpty()) {
      return;
    }
    Map<String, String> ours = ours(connection);
    List<String> types = castTypes(gone(connection));
    String path = change.settings().getOrDefault(SEARCH_PATH, "");
    run(connection, "SELECT " + set(SEARCH_PATH, path));
    try (PreparedStatement select = connection.prepareStatement(sql(types, ours))) {
      int parameter = 1;
      for (Column column : read) {
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

  private boolean hasOtherValues(Column column) {
    if (column.newType() == null) {
      return false;
    }
    if (!isKnown(column)) {
      throw unknown(
          column,
          "got other values here by an expression (USING) that cannot be found in the statement, or whose value may be"
              + " another one elsewhere");
    }
    return !keepsType(column) || using(column).isPresent();
  }

  /** By the statement's text alone it is known that there is no USING; without one it is not carried either. */
  private boolean isKnown(Column column) {
    if (change.ofType() || using(column).isPresent()) {
      return true;
    }
    if (change.text().isEmpty()) {
      // One of another type is the one that was meant.
      return keepsType(column) && !change.columns().stream().allMatch(Retyping::keepsType);
    }
    String text = change.text().get();
    return keepsType(column)
        ? !UsingClauses.areOf(text, column.name())
        : UsingClauses.isPlain(text, column.name());
  }

  private static boolean keepsType(Column column) {
    return column.newType() == null || column.newType().equals(column.type());
  }

  private Optional<String> using(Column column) {
    return expressions.computeIfAbsent(column, this::find);
  }

  private Optional<String> find(Column column) {
    return change
        .text()
        .flatMap(one -> keepsType(column)
            ? UsingClauses.ofSameType(one, column.name())
            : UsingClauses.of(one, column.name()));
  }

  /** Expressions that may name it. */
  private List<String> takenBy(Column column) {
    return changed.stream()
        .flatMap(one -> using(one).stream())
        .filter(expression -> UsingClauses.isNamed(expression, column.name()))
        .toList();
  }

  private Map<String, String> ours(Connection connection) throws SQLException {
    String sql = change.settings().keySet().stream()
        .map(name -> "pg_catalog.current_setting(" + Identifiers.literal(name) + ")")
        .collect(Collectors.joining(", ", "SELECT ", ""));
    Map<String, String> ours = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet settings = select.executeQuery()) {
      settings.next();
      int column = 1;
      for (String name : change.settings().keySet()) {
        ours.put(name, settings.getString(column++));
      }
    }
    return ours;
  }

  /** Types, of those that are cast to, that are no more: a statement that came later has dropped them. */
  private Set<String> gone(Connection connection) throws SQLException {
    Object[] types = Stream.concat(
            read.stream().map(Column::type), changed.stream().map(Retyping::newType))
        .map(FormerTypes::plain)
        .distinct()
        .toArray();
    Set<String> gone = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(
        "SELECT t FROM unnest(?::text[]) t WHERE to_regtype(t) IS NULL")) {
      select.setArray(1, connection.createArrayOf("text", types));
      try (ResultSet type = select.executeQuery()) {
        while (type.next()) {
          gone.add(type.getString(1));
        }
      }
    }
    return gone;
  }

  /** What the values of the columns that are read are read as. */
  private List<String> castTypes(Set<String> gone) {
    List<String> types = new ArrayList<>();
    for (Column column : read) {
      if (changed.contains(column) && gone.contains(FormerTypes.plain(newType(column)))) {
        throw unknown(column, "got the type " + newType(column) + ", which has been dropped since");
      }
      types.add(
          gone.contains(FormerTypes.plain(column.type()))
              ? standIn(column)
              : withoutLength(column.type()));
    }
    return types;
  }

  /** For a type that is gone: another one by which the statement comes to the same. */
  private String standIn(Column column) {
    boolean cast = changed.contains(column) && using(column).isEmpty();
    List<String> expressions = takenBy(column);
    Optional<String> text = change.types().inText(column.type());
    if (text.isPresent()
        && expressions.stream()
            .allMatch(expression -> UsingClauses.takesText(expression, column.name()))
        && (!cast
            || OF_TEXT
                .matcher(withoutLength(FormerTypes.plain(newType(column))))
                .matches())) {
      return text.get();
    }
    if (cast
        && expressions.isEmpty()
        && change.types().isDomainOver(column.type(), newType(column))) {
      return withoutLength(newType(column));
    }
    throw unknown(
        column,
        "had the type " + column.type()
            + " before, which has been dropped since, and its values are not made of their text"
            + " alone (" + column.name() + "::text)");
  }

  private DataException unknown(Column column, String why) {
    String where = " WHERE id = " + change.number();
    return new DataException("A row of " + change.table()
        + " was sent before the other side had made what a statement made here of the table: column "
        + column.name() + " " + why
        + ". What its value is here cannot be known, and nothing of its transaction was applied. Either say here by which"
        + " expression it is had, UPDATE pgduplex.ddl_log SET statement = jsonb_set(jsonb_set(statement::jsonb, '{frames}',"
        + " '\"\"'), '{query}', to_jsonb('ALTER TABLE t ALTER "
        + Identifiers.quote(column.name()) + " TYPE " + newType(column)
        + " USING <expression>'::text))" + where
        + "; or have such rows written as they come, UPDATE pgduplex.ddl_log SET applied_at = clock_timestamp()"
        + where
        + ", and make both sides' rows the same afterwards. Then restart the task. Make the change on the other side by hand"
        + " only when this direction has caught up and nobody writes to the table there.");
  }

  private static String newType(Column column) {
    return String.valueOf(column.newType());
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
  private String sql(List<String> types, Map<String, String> ours) {
    String name = Identifiers.quote(change.table().name());
    String former = IntStream.range(0, read.size())
        .mapToObj(
            i -> "?::" + types.get(i) + " AS " + Identifiers.quote(read.get(i).name()))
        .collect(Collectors.joining(", "));
    String values = IntStream.range(0, changed.size())
        .mapToObj(i -> value(changed.get(i)) + " AS v" + i)
        .collect(Collectors.joining(", "));
    String texts = IntStream.range(0, changed.size())
        .mapToObj(i -> "v" + i + "::pg_catalog.text")
        .collect(Collectors.joining(", "));
    return "SELECT " + texts + " FROM (SELECT *" + setAll(ours) + " FROM (SELECT " + values
        + " FROM (SELECT *" + setAll(change.settings()) + " FROM (SELECT " + former
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

  private String value(Column column) {
    return "(" + using(column).orElse(Identifiers.quote(column.name())) + ")::"
        + withoutLength(newType(column));
  }

  private static String withoutLength(String type) {
    String without = type;
    for (Map.Entry<Pattern, String> withLength : WITH_LENGTH.entrySet()) {
      without = withLength.getKey().matcher(without).replaceFirst(withLength.getValue());
    }
    return without;
  }
}
