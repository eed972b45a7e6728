package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where conflicts are recorded, in the transaction they happen in. */
@FunctionalInterface
public interface ConflictLog {

  /**
   * Records one.
   *
   * @param decidedBy the policy, or what else decided
   * @param local the row that was met; null where there is none
   */
  void record(
      ConflictType type,
      String decidedBy,
      Operation operation,
      @Nullable LocalRow local,
      Outcome outcome)
      throws SQLException;
}
