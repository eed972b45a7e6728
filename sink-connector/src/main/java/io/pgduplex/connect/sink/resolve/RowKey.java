package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which row of a table, be it there or not.
 *
 * @param values the columns' texts
 */
public record RowKey(KeyColumns columns, List<@Nullable Object> values) {

  /** The keys that an operation touches: the one that it finds its row by, and the one that it writes. */
  static List<RowKey> of(Operation operation) {
    TargetTable table = operation.table();
    List<RowKey> keys = new ArrayList<>();
    if (operation.identity().length > 0 && operation.lookup().unique()) {
      keys.add(found(operation));
    }
    boolean writesKey = operation.kind() == Kind.INSERT || operation.keyChange();
    if (writesKey && table.hasKey()) {
      keys.add(new RowKey(new KeyColumns(table, table.lookup()), written(operation)));
    }
    return keys;
  }

  /** A part of the key that the UPDATE did not touch is what it was. */
  private static List<@Nullable Object> written(Operation operation) {
    List<@Nullable Object> key = new ArrayList<>(operation.key());
    for (int i = 0; i < key.size(); i++) {
      if (key.get(i) instanceof Marker) {
        int position = operation.table().key().get(i);
        key.set(i, operation.identity()[operation.lookup().columns().indexOf(position)]);
      }
    }
    return key;
  }

  /** The key that an UPDATE or DELETE finds its row by. */
  public static RowKey found(Operation operation) {
    return new RowKey(
        new KeyColumns(operation.table(), operation.lookup()), Arrays.asList(operation.identity()));
  }

  static RowKey of(TargetTable table, LocalRow row) {
    return new RowKey(new KeyColumns(table, table.lookup()), new ArrayList<>(row.key()));
  }
}
