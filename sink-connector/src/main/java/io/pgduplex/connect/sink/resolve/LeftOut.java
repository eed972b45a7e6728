package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.TableName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes that lost a conflict after they were written, and are left out when their transaction is applied again. */
public final class LeftOut {

  /** After so many times more is left out at once: a chain of rows could else take a time for each. */
  private static final int TIMES = 8;

  /** A change that is left out: how it lost, and against which rows; null stands for one that is not known. */
  record Loss(ConflictType type, List<? extends @Nullable LocalRow> met) {}

  /** All UPDATEs of a table in one transaction. */
  private record Move(TableName table, long commitMicros) {
    static Move of(Operation operation) {
      return new Move(operation.table().name(), operation.change().commitMicros());
    }
  }

  private final Map<Long, Loss> losses = new HashMap<>();
  private final Set<Move> moves = new HashSet<>();
  private int times;
  private boolean grown;

  @Nullable
  Loss of(Operation operation) {
    Loss loss = losses.get(operation.change().position().offset());
    return loss == null && operation.kind() == Kind.UPDATE && moves.contains(Move.of(operation))
        ? new Loss(ConflictType.UPDATE_EXISTS, Arrays.asList((LocalRow) null))
        : loss;
  }

  void add(Operation operation, Loss loss) {
    losses.put(operation.change().position().offset(), loss);
    if (times > TIMES) {
      moves.add(Move.of(operation));
    }
    grown = true;
  }

  /** Whether there are more than the last time. */
  boolean hasGrown() {
    boolean again = grown;
    grown = false;
    times++;
    return again;
  }

  /** How many are known one by one. */
  public int size() {
    return losses.size();
  }

  void clear() {
    losses.clear();
    moves.clear();
    times = 0;
  }
}
