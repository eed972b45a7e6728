package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * One row change, made for its target table.
 *
 * @param kind what happens to the row
 * @param table the target's table
 * @param lookup how an UPDATE or DELETE finds the row; of the others the table's own
 * @param identity for UPDATE and DELETE the old values of the columns of {@code lookup}, else empty
 * @param values for all but DELETE the new values, in the order of the table's columns: String, null or {@link Marker}
 * @param expected of an UPDATE or DELETE whose old row is known the values, in the order of the table's columns, that the
 *     row must have besides its identity for no conflict; a {@link Marker} for those that do not count; else empty
 * @param keyChange whether an UPDATE changes a value that it finds the row by
 * @param change where it comes from; of several in one the last
 * @param parts the changes that this is the sum of, in their order; none where it is one
 */
@SuppressWarnings(
    "ArrayRecordComponent") // one for each row, never compared: a wrapper would only cost
public record Operation(
    Kind kind,
    TargetTable table,
    Lookup lookup,
    @Nullable Object[] identity,
    @Nullable Object[] values,
    @Nullable Object[] expected,
    boolean keyChange,
    RowChange change,
    List<Operation> parts) {

  private static final @Nullable Object[] NONE = new Object[0];

  /** Reads the images of {@code change}; throws when they do not suffice to write it exactly. */
  public static Operation of(TargetTable table, RowChange change) {
    return switch (change.kind()) {
      case SNAPSHOT, INSERT -> insert(table, change);
      case UPDATE -> update(table, change);
      case DELETE -> delete(table, change);
    };
  }

  private static Operation insert(TargetTable table, RowChange change) {
    @Nullable Object[] values = RowReader.read(table, present(change.after()), change.position());
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Marker.UNCHANGED
          || (values[i] == Marker.ABSENT && table.key().contains(i))) {
        throw incomplete(
            table,
            change,
            table.columns().get(i),
            "write the row. Give the source the column, or run ALTER TABLE "
                + table.name().quoted() + " REPLICA IDENTITY FULL there.");
      }
    }
    return new Operation(
        change.kind(), table, table.lookup(), NONE, values, NONE, false, change, List.of());
  }

  private static Operation delete(TargetTable table, RowChange change) {
    Lookup lookup = lookup(table, change);
    @Nullable Object[] row = RowReader.read(table, present(change.before()), change.position());
    return new Operation(
        Kind.DELETE,
        table,
        lookup,
        identity(table, lookup, change, row),
        NONE,
        expected(lookup, change, row),
        false,
        change,
        List.of());
  }

  private static Operation update(TargetTable table, RowChange change) {
    Lookup lookup = lookup(table, change);
    @Nullable Object[] values = RowReader.read(table, present(change.after()), change.position());
    if (change.before() == null && !change.identity().full()) {
      // No value of the source's identity has changed, so the row after tells where the row was.
      @Nullable Object[] identity = identity(table, lookup, change, values);
      return new Operation(
          Kind.UPDATE, table, lookup, identity, values, NONE, false, change, List.of());
    }
    @Nullable Object[] before = RowReader.read(table, present(change.before()), change.position());
    @Nullable Object[] identity = identity(table, lookup, change, before);
    boolean keyChange = false;
    for (int i = 0; i < identity.length && lookup.unique(); i++) {
      Object value = values[lookup.columns().get(i)];
      keyChange |= value != Marker.UNCHANGED && !(identity[i] != null && identity[i].equals(value));
    }
    return new Operation(
        Kind.UPDATE,
        table,
        lookup,
        identity,
        values,
        expected(lookup, change, before),
        keyChange,
        change,
        List.of());
  }

  /** Where the row is looked up as a whole, its identity says it all. */
  private static @Nullable Object[] expected(
      Lookup lookup, RowChange change, @Nullable Object[] before) {
    if (!change.identity().full() || !lookup.unique()) {
      return NONE;
    }
    @Nullable Object[] expected = before.clone();
    lookup.columns().forEach(position -> expected[position] = Marker.ABSENT);
    return expected;
  }

  private static Lookup lookup(TargetTable table, RowChange change) {
    return table
        .lookup(change.identity())
        .orElseThrow(() -> new DataException("The " + change.kind() + " of " + table.name()
            + " at offset " + change.position().offset()
            + " cannot be applied for sure: the source knows the row by " + change.identity()
            + ", and the target has no unique index over these columns or some of them (its key is "
            + table.keyNames() + "). Give the target one, CREATE UNIQUE INDEX ON "
            + table.name().quoted() + " ("
            + Identifiers.quoteAll(change.identity().columns())
            + "), then restart the task. Or, for changes from then on, run ALTER TABLE ... REPLICA IDENTITY FULL on the"
            + " source."));
  }

  private static @Nullable Object[] identity(
      TargetTable table, Lookup lookup, RowChange change, @Nullable Object[] row) {
    List<Integer> positions = lookup.columns();
    @Nullable Object[] identity = new Object[positions.size()];
    for (int i = 0; i < identity.length; i++) {
      Object value = row[positions.get(i)];
      if (value instanceof Marker || (lookup.unique() && value == null)) {
        throw incomplete(
            table,
            change,
            table.columns().get(positions.get(i)),
            "find the row by " + table.lookupNames(lookup) + "; the source knows it by "
                + change.identity() + ". Give both sides the same columns and keys.");
      }
      identity[i] = value;
    }
    return identity;
  }

  private static DataException incomplete(
      TargetTable table, RowChange change, TargetColumn column, String purpose) {
    return new DataException("The " + change.kind() + " of " + table.name() + " at offset "
        + change.position().offset() + " carries no value for column " + column.name()
        + ", which is needed to " + purpose);
  }

  /** The decoder lets no change pass without the image that its kind needs. */
  private static Object present(@Nullable Object image) {
    return Objects.requireNonNull(image);
  }

  /** Which columns the operation writes: those with a value, in an UPDATE without the key that it finds the row by. */
  public BitSet written() {
    BitSet written = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] instanceof Marker)) {
        written.set(i);
      }
    }
    if (kind == Kind.UPDATE && !keyChange && lookup.unique()) {
      lookup.columns().forEach(written::clear);
    }
    return written;
  }

  /** Positions of the columns whose old values are compared with the row's. */
  public BitSet compared() {
    BitSet compared = new BitSet(expected.length);
    for (int i = 0; i < expected.length; i++) {
      if (!(expected[i] instanceof Marker)) {
        compared.set(i);
      }
    }
    return compared;
  }

  /**
   * The values of a statement's parameters: the columns written, the identity, the columns compared.
   *
   * @param shape this operation's, which many share
   */
  public List<@Nullable Object> parameters(Shape shape) {
    List<@Nullable Object> parameters = new ArrayList<>();
    if (kind != Kind.DELETE) {
      add(parameters, values, shape.written());
    }
    Collections.addAll(parameters, identity);
    add(parameters, expected, shape.compared());
    return parameters;
  }

  private static void add(
      List<@Nullable Object> parameters, @Nullable Object[] from, BitSet positions) {
    for (int i = positions.nextSetBit(0); i >= 0; i = positions.nextSetBit(i + 1)) {
      parameters.add(from[i]);
    }
  }

  /** The same, whatever the row's other columns hold. */
  public Operation unconditional() {
    return new Operation(kind, table, lookup, identity, values, NONE, keyChange, change, List.of());
  }

  /** The same UPDATE, which writes the values that it finds the row by as well: equal ones may differ as text. */
  public Operation withKey() {
    return new Operation(kind, table, lookup, identity, values, expected, true, change, List.of());
  }

  /** Whether this UPDATE may change what a rule compares; so it may where an old value is not known. */
  public boolean mayChange(UniqueRule rule) {
    for (int position = 0; position < values.length; position++) {
      if (!rule.columns().isEmpty() && !rule.columns().contains(position)) {
        continue;
      }
      Object value = values[position];
      if (!(value instanceof Marker) && !Objects.equals(value, before(position))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Object before(int position) {
    int ofIdentity = lookup.columns().indexOf(position);
    if (ofIdentity >= 0) {
      return identity[ofIdentity];
    }
    return expected.length == 0 ? Marker.ABSENT : expected[position];
  }

  /** The row that this INSERT or UPDATE has written, as an UPDATE that finds it and changes nothing. */
  public Operation asWritten() {
    List<Integer> found = new ArrayList<>();
    List<@Nullable Object> row = new ArrayList<>();
    for (int position : lookup.columns()) {
      Object value = values[position];
      if (value instanceof Marker && identity.length > 0) {
        value = identity[lookup.columns().indexOf(position)];
      }
      if (!(value instanceof Marker)) {
        found.add(position);
        row.add(value);
      }
    }
    @Nullable Object[] unchanged = new Object[values.length];
    Arrays.fill(unchanged, Marker.UNCHANGED);
    return new Operation(
        Kind.UPDATE,
        table,
        new Lookup(found, lookup.unique()),
        row.toArray(),
        unchanged,
        NONE,
        false,
        change,
        List.of());
  }

  /** The key as a value that can be compared; of a table without key the whole row. */
  List<@Nullable Object> identityKey() {
    return Arrays.asList(identity);
  }

  /** What an INSERT writes into the table's key. */
  public List<@Nullable Object> key() {
    @Nullable Object[] key = new Object[table.key().size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = values[table.key().get(i)];
    }
    return Arrays.asList(key);
  }

  /** This INSERT as an UPDATE of the row that holds its key. */
  public Operation atItsKey() {
    return new Operation(
        Kind.UPDATE,
        table,
        table.lookup(),
        key().toArray(),
        values,
        NONE,
        false,
        change,
        List.of());
  }

  /** This UPDATE and a later one of the same row as one; the later one's values win, where it has any. */
  Operation then(Operation later) {
    @Nullable Object[] merged = later.values.clone();
    for (int i = 0; i < merged.length; i++) {
      if (merged[i] instanceof Marker) {
        merged[i] = values[i];
      }
    }
    return new Operation(
        Kind.UPDATE,
        table,
        lookup,
        identity,
        merged,
        expected,
        false,
        later.change,
        partsAnd(later));
  }

  /** The DELETE that follows this UPDATE of the same row, in place of both. */
  Operation thenDelete(Operation delete) {
    return new Operation(
        Kind.DELETE,
        table,
        lookup,
        identity,
        NONE,
        expected,
        false,
        delete.change,
        partsAnd(delete));
  }

  /** The sum takes the list over: it stands in this one's place, and a hot row has many. */
  private List<Operation> partsAnd(Operation later) {
    List<Operation> all = parts.isEmpty() ? new ArrayList<>(List.of(this)) : parts;
    all.add(later);
    return all;
  }

  /** This UPDATE's complete row as an INSERT; throws if a value is missing. */
  public Operation asInsert() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Marker.UNCHANGED) {
        throw new DataException(
            "The UPDATE of " + table.name() + " at offset " + change.position().offset()
                + " finds no row by " + table.lookupNames(lookup)
                + " and cannot insert it either: the value of column "
                + table.columns().get(i).name()
                + " was not touched and is not in the WAL. Run ALTER TABLE "
                + table.name().quoted()
                + " REPLICA IDENTITY FULL on the source, put the row back, restart the task.");
      }
    }
    return new Operation(
        Kind.INSERT, table, table.lookup(), NONE, values, NONE, false, change, List.of());
  }
}
