package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.statement.UsingClauses;
import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What has become of a table's columns. What comes from a table above is changed there. */
final class ColumnChanges {

  /** Types whose values are read, written or made of each other by the session's settings. */
  private static final Pattern BY_SETTINGS =
      Pattern.compile("time|date|interval|money|ts.*range|\\.");

  static boolean isBySettings(String types) {
    return BY_SETTINGS.matcher(types).find();
  }

  private final Table table;
  private final Map<Integer, Column> before;
  private final Map<Integer, Column> after;
  private final Predicate<Column> hasDefaultOfType;
  private final Rewriting rewriting;
  private final How how;

  /** @param hasDefaultOfType whether what a column has where it is not given is said by its type */
  ColumnChanges(
      Table table,
      List<Column> before,
      List<Column> after,
      Predicate<Column> hasDefaultOfType,
      Rewriting rewriting,
      How how) {
    this.table = table;
    this.hasDefaultOfType = hasDefaultOfType;
    this.before = byNumber(before);
    this.after = byNumber(after);
    this.rewriting = rewriting;
    this.how = how;
  }

  /** Such a table has the columns that its type has, and no others. */
  private boolean isOfType() {
    return !table.ofType().isEmpty();
  }

  private static Map<Integer, Column> byNumber(List<Column> columns) {
    return columns.stream()
        .collect(Collectors.toMap(
            Column::number, column -> column, (one, other) -> one, LinkedHashMap::new));
  }

  void renames(Consumer<String> statements) {
    if (isOfType()) {
      return;
    }
    after.values().forEach(column -> {
      Column old = before.get(column.number());
      if (old != null && !old.name().equals(column.name()) && !column.inherited()) {
        statements.accept("ALTER TABLE " + table.quoted() + " RENAME COLUMN " + old.name() + " TO "
            + column.name());
      }
      if (old != null) {
        new ValueChange(table, old, column).renameSequence(statements);
      }
    });
  }

  /** Columns that the table had from one above, and has of its own. */
  Set<String> left() {
    return kept((old, column) -> !old.local() && column.local());
  }

  /** Columns that are NOT NULL since one above was, and are so of their own. */
  Set<String> leftNotNull() {
    return kept((old, column) -> !old.notNull().isEmpty()
        && !old.notNullOwn()
        && !column.notNull().isEmpty()
        && column.notNullOwn());
  }

  private Set<String> kept(BiPredicate<Column, Column> which) {
    return after.values().stream()
        .filter(column -> {
          Column old = before.get(column.number());
          return old != null && which.test(old, column);
        })
        .map(Column::name)
        .collect(Collectors.toSet());
  }

  /**
   * What values were given by, or had to be, and is gone.
   *
   * @param leftNotNull what tables below are to keep
   */
  void releases(Set<String> leftNotNull, Consumer<String> statements) {
    after.values().forEach(column -> {
      Column old = before.get(column.number());
      if (old != null) {
        new ValueChange(table, old, column).release(statements);
        new NotNullChange(table, old, column)
            .release(leftNotNull.contains(column.name()), statements);
      }
    });
  }

  boolean hasNewType() {
    return !retyped().isEmpty();
  }

  boolean hasNewTypeFromAbove() {
    return retyped().stream().anyMatch(Column::inherited);
  }

  private List<Column> retyped() {
    return before.values().stream()
        .filter(old -> !keepsType(old))
        .flatMap(old -> Stream.ofNullable(after.get(old.number())))
        .toList();
  }

  /** What older rows of this table have in columns that it has got from a table above, by the columns' names. */
  Map<String, String> missingFromAbove() {
    Map<String, String> missing = new HashMap<>();
    after.values().stream()
        .filter(column -> column.inherited() && !before.containsKey(column.number()))
        .forEach(column -> {
          if (column.missing() != null) {
            missing.put(column.name(), column.missing());
          }
        });
    return missing;
  }

  /** Columns that came from a table above and are reported, by their names. */
  Set<String> reportedFromAbove() {
    return after.values().stream()
        .filter(column -> column.inherited() && !before.containsKey(column.number()))
        .filter(this::isReported)
        .map(Column::name)
        .collect(Collectors.toSet());
  }

  /**
   * Drops columns, perhaps with what a type is about to lose.
   *
   * @param left what tables below are to keep
   */
  void drops(Set<String> left, Consumer<String> statements) {
    before.values().forEach(column -> {
      if (!after.containsKey(column.number()) && !column.inherited() && !isOfType()) {
        String only = left.contains(column.name()) ? "ONLY " : "";
        statements.accept("ALTER TABLE " + only + table.quoted() + " DROP COLUMN " + column.name());
      }
    });
  }

  /**
   * Changes columns and adds others.
   *
   * @param missingBelow what tables below have in older rows: one that has no rows itself does not know it
   * @param reportedBelow what is not to be added since tables below have rows
   */
  void changes(
      Map<String, String> missingBelow, Set<String> reportedBelow, Consumer<String> statements) {
    after.values().forEach(column -> {
      Column old = before.get(column.number());
      if (old != null) {
        change(old, column, statements);
      } else if (!column.inherited()
          && !isOfType()
          && !isReported(column)
          && !reportedBelow.contains(column.name())) {
        add(column, missingBelow.get(column.name()), statements);
      }
    });
  }

  /**
   * Rows that are older than the column have what its default was when it was made: that may be another one by the time
   * this runs.
   */
  private void add(Column column, @Nullable String missingBelow, Consumer<String> statements) {
    String add = "ALTER TABLE " + table.quoted() + " ADD COLUMN ";
    String missing = column.missing() == null ? missingBelow : column.missing();
    if (missing == null) {
      if (isRowByRow(column)) {
        statements.accept(whereEmpty(column));
      }
      statements.accept(add + column.definition());
      return;
    }
    statements.accept(add + column.definition(" DEFAULT " + Identifiers.literal(missing)));
    // Those below have taken over the first one.
    statements.accept("ALTER TABLE " + table.quoted() + " ALTER COLUMN " + column.name() + ' '
        + ValueChange.defaultOf(column));
  }

  /** Such a column is not added: whoever is told adds it as it is wanted. */
  private boolean isReported(Column column) {
    return rewriting.hasRows() && rewriting.rewritten() && isRowByRow(column);
  }

  /** Whether rows that are older than the column would get each a value of its own. */
  private boolean isRowByRow(Column column) {
    return column.missing() == null
        && !column.generated()
        && (!column.value().isEmpty() || hasDefaultOfType.test(column))
        && !(ConstantDefault.is(column) && how.keepsDefaults());
  }

  /**
   * A had no rows; those that B has written meanwhile would get other values here than on their way to A. Those that B is
   * writing are seen once its transactions have come to their end.
   */
  private String whereEmpty(Column column) {
    String message = "The table has rows that A did not have when " + column.name()
        + " was added there with a value for each row. Delete them here, restart the task, and write them again.";
    return "DO LANGUAGE plpgsql "
        + Identifiers.literal("BEGIN LOCK TABLE " + table.quoted()
                + " IN ACCESS EXCLUSIVE MODE; IF EXISTS (SELECT FROM " + table.quoted()
                + ") THEN RAISE EXCEPTION USING MESSAGE = " + Identifiers.literal(message)
                + "; END IF; END")
            .strip();
  }

  private void change(Column old, Column column, Consumer<String> statements) {
    boolean newType = !old.rawType().equals(column.rawType());
    Optional<String> using = newType ? using(column) : usingOfSameType(column);
    if ((newType || using.isPresent())
        && !column.inherited()
        && !isOfType()
        && isTypeKnown(old, column)) {
      changeType(old, column, using, statements);
    }
    // An identity can be had only by a column that is NOT NULL.
    new NotNullChange(table, old, column).statements(statements);
    new ValueChange(table, old, column).statements(statements);
  }

  private Optional<String> using(Column column) {
    return how.text().flatMap(text -> UsingClauses.of(text, column.unquotedName()));
  }

  /** Other values of the type that it had. */
  private Optional<String> usingOfSameType(Column column) {
    return rewriting.retyped()
        ? how.text().flatMap(text -> UsingClauses.ofSameType(text, column.unquotedName()))
        : Optional.empty();
  }

  private void changeType(
      Column old, Column column, Optional<String> using, Consumer<String> statements) {
    String alter = "ALTER TABLE " + table.quoted() + " ALTER COLUMN " + column.name() + " TYPE "
        + column.type();
    if (using.isPresent()) {
      statements.accept(how.within(alter + " USING " + using.get()));
    } else {
      statements.accept(isBySettings(old.type() + ' ' + column.type()) ? how.within(alter) : alter);
    }
  }

  /** What cannot be made the same elsewhere. */
  void unsupported(Consumer<String> reports) {
    after.values().forEach(column -> {
      Column old = before.get(column.number());
      if (old == null) {
        if (isReported(column)) {
          reports.accept(
              "column " + column.name() + " was added with a value for each row:"
                  + (column.value().isEmpty() ? " the default of its type" : column.value())
                  + ". The other side has values of its own. Add it without a default, fill it by UPDATE, then set the default.");
        }
      } else if (!column.inherited() && !isOfType() && !isTypeKnown(old, column)) {
        reports.accept(
            "column " + column.name() + " got the type " + column.type()
                + " by an expression (USING) that cannot be found in the statement, or whose value may be another one elsewhere.");
      }
    });
    if (rewriting.retyped()
        && how.text().isEmpty()
        && before.values().stream().allMatch(this::keepsType)) {
      reports.accept(
          "a column got other values by ALTER COLUMN … TYPE … USING, in a statement whose text cannot be known.");
    }
  }

  private boolean keepsType(Column old) {
    Column column = after.get(old.number());
    return column == null || old.rawType().equals(column.rawType());
  }

  /** By the statement's text alone it is known that there is no USING, or none of this column. */
  private boolean isTypeKnown(Column old, Column column) {
    if (keepsType(old)) {
      return !rewriting.retyped()
          || how.text().isEmpty()
          || !UsingClauses.areOf(how.text().get(), column.unquotedName())
          || usingOfSameType(column).isPresent();
    }
    return how.text().isPresent()
        && (UsingClauses.isPlain(how.text().get(), column.unquotedName())
            || using(column).isPresent());
  }
}
