package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.util.function.Consumer;

/** What has become of a column's NOT NULL, which from PostgreSQL 18 on is a constraint with a name. */
final class NotNullChange {

  private final Table table;
  private final Column old;
  private final Column column;
  private final boolean set;

  NotNullChange(Table table, Column old, Column column) {
    this.table = table;
    this.old = old;
    this.column = column;
    this.set = !column.notNull().isEmpty();
  }

  void statements(Consumer<String> statements) {
    String alter = "ALTER TABLE " + table.quoted() + ' ';
    String alterOnly = "ALTER TABLE ONLY " + table.quoted() + " ALTER COLUMN " + column.name();
    if (old.notNull().isEmpty() == set) {
      boolean own = (set ? column : old).notNullOwn();
      if (!column.inherited()) {
        statements.accept(alter + change());
      } else if (own) {
        statements.accept(alterOnly + (set ? " SET NOT NULL" : " DROP NOT NULL"));
      }
    } else if (set && column.notNullOwn() && !old.notNullOwn()) {
      statements.accept(alterOnly + " SET NOT NULL");
    } else if (set && !column.inherited()) {
      constraint(alter, statements);
    }
  }

  private String change() {
    if (!set) {
      return "ALTER COLUMN " + column.name() + " DROP NOT NULL";
    }
    if (old.notNullPending()) {
      return "VALIDATE CONSTRAINT " + column.notNullName();
    }
    // Older servers, which know no other statement, do without the name as well.
    String usual =
        Identifiers.quote(table.name().name() + '_' + column.unquotedName() + "_not_null");
    boolean isUsual = column.notNullName().isEmpty() || column.notNullName().equals(usual);
    return isUsual && !column.notNullNoInherit()
        ? "ALTER COLUMN " + column.name() + " SET NOT NULL"
        : "ADD " + column.notNullOfInherited();
  }

  private void constraint(String alter, Consumer<String> statements) {
    if (!old.notNullName().equals(column.notNullName())) {
      statements.accept(
          alter + "RENAME CONSTRAINT " + old.notNullName() + " TO " + column.notNullName());
    }
    if (old.notNullNoInherit() != column.notNullNoInherit()) {
      statements.accept(alter + "ALTER CONSTRAINT " + column.notNullName()
          + (column.notNullNoInherit() ? " NO INHERIT" : " INHERIT"));
    }
  }
}
