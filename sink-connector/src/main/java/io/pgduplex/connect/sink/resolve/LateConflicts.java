package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Conflicts by deferrable constraints. PostgreSQL checks these by triggers, which do not fire in a replica session: it takes
 * two rows with one value, and says nothing at the commit either. So they are looked for here, where source transactions
 * end, as the source did it: what they do to each other in between, such as a swap of two values, is no conflict.
 *
 * <p>A row that wins has the rows in its way removed. Where it loses, it has been written already and what it was before is
 * not known any more: all is rolled back to the last commit and applied again without that change, which may bring up
 * further ones. That needs no memory of what was applied, so that it goes for streamed transactions as well.
 */
public final class LateConflicts {

  private final TargetRows rows;
  private final Conflicts conflicts;
  private final LeftOut leftOut;
  private final Map<TargetTable, NavigableMap<Long, Operation>> written = new LinkedHashMap<>();
  private final Map<TargetTable, List<Operation>> suspects = new LinkedHashMap<>();
  private final Set<RowKey> kept = new HashSet<>();

  /** @param leftOut what has lost so far */
  public LateConflicts(TargetRows rows, Conflicts conflicts, LeftOut leftOut) {
    this.rows = rows;
    this.conflicts = conflicts;
    this.leftOut = leftOut;
  }

  /** To be asked for each change before it is written: whether it is not to be, since it has lost. */
  public boolean isLost(Operation operation) throws SQLException {
    if (operation.table().deferrable().isEmpty()) {
      return false;
    }
    LeftOut.Loss loss = leftOut.of(operation);
    if (loss == null) {
      return false;
    }
    if (operation.kind() == Kind.UPDATE && operation.lookup().unique()) {
      kept.add(RowKey.found(operation));
    }
    conflicts.resolved(loss.type(), operation, loss.met(), Outcome.LOCAL_KEPT);
    return true;
  }

  /**
   * What has come of operations; the last word on each counts.
   *
   * @param result the same of all
   */
  public void wrote(TargetTable table, Collection<Operation> operations, Written result) {
    if (!table.deferrable().isEmpty()) {
      for (Operation operation : operations) {
        if (isNew(operation, result)) {
          written.computeIfAbsent(table, any -> new TreeMap<>()).put(offset(operation), operation);
        } else if (written.containsKey(table)) {
          Objects.requireNonNull(written.get(table)).remove(offset(operation));
        }
      }
    }
  }

  /**
   * Whether the row may hold there what it did not hold before: nothing can have come to be in the way of the others. Under
   * another key it is not found by what wrote its values.
   */
  private static boolean isNew(Operation operation, Written result) {
    return switch (operation.kind()) {
      case SNAPSHOT, INSERT -> result != Written.NOT;
      case DELETE -> false;
      case UPDATE ->
        result == Written.RESOLVED
            || (result == Written.CLEAN
                && (operation.keyChange()
                    || operation.table().deferrable().stream().anyMatch(operation::mayChange)));
    };
  }

  private static long offset(Operation operation) {
    return operation.change().position().offset();
  }

  /**
   * To be called where what was written so far is in the target, but more of the transaction is to come: of all that was
   * written only what collides now is kept in mind. What comes to collide later does so with a row that is written later.
   */
  public void pause() throws SQLException {
    awaitOthers();
    for (Map.Entry<TargetTable, NavigableMap<Long, Operation>> of : written.entrySet()) {
      for (Operation operation : suspects(of.getKey(), of.getValue())) {
        LocalRow own = rows.find(operation.asWritten());
        if (own != null && !rows.inTheWayAtEnd(operation.asWritten()).isEmpty()) {
          suspects.computeIfAbsent(of.getKey(), any -> new ArrayList<>()).add(operation);
        }
      }
    }
    written.clear();
  }

  private void awaitOthers() throws SQLException {
    written.values().removeIf(NavigableMap::isEmpty);
    if (!written.isEmpty()) {
      rows.awaitOthers(written.keySet());
    }
  }

  private List<Operation> suspects(TargetTable table, NavigableMap<Long, Operation> of)
      throws SQLException {
    List<Operation> operations = List.copyOf(of.values());
    Set<Operation> found = rows.suspects(table, operations);
    return operations.stream().filter(found::contains).toList();
  }

  /**
   * To be called before a table's definition is changed: the source could not do that with a check of its own still to come,
   * and later the rows could not be found any more.
   *
   * @throws ApplyAgain if changes have lost
   */
  public void resolve(TableName changed) throws SQLException {
    pause();
    for (TargetTable table : List.copyOf(suspects.keySet())) {
      if (table.name().equals(changed)) {
        resolve(Objects.requireNonNull(suspects.remove(table)));
      }
    }
    if (leftOut.hasGrown()) {
      throw new ApplyAgain(leftOut);
    }
  }

  /**
   * To be called where transactions end, before the commit.
   *
   * @throws ApplyAgain if changes have lost
   */
  public void resolve() throws SQLException {
    awaitOthers();
    for (Map.Entry<TargetTable, NavigableMap<Long, Operation>> of : written.entrySet()) {
      suspects
          .computeIfAbsent(of.getKey(), any -> new ArrayList<>())
          .addAll(suspects(of.getKey(), of.getValue()));
    }
    for (List<Operation> operations : suspects.values()) {
      resolve(operations);
    }
    forget();
    if (leftOut.hasGrown()) {
      throw new ApplyAgain(leftOut);
    }
    leftOut.clear();
  }

  private void resolve(List<Operation> operations) throws SQLException {
    // Of two that come in, it is the later one that met the other.
    for (int i = operations.size() - 1; i >= 0; i--) {
      resolve(operations.get(i));
    }
  }

  private void resolve(Operation operation) throws SQLException {
    Operation written = operation.asWritten();
    LocalRow own = rows.find(written);
    List<LocalRow> met = own == null ? List.of() : rows.inTheWayAtEnd(written);
    if (own == null || met.isEmpty()) {
      return;
    }
    TargetTable table = operation.table();
    ConflictType one =
        operation.kind() == Kind.UPDATE ? ConflictType.UPDATE_EXISTS : ConflictType.INSERT_EXISTS;
    ConflictType type = met.size() > 1 ? ConflictType.MULTIPLE_UNIQUE_CONFLICTS : one;
    // A row that was to move away and lost stays too, however old it is: nobody would send it
    // again.
    boolean wins = conflicts.incomingWins(type, operation, met)
        && met.stream().noneMatch(row -> table.hasKey() && kept.contains(RowKey.of(table, row)));
    if (wins) {
      for (LocalRow row : met) {
        rows.remove(table, row);
      }
      conflicts.resolved(type, operation, met, Outcome.INCOMING_APPLIED);
    } else if (operation.kind() == Kind.SNAPSHOT) {
      // A first copy is long, and its rows were nothing before.
      rows.remove(table, own);
      conflicts.resolved(type, operation, met, Outcome.LOCAL_KEPT);
    } else {
      leftOut.add(operation, new LeftOut.Loss(type, met));
    }
  }

  /** After a rollback. */
  public void forget() {
    written.clear();
    suspects.clear();
    kept.clear();
  }
}
