package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Makes rows be as A says, whatever is here; what gives way is recorded and asked for again. */
public final class Corrections {

  /** In place of a policy, in the record. */
  static final String DECIDED_BY = "settlement";

  private final TargetRows rows;
  private final ConflictLog conflicts;
  private final Settlement settlement;

  public Corrections(TargetRows rows, ConflictLog conflicts, Settlement settlement) {
    this.rows = rows;
    this.conflicts = conflicts;
    this.settlement = settlement;
  }

  /** Applies {@code correction}: there is to be no row with its identity. */
  public void remove(long id, Operation delete) throws SQLException {
    settlement.acknowledge(id);
    LocalRow local = rows.find(delete);
    if (local != null) {
      RowWriter.require(rows.delete(delete));
      resolved(ConflictType.DELETE_ORIGIN_DIFFERS, delete, List.of(local));
    }
  }

  /**
   * Applies {@code correction}: the row with its identity is to hold these values.
   *
   * @param update with the key among the values written
   */
  public void set(long id, Operation update) throws SQLException {
    settlement.acknowledge(id);
    if (rows.holds(update)) {
      return;
    }
    List<LocalRow> met = new ArrayList<>(rows.inTheWay(update));
    for (LocalRow other : met) {
      rows.remove(update.table(), other);
    }
    LocalRow local = rows.find(update);
    if (local == null) {
      RowWriter.require(rows.insert(update.asInsert()));
    } else {
      RowWriter.require(rows.update(update));
      met.add(0, local);
    }
    ConflictType one =
        local == null ? ConflictType.INSERT_EXISTS : ConflictType.UPDATE_ORIGIN_DIFFERS;
    resolved(met.size() > 1 ? ConflictType.MULTIPLE_UNIQUE_CONFLICTS : one, update, met);
  }

  /** What A sent itself gives way to what A says now, and is no loss. */
  private void resolved(ConflictType type, Operation operation, List<LocalRow> met)
      throws SQLException {
    for (LocalRow local : met) {
      if (!local.fromSender()) {
        conflicts.record(type, DECIDED_BY, operation, local, Outcome.INCOMING_APPLIED);
      }
    }
    settlement.note(operation, met);
  }
}
