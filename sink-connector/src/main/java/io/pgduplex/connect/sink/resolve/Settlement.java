package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes the two sides end the same after a conflict, whatever each decided for itself: A's rows count in the end.
 *
 * <p>For each key of a conflict A tells B its row (a correction), and B asks for it (a reassertion), which A answers with a
 * correction. B takes corrections over, acknowledges each, and asks once more where one changed a row. Until A has that
 * acknowledgement, B's changes to the key were made without knowing A's row, and each is followed by another correction.
 * docs/convergence.md shows that this comes to rest, and that both sides are equal then.
 */
public final class Settlement {

  /** What this side has to do. */
  public enum Part {
    /** A's: tells its rows. */
    SETTLES,
    /** B's: asks for them. */
    ASKS,
    /** Of a link with one direction: nothing comes back that could be told apart. */
    NONE;

    /** That of the side which a direction's sink writes to. */
    public static Part of(Direction direction, boolean twoWay) {
      if (!twoWay) {
        return NONE;
      }
      return direction == Direction.REVERSE ? SETTLES : ASKS;
    }
  }

  private final Part part;
  private final ControlLog log;
  /** The rounds of the keys that have to be told, or asked for. */
  private final Map<KeyColumns, Map<List<@Nullable Object>, Integer>> noted = new LinkedHashMap<>();
  /** The same for keys whose rows gave way to a later DELETE. */
  private final Map<KeyColumns, Map<List<@Nullable Object>, Integer>> deleted =
      new LinkedHashMap<>();
  /** Tables that were looked at in this transaction. */
  private final Set<TargetTable> checked = new HashSet<>();

  private final List<Long> applied = new ArrayList<>();
  private final List<Long> acknowledged = new ArrayList<>();

  public Settlement(Part part, ControlLog log) {
    this.part = part;
    this.log = log;
  }

  /**
   * A conflict's keys. Rows of a first copy are none of them: what either side held before the link began stays.
   *
   * @param met the local rows that the operation met
   */
  void note(Operation operation, List<? extends @Nullable LocalRow> met) {
    if (operation.kind() != Kind.SNAPSHOT) {
      note(operation, met, 0);
    }
  }

  void note(Operation operation, List<? extends @Nullable LocalRow> met, int round) {
    note(noted, operation, met, round);
  }

  private void note(
      Map<KeyColumns, Map<List<@Nullable Object>, Integer>> keys,
      Operation operation,
      List<? extends @Nullable LocalRow> met,
      int round) {
    if (operation.table().hasKey()) {
      RowKey.of(operation).forEach(key -> note(keys, key, round));
      for (LocalRow row : met) {
        if (row != null) {
          note(keys, RowKey.of(operation.table(), row), round);
        }
      }
    }
  }

  /** A key whose row has to be told, or asked for. */
  public void note(RowKey key, int round) {
    note(noted, key, round);
  }

  /** The same, of a DELETE that was later than what it met. */
  void noteDeleted(Operation delete, List<? extends @Nullable LocalRow> met) {
    note(part == Part.ASKS ? deleted : noted, delete, met, 0);
  }

  private void note(
      Map<KeyColumns, Map<List<@Nullable Object>, Integer>> keys, RowKey key, int round) {
    if (part != Part.NONE) {
      keys.computeIfAbsent(key.columns(), any -> new LinkedHashMap<>())
          .merge(key.values(), round, Math::max);
    }
  }

  /**
   * Of changes that were just written: those to disputed keys count as conflicts. To be called before anything of the stream
   * that comes after them.
   */
  public void noteDisputed(Collection<Operation> operations) throws SQLException {
    if (part != Part.SETTLES) {
      return;
    }
    noteRewritten(operations);
    Map<KeyColumns, Set<List<@Nullable Object>>> keys = new LinkedHashMap<>();
    for (Operation operation : operations) {
      if (operation.table().hasKey() && log.hasDisputed(operation.table())) {
        for (RowKey key : RowKey.of(operation)) {
          keys.computeIfAbsent(key.columns(), any -> new LinkedHashSet<>()).add(key.values());
        }
      }
    }
    for (Map.Entry<KeyColumns, Set<List<@Nullable Object>>> of : keys.entrySet()) {
      log.disputed(of.getKey(), of.getValue())
          .forEach(values -> note(new RowKey(of.getKey(), values), 0));
    }
  }

  /**
   * A TRUNCATE here is a conflict with all that the other side did before it heard of it. While this transaction holds its
   * locks there can be no other.
   */
  private void noteRewritten(Collection<Operation> operations) throws SQLException {
    Set<TargetTable> tables = new LinkedHashSet<>();
    for (Operation operation : operations) {
      if (operation.table().hasKey() && checked.add(operation.table())) {
        tables.add(operation.table());
      }
    }
    if (!tables.isEmpty()) {
      for (TargetTable table : log.rewritten(tables)) {
        log.tellRewritten(table);
      }
    }
  }

  /** Before anything of the other side is written for the first time: what was rewritten before does not matter. */
  public void firstStart() throws SQLException {
    if (part == Part.SETTLES) {
      log.keepStorage();
    }
  }

  /** The transaction is over. */
  public void transactionEnded() {
    checked.clear();
  }

  /** The other side has applied a control row. */
  public void acknowledged(long id) {
    acknowledged.add(id);
  }

  /** A control row has been applied. */
  public void acknowledge(long id) {
    applied.add(id);
  }

  /** Writes what was noted; to be called before the commit. */
  public void write() throws SQLException {
    if (!acknowledged.isEmpty()) {
      log.acknowledged(acknowledged);
      acknowledged.clear();
    }
    if (!applied.isEmpty()) {
      log.acknowledge(applied);
      applied.clear();
    }
    for (Map.Entry<KeyColumns, Map<List<@Nullable Object>, Integer>> of : noted.entrySet()) {
      if (part == Part.SETTLES) {
        log.correct(of.getKey(), of.getValue());
      } else {
        log.reassert(of.getKey(), of.getValue());
      }
    }
    noted.clear();
    for (Map.Entry<KeyColumns, Map<List<@Nullable Object>, Integer>> of : deleted.entrySet()) {
      log.tellDeleted(of.getKey(), of.getValue());
    }
    deleted.clear();
  }
}
