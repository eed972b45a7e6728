package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.Judge;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Decides conflicts by policy, records each, and notes its keys for settlement. */
public final class Conflicts {

  private final ConflictPolicies policies;
  private final Set<Long> skippedOffsets;
  private final Judge judge;
  private final ConflictLog log;
  private final Settlement settlement;

  /**
   * @param direction that of the changes that come in
   * @param skippedOffsets of changes that are left out where the policy would be to stop
   */
  public Conflicts(
      Direction direction,
      ConflictPolicies policies,
      Set<Long> skippedOffsets,
      ConflictLog log,
      Settlement settlement) {
    this.policies = policies;
    this.skippedOffsets = skippedOffsets;
    this.judge = new Judge(direction);
    this.log = log;
    this.settlement = settlement;
  }

  /** Whether the incoming change is to be applied; throws where the policy is to stop at conflicts. */
  boolean incomingWins(ConflictType type, Operation operation, @Nullable LocalRow local) {
    ConflictPolicy policy = policy(type, operation);
    if (policy == ConflictPolicy.TASK_FAILED) {
      if (skippedOffsets.contains(operation.change().position().offset())) {
        return false;
      }
      throw stopped(type, operation);
    }
    boolean firstCopy = operation.kind() == Kind.SNAPSHOT;
    return judge.incomingWins(
        policy,
        firstCopy ? OptionalLong.empty() : OptionalLong.of(operation.change().commitMicros()),
        local == null ? OptionalLong.empty() : local.rival());
  }

  private static ConnectException stopped(ConflictType type, Operation operation) {
    long offset = operation.change().position().offset();
    return new ConnectException(
        "Conflict " + type + " on table " + operation.table().name()
            + ", key columns " + operation.table().keyNames() + ", at offset " + offset + " ("
            + new Lsn(operation.change().lsn())
            + "), and the policy is task_failed. Nothing of its transaction was applied. Change the row in the target, or set"
            + " another policy (conflict.policy, or conflict.policy.overrides="
            + operation.table().name() + ":" + type
            + "=ignore for this table and type), or leave out this one change (conflict.skip.offsets="
            + offset
            + "), then restart the task: it goes on here.");
  }

  /** Against each of them. */
  boolean incomingWins(
      ConflictType type, Operation operation, List<? extends @Nullable LocalRow> met) {
    return met.stream().allMatch(local -> incomingWins(type, operation, local));
  }

  /** Whether an UPDATE whose row is missing is left out. */
  boolean skipsMissing(Operation operation) {
    return policy(ConflictType.UPDATE_MISSING, operation) == ConflictPolicy.SKIP;
  }

  private ConflictPolicy policy(ConflictType type, Operation operation) {
    return policies.of(operation.table().name().toString(), type);
  }

  /** One record for each row that was met; null stands for a row that is not there, or is not known. */
  void resolved(
      ConflictType type,
      Operation operation,
      List<? extends @Nullable LocalRow> met,
      Outcome outcome)
      throws SQLException {
    ConflictPolicy policy = policy(type, operation);
    for (LocalRow local : met) {
      log.record(type, policy.toString(), operation, local, outcome);
    }
    if (type == ConflictType.DELETE_ORIGIN_DIFFERS
        && outcome == Outcome.INCOMING_APPLIED
        && policy == ConflictPolicy.LAST_UPDATE_WINS) {
      settlement.noteDeleted(operation, met);
    } else {
      settlement.note(operation, met);
    }
  }

  /** Whether a row that an UPDATE has brought back goes again once it is known that the DELETE was later. */
  boolean staysDeleted(Operation operation) {
    return policy(ConflictType.UPDATE_DELETED, operation) == ConflictPolicy.LAST_UPDATE_WINS;
  }
}
