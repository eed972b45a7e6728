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

  /**
   * One that is gone: a new type's values may be null. Where it is no constraint, each table that has lost it says so
   * itself.
   *
   * @param left whether tables below are to keep it
   */
  void release(boolean left, Consumer<String> statements) {
    if (set || old.notNull().isEmpty() || (column.inherited() && !old.notNullOwn())) {
      return;
    }
    boolean only = old.notNullName().isEmpty() && table.partitionBy().isEmpty();
    statements.accept((left || only || column.inherited() ? alterOnly() : alter()) + alterColumn()
        + " DROP NOT NULL");
  }

  /** One that is there. */
  void statements(Consumer<String> statements) {
    if (!set) {
      return;
    }
    boolean isNew = old.notNull().isEmpty();
    if (isNew && !column.inherited()) {
      statements.accept(alter() + addition());
    } else if (column.notNullOwn() && (isNew || !old.notNullOwn())) {
      statements.accept(alterOnly() + alterColumn() + " SET NOT NULL");
    } else if (!column.inherited()) {
      constraint(alter(), statements);
    }
  }

  private String alter() {
    return "ALTER TABLE " + table.quoted() + ' ';
  }

  private String alterOnly() {
    return "ALTER TABLE ONLY " + table.quoted() + ' ';
  }

  private String alterColumn() {
    return "ALTER COLUMN " + column.name();
  }

  private String addition() {
    if (old.notNullPending()) {
      return "VALIDATE CONSTRAINT " + column.notNullName();
    }
    // Older servers, which know no other statement, do without the name as well.
    String usual =
        Identifiers.quote(table.name().name() + '_' + column.unquotedName() + "_not_null");
    boolean isUsual = column.notNullName().isEmpty() || column.notNullName().equals(usual);
    return isUsual && !column.notNullNoInherit()
        ? alterColumn() + " SET NOT NULL"
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
