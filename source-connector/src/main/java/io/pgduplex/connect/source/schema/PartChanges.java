package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What has become of the parts of a table (constraints, indexes, comments, settings, …) and of what it needs. A part is known
 * by its key, whatever its name; what is like it is compared without names.
 */
final class PartChanges {

  /** What a table needs, and others may need as well: it is not taken away with it. */
  private static final Set<String> NEEDS = Set.of("schema", "collation", "sequence", "type");

  /** What a foreign key is like. */
  private static final Pattern REFERENCE = Pattern.compile("^(not )?valid \\[\"f\"");

  /** What a table needs and may move to another schema by itself. */
  private static final Set<String> MOVABLE = Set.of("type", "domain", "sequence", "collation");

  private final @Nullable Definition before;
  private final @Nullable Definition after;
  private final Map<String, Piece> old;
  private final Map<String, Piece> now;
  private final List<Piece> gone;
  private final List<Piece> added;

  /**
   * @param retyped whether a column has got a new type
   * @param rebuilt whether one has got it from a table above
   */
  PartChanges(
      @Nullable Definition before, @Nullable Definition after, boolean retyped, boolean rebuilt) {
    this.before = before;
    this.after = after;
    this.old = byKey(before);
    this.now = byKey(after);
    this.gone = others(old, now, after);
    this.added = others(now, old, before);
    // They come with a new domain; of one that was there before they are among its changes.
    added.removeIf(
        piece -> piece.key().startsWith("constraint of domain:") && old.containsKey(piece.of()));
    leaveOutMadeAnew(retyped, rebuilt);
    addWhatGoesWithOthers();
  }

  private static Map<String, Piece> byKey(@Nullable Definition definition) {
    return definition == null
        ? Map.of()
        : definition.parts().stream()
            .collect(Collectors.toMap(
                Piece::key, piece -> piece, (one, other) -> one, LinkedHashMap::new));
  }

  /** Some parts come and go with those of a table above, and are no pieces then. */
  private static List<Piece> others(
      Map<String, Piece> pieces, Map<String, Piece> counterparts, @Nullable Definition side) {
    return new ArrayList<>(pieces.values().stream()
        .filter(piece -> {
          Piece counterpart = counterparts.get(piece.key());
          return counterpart == null
              ? side == null || !side.keys().contains(piece.key())
              : !counterpart.raw().equals(piece.raw());
        })
        .toList());
  }

  /** A new type of a column makes constraints and indexes anew: PostgreSQL does, here and there. REINDEX does only here. */
  private void leaveOutMadeAnew(boolean retyped, boolean rebuilt) {
    for (Piece piece : List.copyOf(added)) {
      Optional<Piece> same = gone.stream()
          .filter(other -> !other.key().equals(piece.key()) && goesWithTheSame(other, piece))
          .filter(other -> other.statement().sql().equals(piece.statement().sql())
              || (retyped && isSameIndex(other, piece)))
          .findFirst();
      if (same.isPresent()) {
        gone.remove(same.get());
        added.remove(piece);
      }
    }
    gone.removeIf(PartChanges::isAttached);
    if (rebuilt) {
      added.removeIf(piece -> isAttached(piece) || piece.key().startsWith("partition of index:"));
    }
  }

  /** What is attached to something else than before has gone with that. */
  private static boolean goesWithTheSame(Piece one, Piece other) {
    return (!isAttached(one) && !isAttached(other)) || one.of().equals(other.of());
  }

  /**
   * The expressions of one whose column gets a new type read otherwise afterwards. The same statement cannot replace an index
   * by another one of its name.
   */
  private static boolean isSameIndex(Piece one, Piece other) {
    return one.key().startsWith("index:")
        && other.key().startsWith("index:")
        && one.part().equals(other.part());
  }

  /** What is taken away and made anew loses its comment, its settings, and what it is to its table. */
  private void addWhatGoesWithOthers() {
    Set<String> lost = gone.stream()
        .filter(piece -> now.containsKey(piece.key()) && !piece.undo().isEmpty())
        .filter(piece -> !isOnlyValidated(piece))
        .map(Piece::key)
        .collect(Collectors.toSet());
    List<Piece> all = now.values().stream()
        .filter(piece -> added.contains(piece) || (lost.contains(piece.of()) && !isAttached(piece)))
        .toList();
    added.clear();
    added.addAll(all);
  }

  /** It comes and goes with what is the same of the partitioned table. */
  private static boolean isAttached(Piece piece) {
    return !piece.of().isEmpty()
        && (piece.key().startsWith("index:") || piece.key().startsWith("constraint:"));
  }

  private static boolean isNeed(Piece piece) {
    return NEEDS.contains(piece.key().substring(0, piece.key().indexOf(':')));
  }

  void renames(Consumer<SchemaStatement> statements) {
    now.values().forEach(piece -> {
      Piece was = old.get(piece.key());
      if (was != null && isMoved(was, piece)) {
        statements.accept(was.statement()
            .of(
                Phase.CHANGE,
                "ALTER " + was.statement().kind().toUpperCase(Locale.ROOT) + ' '
                    + Identifiers.quote(was.statement().schema()) + '.' + was.part()
                    + " SET SCHEMA "
                    + Identifiers.quote(piece.statement().schema())));
      }
      if (was != null && !was.part().equals(piece.part())) {
        statements.accept(was.statement().of(Phase.CHANGE, rename(was, piece)));
      }
    });
  }

  /** Into another schema, not by a new name of its own; a sequence that belongs to a table moves with that. */
  private boolean isMoved(Piece was, Piece is) {
    String from = was.statement().schema();
    String to = is.statement().schema();
    return MOVABLE.contains(is.statement().kind())
        && is.of().isEmpty()
        && !from.equals(to)
        && now.values().stream()
            .filter(piece -> piece.key().startsWith("schema:") && piece.part().equals(to))
            .map(piece -> old.get(piece.key()))
            .noneMatch(schema -> schema != null && schema.part().equals(from));
  }

  private static String rename(Piece was, Piece piece) {
    SchemaStatement made = was.statement();
    return switch (made.kind()) {
      case "schema" ->
        "ALTER SCHEMA " + Identifiers.quote(was.part()) + " RENAME TO "
            + Identifiers.quote(piece.part());
      case "constraint" ->
        "ALTER TABLE " + Identifiers.quote(made.schema(), made.name()) + " RENAME CONSTRAINT "
            + was.part() + " TO " + piece.part();
      default ->
        "ALTER " + made.kind().toUpperCase(Locale.ROOT) + ' '
            + Identifiers.quote(piece.statement().schema()) + '.' + was.part() + " RENAME TO "
            + piece.part();
    };
  }

  /** Foreign keys that are gone, or are to be made anew: the keys that they refer to may be another table's. */
  void undoReferences(Consumer<SchemaStatement> statements) {
    undo(REFERENCE.asPredicate(), Set.of(), statements);
  }

  /**
   * Takes away what is gone, and what is to be made anew in another way; last things first.
   *
   * @param left constraints that tables below are to keep
   */
  void undo(Set<String> left, Consumer<SchemaStatement> statements) {
    undo(raw -> true, left, statements);
  }

  /** Constraints that the table had from one above, and has of its own. */
  Set<String> left() {
    return now.values().stream()
        .filter(piece -> piece.key().startsWith("constraint:")
            && !old.containsKey(piece.key())
            && before != null
            && before.keys().contains(piece.key()))
        .map(Piece::part)
        .collect(Collectors.toSet());
  }

  private void undo(Predicate<String> raw, Set<String> left, Consumer<SchemaStatement> statements) {
    if (after == null) {
      return;
    }
    List<Piece> reversed = new ArrayList<>(gone);
    Collections.reverse(reversed);
    for (Piece piece : reversed) {
      boolean ownerGone = !piece.of().isEmpty() && !after.keys().contains(piece.of());
      if (!piece.undo().isEmpty()
          && !ownerGone
          && !isOnlyValidated(piece)
          && raw.test(piece.raw())) {
        boolean only = piece.key().startsWith("constraint:") && left.contains(piece.part());
        statements.accept(piece
            .statement()
            .of(
                Phase.CHANGE,
                only
                    ? piece.undo().replaceFirst("^ALTER TABLE ", "ALTER TABLE ONLY ")
                    : piece.undo()));
      }
    }
  }

  /** A table may move to a schema that was of no use before. */
  void schemas(Consumer<SchemaStatement> statements) {
    added.stream()
        .filter(piece -> piece.key().startsWith("schema:"))
        .forEach(piece -> statements.accept(piece.statement().at(Phase.CREATE)));
  }

  /** Whether a type that the table has and had writes its values otherwise from now on. */
  boolean changesValues() {
    return added.stream().filter(PartChanges::isNeed).anyMatch(piece -> {
      Piece was = old.get(piece.key());
      return was != null && NeedChange.changesValues(was, piece);
    });
  }

  /**
   * Makes what the table needs now and did not before.
   *
   * @param tables whether there may be tables of a type
   */
  void needs(boolean tables, How how, Consumer<SchemaStatement> statements) {
    added.stream().filter(PartChanges::isNeed).forEach(piece -> {
      Piece was = old.get(piece.key());
      if (was == null) {
        statements.accept(piece.statement().at(Phase.CREATE));
      } else {
        NeedChange.statements(was, piece, tables, how).forEach(statements);
      }
    });
  }

  /** Makes what is new, in order; a partition is attached when it has what the partitioned table has. */
  void make(Consumer<SchemaStatement> statements) {
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
        statements.accept(piece
            .statement()
            .of(
                Phase.CHANGE,
                "ALTER TABLE " + after.table().quoted() + " VALIDATE CONSTRAINT " + piece.part()));
      } else if (!isNeed(piece)) {
        statements.accept(piece.statement().at(phase));
      }
    }
    last.forEach(piece -> statements.accept(piece.statement().at(phase)));
  }

  private boolean isOnlyValidated(Piece piece) {
    Piece was = old.get(piece.key());
    Piece is = now.get(piece.key());
    return was != null
        && is != null
        && is.raw().startsWith("valid ")
        && was.raw().equals("not " + is.raw());
  }
}
