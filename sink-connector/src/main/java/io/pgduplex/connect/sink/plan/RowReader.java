package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.record.Fields;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Reads a row image into values that stand in the order of the target table's columns. */
final class RowReader {

  private RowReader() {}

  /** Values are Strings, nulls and {@link Marker}s; throws if the image has a column that the target lacks. */
  static @Nullable Object[] read(TargetTable table, Object image, Position position) {
    List<TargetColumn> columns = table.columns();
    @Nullable Object[] values = new Object[columns.size()];
    int found = 0;
    for (int i = 0; i < values.length; i++) {
      TargetColumn column = columns.get(i);
      Object value = Fields.get(image, column.name());
      if (value != null || Fields.has(image, column.name())) {
        values[i] = ValueText.of(value, table, column, position);
        found++;
      } else {
        values[i] = Marker.ABSENT;
      }
    }
    if (found != Fields.count(image)) {
      refuseUnknown(table, Fields.names(image), position);
    }
    return values;
  }

  private static void refuseUnknown(
      TargetTable table, Collection<String> names, Position position) {
    List<String> unknown = new ArrayList<>(names);
    table.columns().forEach(column -> unknown.remove(column.name()));
    unknown.removeAll(table.generated().keySet());
    if (!unknown.isEmpty()) {
      throw new DataException(
          "Table " + table.name() + " of the target has no column " + String.join(", ", unknown)
              + ", which the source's row at offset " + position.offset()
              + " carries. Add it as on the other side, then restart the task.");
    }
  }
}
