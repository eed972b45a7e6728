package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has become of one table: a step for each method, in their order. */
final class TableChange {

  /** The kind of a table that belongs to the link by the partitioned table above it, and not by itself. */
  private static final String BELOW = "partition";

  /**
   * Up to PostgreSQL 15 readers of the WAL go on hearing the name that a renamed schema had until the table itself changes.
   * This changes nothing of it.
   */
  private static final String TELLS_SCHEMA = " RESET (user_catalog_table)";

  private final @Nullable Definition before;
  private final @Nullable Definition after;
  private final Definition either;
  private final Rewriting rewriting;
  private final boolean named;
  private final How how;
  private final PartChanges parts;

  private TableChange(
      @Nullable Definition before, @Nullable Definition after, JsonNode change, How how) {
    this.rewriting = Rewriting.read(change);
    this.named = change.get("named").asBoolean();
    this.how = how;
    this.before = before;
    this.after = after;
    this.either = Objects.requireNonNull(after == null ? before : after);
    boolean stays = before != null && after != null;
    this.parts = new PartChanges(
        before, after, stays && columns().hasNewType(), stays && columns().hasNewTypeFromAbove());
  }

  static TableChange read(JsonNode change, How how) throws SQLException {
    JsonNode before = change.get("before");
    JsonNode after = change.get("after");
    return new TableChange(
        before.isNull() ? null : Definition.read(before),
        after.isNull() ? null : Definition.read(after),
        change,
        how);
  }

  long oid() {
    return either.table().oid();
  }

  /** The tables above it. */
  List<Long> parents() {
    return either.table().parents();
  }

  /** The table, if it is gone. */
  Optional<Table> dropped() {
    return before != null && after == null ? Optional.of(before.table()) : Optional.empty();
  }

  void renames(Consumer<SchemaStatement> statements) {
    if (before == null || after == null) {
      return;
    }
    parts.renames(statements);
    Table was = before.table();
    Table is = after.table();
    if (was.namespace() != is.namespace()) {
      statements.accept(changeOf(
          was,
          "ALTER TABLE " + was.quoted() + " SET SCHEMA "
              + Identifiers.quote(is.name().schema())));
    }
    if (was.namespace() == is.namespace()
        && !was.name().schema().equals(is.name().schema())
        && is.partitionBy().isEmpty()) {
      statements.accept(change("table", "ALTER TABLE ONLY " + is.quoted() + TELLS_SCHEMA));
    }
    if (!was.name().name().equals(is.name().name())) {
      statements.accept(changeOf(
          was,
          "ALTER TABLE " + Identifiers.quote(is.name().schema()) + '.'
              + Identifiers.quote(was.name().name()) + " RENAME TO "
              + Identifiers.quote(is.name().name())));
    }
    columns().renames(sql -> statements.accept(change("column", sql)));
  }

  void unsupported(Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns()
          .unsupported(report -> statements.accept(new SchemaStatement(
              Phase.UNSUPPORTED,
              "ALTER TABLE",
              after.table().name().schema(),
              after.table().name().name(),
              after.table().quoted() + ": " + report)));
    }
  }

  /** What it has of its own by now, and had from tables above. */
  Left left() {
    return before != null && after != null
        ? new Left(columns().left(), columns().leftNotNull(), parts.left())
        : Left.NOTHING;
  }

  /** Takes away constraints and so on. */
  void undo(Left below, Consumer<SchemaStatement> statements) {
    parts.undo(below.constraints(), statements);
  }

  /** Leaves what may be dropped. */
  void releases(Left below, Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns().releases(below.notNull(), sql -> statements.accept(change("column", sql)));
    }
  }

  /** What it has, and what it needs. */
  PartChanges parts() {
    return parts;
  }

  void create(Consumer<SchemaStatement> statements) {
    if (before == null && after != null) {
      after
          .creation()
          .forEach(piece -> statements.accept(
              (named ? piece.statement() : piece.statement().ofKind(BELOW)).at(Phase.CREATE)));
    }
  }

  /** What older rows have in columns that came from a table above, by the columns' names. */
  Map<String, String> missingFromAbove() {
    return before != null && after != null ? columns().missingFromAbove() : Map.of();
  }

  /** Columns that came from a table above, where rows of this one keep them from being added. */
  Set<String> reportedFromAbove() {
    return before != null && after != null ? columns().reportedFromAbove() : Set.of();
  }

  /** Drops columns. */
  void drops(Left below, Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns().drops(below.columns(), sql -> statements.accept(change("column", sql)));
    }
  }

  /** Whether a type says which columns it has. */
  boolean isOfType() {
    return !either.table().ofType().isEmpty();
  }

  /** Whether it stays, and values in its rows are written otherwise from now on. */
  boolean changesValues() {
    return before != null && after != null && parts.changesValues();
  }

  /** Its name, with its schema. */
  String quoted() {
    return either.table().quoted();
  }

  void alter(
      Map<String, String> missingBelow,
      Set<String> reportedBelow,
      Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns()
          .changes(missingBelow, reportedBelow, sql -> statements.accept(change("column", sql)));
      alterTable(before.table(), after.table(), statements);
    }
  }

  private void alterTable(Table was, Table is, Consumer<SchemaStatement> statements) {
    String alter = "ALTER TABLE ONLY " + is.quoted();
    if (was.unlogged() != is.unlogged()) {
      statements.accept(change("table", alter + (is.unlogged() ? " SET UNLOGGED" : " SET LOGGED")));
    }
    List<String> reset = was.options().stream()
        .map(option -> option.substring(0, option.indexOf(" = ")))
        .filter(name -> is.options().stream().noneMatch(option -> option.startsWith(name + " = ")))
        .toList();
    if (!reset.isEmpty()) {
      statements.accept(change("table", alter + " RESET (" + String.join(", ", reset) + ')'));
    }
    if (!is.options().isEmpty() && !was.options().equals(is.options())) {
      statements.accept(change("table", alter + " SET (" + String.join(", ", is.options()) + ')'));
    }
    if (!was.accessMethod().equals(is.accessMethod())) {
      statements.accept(change(
          "table",
          alter + " SET ACCESS METHOD "
              + (is.accessMethod().isEmpty() ? "heap" : is.accessMethod())));
    }
    alterInheritance(was, is, alter, statements);
  }

  private void alterInheritance(
      Table was, Table is, String alter, Consumer<SchemaStatement> statements) {
    if (was.partition() || is.partition()) {
      return;
    }
    for (int i = 0; i < was.parents().size(); i++) {
      if (!is.parents().contains(was.parents().get(i))) {
        statements.accept(
            change("table", alter + " NO INHERIT " + was.parentNames().get(i)));
      }
    }
    for (int i = 0; i < is.parents().size(); i++) {
      if (!was.parents().contains(is.parents().get(i))) {
        statements.accept(change("table", alter + " INHERIT " + is.parentNames().get(i)));
      }
    }
    if (!was.ofType().equals(is.ofType())) {
      statements.accept(
          change("table", alter + (is.ofType().isEmpty() ? " NOT OF" : " OF " + is.ofType())));
    }
  }

  private ColumnChanges columns() {
    return new ColumnChanges(
        Objects.requireNonNull(after).table(),
        Objects.requireNonNull(before).columns(),
        after.columns(),
        this::hasDefaultOfType,
        rewriting,
        how);
  }

  private boolean hasDefaultOfType(Columns.Column column) {
    String type = "type:" + column.rawType().substring(0, column.rawType().indexOf(' '));
    return Objects.requireNonNull(after).parts().stream()
        .anyMatch(part -> part.key().equals(type) && DomainChange.hasDefault(part));
  }

  /** Under the name that the other side knows it by until then. */
  private static SchemaStatement changeOf(Table was, String sql) {
    return new SchemaStatement(
        Phase.CHANGE, "table", was.name().schema(), was.name().name(), sql);
  }

  SchemaStatement change(String kind, String sql) {
    TableName name = either.table().name();
    return new SchemaStatement(Phase.CHANGE, kind, name.schema(), name.name(), sql);
  }
}
