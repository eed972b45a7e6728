package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.BitSet;
import java.util.List;

/**
 * Operations of one kind on one table that write the same columns, each on a row of its own: one statement does them
 * all.
 *
 * @param shape what they have in common
 * @param operations in the source's order
 */
public record Batch(Shape shape, List<Operation> operations) {

  /**
   * What makes operations fit one statement.
   *
   * @param lookup how the rows of an UPDATE or DELETE are found
   * @param written positions of the columns written, empty for DELETE
   * @param compared positions of the columns that must hold what they held where the change was made
   */
  public record Shape(
      TargetTable table,
      Kind kind,
      Lookup lookup,
      boolean keyChange,
      BitSet written,
      BitSet compared) {
    /** The shape of one operation. */
    public static Shape of(Operation operation) {
      return new Shape(
          operation.table(),
          operation.kind(),
          operation.lookup(),
          operation.keyChange(),
          operation.written(),
          operation.compared());
    }
  }

  /** Whether no operation can have to do with another one's row, so that some may be done later than the others. */
  public boolean independent() {
    TargetTable table = shape.table();
    return table.keyIsOnlyUnique() && shape.lookup().equals(table.lookup()) && !shape.keyChange();
  }
}
