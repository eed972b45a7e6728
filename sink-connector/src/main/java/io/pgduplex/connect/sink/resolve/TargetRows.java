package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The target's rows in the open transaction, one at a time. */
public interface TargetRows {

  /** Inserts the row unless another is in the way; whether it did. */
  boolean insert(Operation operation) throws SQLException;

  /**
   * Updates the row with the operation's identity that holds what its author saw; whether there is one.
   *
   * @throws RowInTheWay if another row holds a unique value that it is to get; then nothing has happened
   */
  boolean update(Operation operation) throws SQLException;

  /** Deletes the row with the operation's identity that holds what its author saw; whether there was one. */
  boolean delete(Operation operation) throws SQLException;

  /** The row with the operation's identity, locked; null where there is none. */
  @Nullable
  LocalRow find(Operation operation) throws SQLException;

  /** Whether the row with the operation's identity, then locked, holds the values that the operation would write. */
  boolean holds(Operation operation) throws SQLException;

  /**
   * The rows, locked, that the server does not take the row beside which the operation writes; its own is none of them.
   */
  List<LocalRow> inTheWay(Operation operation) throws SQLException;

  /**
   * The rows, locked, that cannot be beside the row that the operation writes once its transaction ends, by constraints that
   * a replica session does not check.
   */
  List<LocalRow> inTheWayAtEnd(Operation operation) throws SQLException;

  /** Of operations that have been written, those for which {@link #inTheWayAtEnd} may find rows; by identity. */
  Set<Operation> suspects(TargetTable table, List<Operation> operations) throws SQLException;

  /** Waits until what others have written to the tables can be seen. */
  void awaitOthers(Collection<TargetTable> tables) throws SQLException;

  /** Takes a row away that was found in this transaction. */
  void remove(TargetTable table, LocalRow row) throws SQLException;
}
