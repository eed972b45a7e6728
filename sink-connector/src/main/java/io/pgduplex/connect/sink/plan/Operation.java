package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * One row change, made for its target table.
 *
 * @param kind what happens to the row
 * @param table the target's table
 * @param identity for UPDATE and DELETE the old values at {@link TargetTable#identity}, else empty
 * @param values for all but DELETE the new values, in the order of the table's columns: String, null or {@link Marker}
 * @param keyChange whether an UPDATE moves the row to another key
 * @param change where it comes from
 */
@SuppressWarnings(
    "ArrayRecordComponent") // one for each row, never compared: a wrapper would only cost
public record Operation(
    Kind kind,
    TargetTable table,
    @Nullable Object[] identity,
    @Nullable Object[] values,
    boolean keyChange,
    RowChange change) {

  private static final @Nullable Object[] NONE = new Object[0];

  /** Reads the images of {@code change}; throws when they do not suffice to write it exactly. */
  public static Operation of(TargetTable table, RowChange change) {
    return switch (change.kind()) {
      case SNAPSHOT, INSERT -> insert(table, change);
      case UPDATE -> update(table, change);
      case DELETE ->
        new Operation(
            Kind.DELETE, table, identity(table, change, before(change)), NONE, false, change);
    };
  }

  private static Operation insert(TargetTable table, RowChange change) {
    @Nullable Object[] values = RowReader.read(table, after(change));
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Marker.UNCHANGED
          || (values[i] == Marker.ABSENT && table.key().contains(i))) {
        throw incomplete(table, change, table.columns().get(i));
      }
    }
    return new Operation(change.kind(), table, NONE, values, false, change);
  }

  private static Operation update(TargetTable table, RowChange change) {
    @Nullable Object[] values = RowReader.read(table, after(change));
    if (change.before() == null) {
      requireKey(table, change);
      return new Operation(
          Kind.UPDATE, table, identity(table, change, after(change)), values, false, change);
    }
    @Nullable Object[] identity = identity(table, change, change.before());
    boolean keyChange = false;
    for (int i = 0; i < identity.length && table.hasKey(); i++) {
      Object value = values[table.key().get(i)];
      keyChange |= value != Marker.UNCHANGED && !(identity[i] != null && identity[i].equals(value));
    }
    return new Operation(Kind.UPDATE, table, identity, values, keyChange, change);
  }

  private static @Nullable Object[] identity(TargetTable table, RowChange change, Object image) {
    @Nullable Object[] row = RowReader.read(table, image);
    if (!table.hasKey()) {
      requireWholeRow(table, change, row);
    }
    List<Integer> positions = table.identity();
    @Nullable Object[] identity = new Object[positions.size()];
    for (int i = 0; i < identity.length; i++) {
      Object value = row[positions.get(i)];
      if (value instanceof Marker || (table.hasKey() && value == null)) {
        throw incomplete(table, change, table.columns().get(positions.get(i)));
      }
      identity[i] = value;
    }
    return identity;
  }

  /**
   * Without an image before, only the source's key is known not to have changed: by another one the row after is no way
   * to find the row that it was.
   */
  private static void requireKey(TargetTable table, RowChange change) {
    Set<String> key =
        table.key().stream().map(i -> table.columns().get(i).name()).collect(Collectors.toSet());
    if (key.isEmpty() || !key.equals(change.keyNames())) {
      throw otherKey(table, change, "carries no image of the row before it");
    }
  }

  /** With a key at the source and none here, an image of the key and nulls may be all that there is of the row before. */
  private static void requireWholeRow(TargetTable table, RowChange change, @Nullable Object[] row) {
    boolean onlyKey = !change.keyNames().isEmpty();
    for (int i = 0; i < row.length && onlyKey; i++) {
      onlyKey =
          row[i] == null || change.keyNames().contains(table.columns().get(i).name());
    }
    if (onlyKey) {
      throw otherKey(table, change, "may carry only the key of the row before it");
    }
  }

  private static DataException otherKey(TargetTable table, RowChange change, String what) {
    return new DataException("The " + change.kind() + " of " + table.name() + " at offset "
        + change.position().offset() + " " + what + ". The source finds its rows by "
        + (change.keyNames().isEmpty()
            ? "no key"
            : "(" + String.join(", ", change.keyNames()) + ")")
        + ", the target by "
        + table.keyNames() + ". Give both sides the same key, or run ALTER TABLE "
        + table.name().quoted()
        + " REPLICA IDENTITY FULL on the source, and repeat the change there.");
  }

  private static DataException incomplete(
      TargetTable table, RowChange change, TargetColumn column) {
    return new DataException("The " + change.kind() + " of " + table.name() + " at offset "
        + change.position().offset()
        + " carries no value for column " + column.name() + ", which is needed to "
        + (change.kind() == Kind.DELETE || change.kind() == Kind.UPDATE
            ? "find the row by " + table.keyNames()
                + ". Give both sides the same key, or run ALTER TABLE "
            : "write the row. Run ALTER TABLE ")
        + table.name().quoted() + " REPLICA IDENTITY FULL on the source.");
  }

  private static Object before(RowChange change) {
    return present(change.before());
  }

  private static Object after(RowChange change) {
    return present(change.after());
  }

  private static Object present(@Nullable Object image) {
    if (image == null) {
      throw new IllegalStateException(
          "The decoder lets no change pass without the image that its kind needs");
    }
    return image;
  }

  /** Which columns the operation writes: those with a value, in an UPDATE without the key that it finds the row by. */
  public BitSet written() {
    BitSet written = new BitSet(values.length);
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] instanceof Marker)) {
        written.set(i);
      }
    }
    if (kind == Kind.UPDATE && !keyChange && table.hasKey()) {
      table.key().forEach(written::clear);
    }
    return written;
  }

  /** The key as a value that can be compared; of a table without key the whole row. */
  List<@Nullable Object> identityKey() {
    return Arrays.asList(identity);
  }

  /** The key after the change. */
  public List<@Nullable Object> newKey() {
    @Nullable Object[] key = new Object[table.key().size()];
    for (int i = 0; i < key.length; i++) {
      Object value = values[table.key().get(i)];
      key[i] = value == Marker.UNCHANGED ? identity[i] : value;
    }
    return Arrays.asList(key);
  }

  /** This UPDATE and a later one of the same row as one; the later one's values win, where it has any. */
  Operation then(Operation later) {
    @Nullable Object[] merged = later.values.clone();
    for (int i = 0; i < merged.length; i++) {
      if (merged[i] instanceof Marker) {
        merged[i] = values[i];
      }
    }
    return new Operation(Kind.UPDATE, table, identity, merged, false, later.change);
  }

  /** This INSERT's or UPDATE's complete row as an INSERT; throws if a value is missing. */
  public Operation asInsert() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Marker.UNCHANGED) {
        throw new DataException(
            "The UPDATE of " + table.name() + " at offset " + change.position().offset()
                + " finds no row by " + table.keyNames()
                + " and cannot insert it either: the value of column "
                + table.columns().get(i).name()
                + " was not touched and is not in the WAL. Run ALTER TABLE "
                + table.name().quoted()
                + " REPLICA IDENTITY FULL on the source, put the row back, restart the task.");
      }
    }
    return new Operation(Kind.INSERT, table, NONE, values, false, change);
  }
}
