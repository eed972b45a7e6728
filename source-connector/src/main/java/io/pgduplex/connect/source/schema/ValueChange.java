package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has become of what a column has where it is not given: its default, the expression that generates it, its identity. */
final class ValueChange {

  private static final Pattern IDENTITY = Pattern.compile(
      " GENERATED (ALWAYS|BY DEFAULT) AS IDENTITY \\(SEQUENCE NAME (.+) (INCREMENT BY .*)\\)",
      Pattern.DOTALL);

  private static final Pattern LAST_NAME = Pattern.compile("\"(?:[^\"]|\"\")+\"$");

  private final Column old;
  private final Column column;
  private final String alter;
  private final String alterOnly;

  ValueChange(Table table, Column old, Column column) {
    this.old = old;
    this.column = column;
    this.alter = "ALTER TABLE " + table.quoted() + " ALTER COLUMN " + column.name() + ' ';
    this.alterOnly = "ALTER TABLE ONLY " + table.quoted() + " ALTER COLUMN " + column.name() + ' ';
  }

  /**
   * A default or an identity that is gone: perhaps with a sequence that goes as well. A default of another type may be
   * nothing that the old one can be cast to.
   */
  void release(Consumer<String> statements) {
    boolean retyped = !old.rawType().equals(column.rawType());
    boolean changed = !old.rawValue().equals(column.rawValue());
    if (old.hasDefault() && (!column.hasDefault() || (retyped && changed))) {
      statements.accept(alterOnly + "DROP DEFAULT");
    } else if (old.isIdentity() && !column.isIdentity()) {
      unlessInherited("DROP IDENTITY", statements);
    }
  }

  /** An identity's sequence may be renamed by itself. */
  void renameSequence(Consumer<String> statements) {
    Matcher was = IDENTITY.matcher(old.value());
    Matcher is = IDENTITY.matcher(column.value());
    if (was.matches() && is.matches() && !column.inherited()) {
      String before = nameOf(was.group(2));
      String after = nameOf(is.group(2));
      if (!before.equals(after)) {
        String schema = is.group(2).substring(0, is.group(2).length() - after.length());
        statements.accept("ALTER SEQUENCE " + schema + before + " RENAME TO " + after);
      }
    }
  }

  /** Without its schema. */
  private static String nameOf(String sequence) {
    Matcher name = LAST_NAME.matcher(sequence);
    return name.find() ? name.group() : sequence;
  }

  void statements(Consumer<String> statements) {
    if (old.rawValue().equals(column.rawValue())) {
      return;
    }
    if (column.isIdentity()) {
      identity(statements);
    } else if (old.generated() && !column.generated()) {
      unlessInherited("DROP EXPRESSION", statements);
      setDefault(statements);
    } else if (column.generated()) {
      expression(statements);
    } else {
      setDefault(statements);
    }
  }

  private void expression(Consumer<String> statements) {
    String value = column.value();
    if (!old.value().equals(value)) {
      unlessInherited(
          "SET EXPRESSION AS " + value.substring(value.indexOf('('), value.lastIndexOf(')') + 1),
          statements);
    }
  }

  private void identity(Consumer<String> statements) {
    Matcher is = IDENTITY.matcher(column.value());
    if (!old.isIdentity()) {
      unlessInherited("ADD" + column.value(), statements);
    } else if (is.matches() && !column.inherited()) {
      statements.accept(Sequences.withinBounds(
          alter + "SET GENERATED " + is.group(1) + ' ' + sequence(is.group(3))));
    }
  }

  private static String sequence(String options) {
    return options
            .replace("INCREMENT BY", "SET INCREMENT BY")
            .replace("MINVALUE", "SET MINVALUE")
            .replace("MAXVALUE", "SET MAXVALUE")
            .replace("START WITH", "SET START WITH")
            .replace("CACHE", "SET CACHE")
            .replace(" CYCLE", "")
        + (options.endsWith(" CYCLE") ? " SET CYCLE" : " SET NO CYCLE");
  }

  private void setDefault(Consumer<String> statements) {
    if (column.hasDefault()) {
      statements.accept(alterOnly + defaultOf(column));
    }
  }

  /** What sets a column's default, or takes it away. */
  static String defaultOf(Column column) {
    return column.hasDefault() ? "SET" + column.value() : "DROP DEFAULT";
  }

  private void unlessInherited(String what, Consumer<String> statements) {
    if (!column.inherited()) {
      statements.accept(alter + what);
    }
  }
}
