package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has become of one table, with its parts and what it needs: a step for each method, in their order. */
final class TableChange {

  /** What a table needs, and others may need as well: it is not taken away with it. */
  private static final Set<String> NEEDS = Set.of("schema", "collation", "sequence", "type");

  /** The kind of a table that belongs to the link by the partitioned table above it, and not by itself. */
  private static final String BELOW = "partition";

  private final @Nullable Definition before;
  private final @Nullable Definition after;
  private final Definition either;
  private final boolean hasRows;
  private final boolean named;
  private final How how;
  private final Map<String, Piece> old;
  private final List<Piece> gone;
  private final List<Piece> added;

  private TableChange(
      @Nullable Definition before, @Nullable Definition after, JsonNode change, How how) {
    this.hasRows = change.get("hasRows").asBoolean();
    this.named = change.get("named").asBoolean();
    this.how = how;
    this.before = before;
    this.after = after;
    this.either = Objects.requireNonNull(after == null ? before : after);
    this.old = byKey(before);
    Map<String, Piece> now = byKey(after);
    this.gone = new ArrayList<>(old.values().stream()
        .filter(piece -> isOther(piece, now.get(piece.key()), after))
        .toList());
    this.added = new ArrayList<>(now.values().stream()
        .filter(piece -> isOther(piece, old.get(piece.key()), before))
        .toList());
    leaveOutMadeAnew();
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

  private static Map<String, Piece> byKey(@Nullable Definition definition) {
    return definition == null
        ? Map.of()
        : definition.parts().stream()
            .collect(Collectors.toMap(
                Piece::key, piece -> piece, (one, other) -> one, LinkedHashMap::new));
  }

  /** Some parts come and go with those of a table above, and are no pieces then. */
  private static boolean isOther(
      Piece piece, @Nullable Piece counterpart, @Nullable Definition side) {
    return counterpart == null
        ? side == null || !side.keys().contains(piece.key())
        : !counterpart.raw().equals(piece.raw());
  }

  /** A new type of a column makes constraints and indexes anew: PostgreSQL does, here and there. */
  private void leaveOutMadeAnew() {
    gone.removeIf(TableChange::isAttached);
    if (before != null && after != null && columns().hasNewTypeFromAbove()) {
      added.removeIf(piece -> isAttached(piece) || piece.key().startsWith("partition of index:"));
    }
    for (Piece piece : List.copyOf(added)) {
      gone.stream()
          .filter(other -> !other.key().equals(piece.key()))
          .filter(other -> other.statement().sql().equals(piece.statement().sql()))
          .findFirst()
          .ifPresent(other -> {
            gone.remove(other);
            added.remove(piece);
          });
    }
  }

  /** It comes and goes with what is the same of the partitioned table. */
  private static boolean isAttached(Piece piece) {
    return !piece.of().isEmpty()
        && (piece.key().startsWith("index:") || piece.key().startsWith("constraint:"));
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
    after.parts().forEach(piece -> {
      Piece was = old.get(piece.key());
      if (was != null && !was.part().equals(piece.part())) {
        statements.accept(was.statement().of(Phase.CHANGE, rename(was, piece)));
      }
    });
    Table was = before.table();
    Table is = after.table();
    if (was.namespace() != is.namespace()) {
      statements.accept(changeOf(
          was, "ALTER TABLE " + was.quoted() + " SET SCHEMA " + quote(is.name().schema())));
    }
    if (!was.name().name().equals(is.name().name())) {
      statements.accept(changeOf(
          was,
          "ALTER TABLE " + quote(is.name().schema()) + '.' + quote(was.name().name())
              + " RENAME TO " + quote(is.name().name())));
    }
    columns().renames(sql -> statements.accept(change("column", sql)));
  }

  private static String rename(Piece was, Piece piece) {
    SchemaStatement statement = piece.statement();
    String schema = quote(statement.schema());
    return switch (statement.kind()) {
      case "schema" -> "ALTER SCHEMA " + quote(was.part()) + " RENAME TO " + quote(piece.part());
      case "constraint" ->
        "ALTER TABLE " + quote(was.statement().schema()) + '.'
            + quote(was.statement().name()) + " RENAME CONSTRAINT " + was.part() + " TO "
            + piece.part();
      default ->
        "ALTER " + statement.kind().toUpperCase(java.util.Locale.ROOT) + ' ' + schema + '.'
            + was.part() + " RENAME TO " + piece.part();
    };
  }

  void unsupported(Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns()
          .unsupported(
              hasRows,
              report -> statements.accept(new SchemaStatement(
                  Phase.UNSUPPORTED,
                  "ALTER TABLE",
                  after.table().name().schema(),
                  after.table().name().name(),
                  after.table().quoted() + ": " + report)));
    }
  }

  /** Leaves what may be dropped. */
  void releases(Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns().releases(sql -> statements.accept(change("column", sql)));
    }
  }

  /** Takes away what is gone, and what is to be made anew in another way; last things first. */
  void undo(Consumer<SchemaStatement> statements) {
    if (after == null) {
      return;
    }
    List<Piece> reversed = new ArrayList<>(gone);
    Collections.reverse(reversed);
    for (Piece piece : reversed) {
      boolean ownerGone = !piece.of().isEmpty() && !after.keys().contains(piece.of());
      if (!piece.undo().isEmpty() && !ownerGone && !isOnlyValidated(piece)) {
        statements.accept(change(piece.statement().kind(), piece.undo()));
      }
    }
  }

  private static boolean isNeed(Piece piece) {
    return NEEDS.contains(piece.key().substring(0, piece.key().indexOf(':')));
  }

  /** A table may move to a schema that was of no use before. */
  void schemas(Consumer<SchemaStatement> statements) {
    added.stream()
        .filter(piece -> piece.key().startsWith("schema:"))
        .forEach(piece -> statements.accept(piece.statement().at(Phase.CREATE)));
  }

  /** Makes what it needs now and did not before. */
  void needs(Consumer<SchemaStatement> statements) {
    added.stream().filter(TableChange::isNeed).forEach(piece -> {
      Piece was = old.get(piece.key());
      if (was == null) {
        statements.accept(piece.statement().at(Phase.CREATE));
      } else {
        NeedChange.statements(was, piece).forEach(statements);
      }
    });
  }

  void create(Consumer<SchemaStatement> statements) {
    if (before == null && after != null) {
      after
          .creation()
          .forEach(piece -> statements.accept(
              (named ? piece.statement() : piece.statement().ofKind(BELOW)).at(Phase.CREATE)));
    }
  }

  void alter(Consumer<SchemaStatement> statements) {
    if (before != null && after != null) {
      columns().changes(sql -> statements.accept(change("column", sql)));
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

  /** What it has got, in order; a partition is attached when it has what the partitioned table has. */
  void parts(Consumer<SchemaStatement> statements) {
    if (after == null) {
      return;
    }
    Phase phase = before == null ? Phase.CREATE : Phase.CHANGE;
    List<Piece> last = new ArrayList<>();
    for (Piece piece : added) {
      if (piece.key().startsWith("partition of index:")
          || piece.statement().kind().equals("comment")) {
        last.add(piece);
      } else if (piece.key().startsWith("partition:")) {
        if (before == null) {
          after.checks().forEach(check -> statements.accept(check.statement().at(phase)));
        }
        last.add(0, piece);
      } else if (isOnlyValidated(piece)) {
        statements.accept(change(
            "constraint",
            "ALTER TABLE " + after.table().quoted() + " VALIDATE CONSTRAINT " + piece.part()));
      } else if (!isNeed(piece)) {
        statements.accept(piece.statement().at(phase));
      }
    }
    last.forEach(piece -> statements.accept(piece.statement().at(phase)));
  }

  /** Also where it is the other way round. */
  private boolean isOnlyValidated(Piece piece) {
    Piece was = old.get(piece.key());
    return was != null
        && after != null
        && after.parts().stream()
            .filter(is -> is.key().equals(piece.key()))
            .anyMatch(is -> is.raw().startsWith("valid ") && was.raw().equals("not " + is.raw()));
  }

  private ColumnChanges columns() {
    return new ColumnChanges(
        Objects.requireNonNull(after).table(),
        Objects.requireNonNull(before).columns(),
        after.columns(),
        how);
  }

  /** Under the name that the other side knows it by until then. */
  private static SchemaStatement changeOf(Table was, String sql) {
    return new SchemaStatement(
        Phase.CHANGE, "table", was.name().schema(), was.name().name(), sql);
  }

  private SchemaStatement change(String kind, String sql) {
    TableName name = either.table().name();
    return new SchemaStatement(Phase.CHANGE, kind, name.schema(), name.name(), sql);
  }

  private static String quote(String name) {
    return io.pgduplex.connect.common.Identifiers.quote(name);
  }
}
