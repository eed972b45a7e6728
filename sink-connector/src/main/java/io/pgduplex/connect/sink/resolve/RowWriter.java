package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The exact path: one row after the other, conflicts seen and resolved. */
public final class RowWriter {

  private final TargetRows rows;
  private final Conflicts conflicts;

  public RowWriter(TargetRows rows, Conflicts conflicts) {
    this.rows = rows;
    this.conflicts = conflicts;
  }

  /** Writes the row, or resolves its conflict; returns what came of it, of several changes in one what of the last. */
  public Written write(Operation operation) throws SQLException {
    if (operation.parts().isEmpty()) {
      return writeOne(operation);
    }
    Written written = Written.CLEAN;
    if (!wroteSum(operation)) {
      for (Operation part : operation.parts()) {
        written = writeOne(part);
      }
    }
    return written;
  }

  /**
   * Whether several changes of a row could be written as one; each has its own time and its own place in the stream. Nothing
   * is left to write where the columns that they are about are gone.
   */
  private boolean wroteSum(Operation operation) throws SQLException {
    if (operation.kind() == Kind.UPDATE && operation.written().isEmpty()) {
      return false;
    }
    try {
      return operation.kind() == Kind.DELETE ? rows.delete(operation) : rows.update(operation);
    } catch (RowInTheWay e) {
      return false;
    }
  }

  private Written writeOne(Operation operation) throws SQLException {
    return switch (operation.kind()) {
      case SNAPSHOT, INSERT -> insert(operation);
      case UPDATE -> update(operation);
      case DELETE -> delete(operation);
    };
  }

  private Written insert(Operation operation) throws SQLException {
    return rows.insert(operation) ? Written.CLEAN : insertExists(operation);
  }

  private Written insertExists(Operation operation) throws SQLException {
    TargetTable table = operation.table();
    LocalRow sameKey = table.hasKey() ? rows.find(operation.atItsKey()) : null;
    List<LocalRow> others = rows.inTheWay(operation);
    List<@Nullable LocalRow> met = new ArrayList<>(others);
    if (sameKey == null && others.isEmpty() && rows.insert(operation)) {
      // What was in the way has gone since.
      return Written.CLEAN;
    }
    if (sameKey != null || others.isEmpty()) {
      met.add(0, sameKey);
    }
    ConflictType type = several(met, ConflictType.INSERT_EXISTS);
    if (!conflicts.incomingWins(type, operation, met)) {
      conflicts.resolved(type, operation, met, Outcome.LOCAL_KEPT);
      return Written.NOT;
    }
    if (sameKey == null && others.isEmpty()) {
      throw new DataException("A row of " + table.name() + " cannot be inserted at offset "
          + operation.change().position().offset()
          + ": another row is in the way by values that the target gives it, or by an index over whole rows."
          + " Change that row in the target, then restart the task.");
    }
    remove(table, others);
    if (sameKey == null) {
      require(rows.insert(operation));
    } else {
      replace(operation.atItsKey());
    }
    conflicts.resolved(type, operation, met, Outcome.INCOMING_APPLIED);
    return Written.RESOLVED;
  }

  /** A row that is all key is replaced as it is there. */
  private void replace(Operation update) throws SQLException {
    if (!update.written().isEmpty()) {
      require(rows.update(update));
    }
  }

  private Written update(Operation operation) throws SQLException {
    Found row = updated(operation);
    if (row != Found.NONE) {
      return row == Found.UPDATED ? Written.CLEAN : Written.NOT;
    }
    LocalRow local = differing(operation);
    if (local == null) {
      return updateMissing(operation);
    }
    ConflictType type = ConflictType.UPDATE_ORIGIN_DIFFERS;
    boolean wins = conflicts.incomingWins(type, operation, local);
    if (wins) {
      Found found = updated(operation.unconditional());
      require(found != Found.NONE);
      wins = found == Found.UPDATED;
    }
    conflicts.resolved(type, operation, Collections.singletonList(local), outcome(wins));
    return Written.resolved(wins);
  }

  /** What became of a row to update. */
  private enum Found {
    NONE,
    UPDATED,
    /** It stays as it is, since another holds a unique value that it was to get, and stays too. */
    KEPT
  }

  private Found updated(Operation operation) throws SQLException {
    if (operation.written().isEmpty()) {
      return rows.find(operation) == null ? Found.NONE : Found.UPDATED;
    }
    try {
      return rows.update(operation) ? Found.UPDATED : Found.NONE;
    } catch (RowInTheWay inTheWay) {
      return updateExists(operation);
    }
  }

  private Found updateExists(Operation operation) throws SQLException {
    List<LocalRow> others = rows.inTheWay(operation);
    if (others.isEmpty()) {
      // It has gone since; or it is in the way by an index over whole rows, and this fails again.
      return rows.update(operation) ? Found.UPDATED : Found.NONE;
    }
    ConflictType type = several(others, ConflictType.UPDATE_EXISTS);
    boolean wins = conflicts.incomingWins(type, operation, others);
    if (wins) {
      remove(operation.table(), others);
      require(rows.update(operation));
    }
    conflicts.resolved(type, operation, others, outcome(wins));
    return wins ? Found.UPDATED : Found.KEPT;
  }

  private static Outcome outcome(boolean wins) {
    return wins ? Outcome.INCOMING_APPLIED : Outcome.LOCAL_KEPT;
  }

  private static ConflictType several(List<? extends @Nullable LocalRow> met, ConflictType one) {
    return met.size() > 1 ? ConflictType.MULTIPLE_UNIQUE_CONFLICTS : one;
  }

  private void remove(TargetTable table, List<LocalRow> others) throws SQLException {
    for (LocalRow other : others) {
      rows.remove(table, other);
    }
  }

  private Written updateMissing(Operation operation) throws SQLException {
    boolean skips = conflicts.skipsMissing(operation);
    conflicts.resolved(
        ConflictType.UPDATE_MISSING,
        operation,
        Collections.singletonList(null),
        skips ? Outcome.LEFT_OUT : Outcome.INSERTED);
    return skips || insert(operation.asInsert()) == Written.NOT ? Written.NOT : Written.RESOLVED;
  }

  private Written delete(Operation operation) throws SQLException {
    if (rows.delete(operation)) {
      return Written.CLEAN;
    }
    LocalRow local = differing(operation);
    if (local == null) {
      conflicts.resolved(
          ConflictType.DELETE_MISSING,
          operation,
          Collections.singletonList(null),
          Outcome.LEFT_OUT);
      return Written.RESOLVED;
    }
    ConflictType type = ConflictType.DELETE_ORIGIN_DIFFERS;
    boolean wins = conflicts.incomingWins(type, operation, local);
    if (wins) {
      require(rows.delete(operation.unconditional()));
    }
    conflicts.resolved(type, operation, Collections.singletonList(local), outcome(wins));
    return Written.resolved(wins);
  }

  /**
   * The other side has met this side's DELETE, and found it later than its own row. So what this side has of that row by now,
   * as nobody here has changed it since, an older UPDATE has brought back.
   */
  public void staysDeleted(Operation delete) throws SQLException {
    LocalRow local = conflicts.staysDeleted(delete) ? rows.find(delete) : null;
    if (local != null && local.fromSender()) {
      require(rows.delete(delete));
      conflicts.resolved(ConflictType.UPDATE_DELETED, delete, List.of(local), Outcome.LOCAL_KEPT);
    }
  }

  /** The row that has the identity, but not what the sender's row held; null where there is none. */
  private @Nullable LocalRow differing(Operation operation) throws SQLException {
    return operation.compared().isEmpty() ? null : rows.find(operation.unconditional());
  }

  /** Of a row that was locked before. */
  static void require(boolean found) throws SQLException {
    if (!found) {
      throw new SQLException(
          "The row that was in the way has gone; another try will tell", "40001");
    }
  }
}
