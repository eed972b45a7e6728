package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes rows be as A says, whatever is here; what gives way is recorded and asked for again. */
public final class Corrections {

  /** In place of a policy, in the record. */
  static final String DECIDED_BY = "settlement";

  /** Each is a way there and back; where rows can be equal, few are needed. */
  static final int MOST_ROUNDS = 100;

  private final TargetRows rows;
  private final ConflictLog conflicts;
  private final Settlement settlement;

  public Corrections(TargetRows rows, ConflictLog conflicts, Settlement settlement) {
    this.rows = rows;
    this.conflicts = conflicts;
    this.settlement = settlement;
  }

  /** Applies correction {@code id}: there is to be no row with its identity. */
  public void remove(long id, int round, Operation delete) throws SQLException {
    settlement.acknowledge(id);
    LocalRow local = rows.find(delete);
    if (local != null) {
      RowWriter.require(rows.delete(delete));
      resolved(ConflictType.DELETE_ORIGIN_DIFFERS, delete, List.of(local), round);
    }
  }

  /**
   * Applies correction {@code id}: the row with its identity is to hold these values.
   *
   * @param update with the key among the values written
   */
  public void set(long id, int round, Operation update) throws SQLException {
    settlement.acknowledge(id);
    if (rows.holds(update)) {
      return;
    }
    Set<LocalRow> others = new LinkedHashSet<>(rows.inTheWay(update));
    others.addAll(rows.inTheWayAtEnd(update));
    for (LocalRow other : others) {
      rows.remove(update.table(), other);
    }
    List<LocalRow> met = new ArrayList<>(others);
    LocalRow local = rows.find(update);
    if (local == null) {
      RowWriter.require(rows.insert(update.asInsert()));
    } else {
      RowWriter.require(rows.update(update));
      met.add(0, local);
    }
    ConflictType one =
        local == null ? ConflictType.INSERT_EXISTS : ConflictType.UPDATE_ORIGIN_DIFFERS;
    resolved(met.size() > 1 ? ConflictType.MULTIPLE_UNIQUE_CONFLICTS : one, update, met, round);
  }

  /** What A sent itself gives way to what A says now, and is no loss. */
  private void resolved(ConflictType type, Operation operation, List<LocalRow> met, int round)
      throws SQLException {
    if (round >= MOST_ROUNDS) {
      throw endless(operation);
    }
    for (LocalRow local : met) {
      if (!local.fromSender()) {
        conflicts.record(type, DECIDED_BY, operation, local, Outcome.INCOMING_APPLIED);
      }
    }
    settlement.note(operation, met, round + 1);
  }

  private static ConnectException endless(Operation operation) {
    return new ConnectException(
        "A row of " + operation.table().name() + " with "
            + operation.table().lookupNames(operation.lookup()) + " = "
            + Arrays.toString(operation.identity()) + " has been set " + MOST_ROUNDS
            + " times to what the other side holds, and something here always takes it back. Has the table another unique"
            + " constraint or exclusion constraint on this side, or a trigger that fires ALWAYS or for REPLICA and changes rows?"
            + " Make the two sides alike, then restart the task; nothing of the transaction was applied.");
  }
}
