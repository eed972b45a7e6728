package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which row of a table, be it there or not.
 *
 * @param lookup the columns that tell, which are unique
 * @param values their texts
 */
public record RowKey(TargetTable table, Lookup lookup, List<@Nullable Object> values) {

  /** The keys that an operation touches: the one that it finds its row by, and the one that it writes. */
  static List<RowKey> of(Operation operation) {
    TargetTable table = operation.table();
    List<RowKey> keys = new ArrayList<>();
    if (operation.identity().length > 0 && operation.lookup().unique()) {
      keys.add(found(operation));
    }
    boolean writesKey = operation.kind() == Kind.INSERT || operation.keyChange();
    if (writesKey && table.hasKey()) {
      keys.add(new RowKey(table, table.lookup(), operation.key()));
    }
    return keys;
  }

  /** The key that an UPDATE or DELETE finds its row by. */
  public static RowKey found(Operation operation) {
    return new RowKey(operation.table(), operation.lookup(), Arrays.asList(operation.identity()));
  }

  static RowKey of(TargetTable table, LocalRow row) {
    return new RowKey(table, table.lookup(), new ArrayList<>(row.key()));
  }
}
