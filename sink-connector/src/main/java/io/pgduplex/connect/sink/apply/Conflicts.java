package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.Judge;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Decides conflicts by policy, and records each in the transaction it happens in. */
final class Conflicts {

  private static final String RECORD = """
      INSERT INTO pgduplex.conflicts (link, direction, table_schema, table_name, type, policy, outcome, key, incoming,
        local, local_committed_at, source_lsn, source_committed_at, topic_offset)
      VALUES (?, ?, ?, ?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), jsonb_object(?::text[], ?::text[]), ?::jsonb,
        timestamptz 'epoch' + ?::bigint * interval '1 microsecond', ?::pg_lsn,
        timestamptz 'epoch' + ? * interval '1 microsecond', ?)""";

  private final LinkDirection link;
  private final ConflictPolicies policies;
  private final Judge judge;

  Conflicts(LinkDirection link, ConflictPolicies policies) {
    this.link = link;
    this.policies = policies;
    this.judge = new Judge(link.direction());
  }

  /** Whether the incoming change is to be applied; throws where the policy is to stop at conflicts. */
  boolean incomingWins(ConflictType type, Operation operation, @Nullable LocalRow local) {
    ConflictPolicy policy = policy(type, operation);
    if (policy == ConflictPolicy.TASK_FAILED) {
      throw new ConnectException(
          "Conflict " + type + " on table " + operation.table().name() + ", key columns "
              + operation.table().keyNames() + ", at offset "
              + operation.change().position().offset() + " ("
              + new Lsn(operation.change().lsn())
              + "), and the policy is task_failed. Nothing of its transaction was applied. Change the row in the target, or"
              + " set another policy (conflict.policy, or conflict.policy.overrides="
              + operation.table().name() + ":" + type
              + "=ignore for this table and type), then restart the task: it goes on here.");
    }
    boolean firstCopy = operation.kind() == Kind.SNAPSHOT;
    return judge.incomingWins(
        policy,
        firstCopy ? OptionalLong.empty() : OptionalLong.of(operation.change().commitMicros()),
        local == null ? OptionalLong.empty() : local.rival());
  }

  /** Of the direction: rows that it wrote came from the sender. */
  String origin() {
    return link.origin();
  }

  /** Whether an UPDATE whose row is missing is left out. */
  boolean skipsMissing(Operation operation) {
    return policy(ConflictType.UPDATE_MISSING, operation) == ConflictPolicy.SKIP;
  }

  private ConflictPolicy policy(ConflictType type, Operation operation) {
    return policies.of(operation.table().name().toString(), type);
  }

  /** Records a conflict; {@code local} is null where there is no such row. */
  void record(
      Connection connection,
      ConflictType type,
      Operation operation,
      @Nullable LocalRow local,
      Outcome outcome)
      throws SQLException {
    TargetTable table = operation.table();
    List<String> keyNames = new ArrayList<>();
    List<@Nullable Object> keyValues = new ArrayList<>();
    Lookup lookup = operation.lookup();
    for (int i = 0; i < lookup.columns().size() && lookup.unique(); i++) {
      int position = lookup.columns().get(i);
      keyNames.add(table.columns().get(position).name());
      keyValues.add(
          operation.identity().length > 0 ? operation.identity()[i] : operation.values()[position]);
    }
    @Nullable
    Object[] incoming = operation.kind() == Kind.DELETE ? operation.expected() : operation.values();
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < incoming.length; i++) {
      if (!(incoming[i] instanceof Marker)) {
        names.add(table.columns().get(i).name());
        values.add(incoming[i]);
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(RECORD)) {
      insert.setString(1, link.link());
      insert.setString(2, link.direction().toString());
      insert.setString(3, table.name().schema());
      insert.setString(4, table.name().name());
      insert.setString(5, type.toString());
      insert.setString(6, policy(type, operation).toString());
      insert.setString(7, outcome.toString());
      insert.setArray(8, connection.createArrayOf("text", keyNames.toArray()));
      insert.setArray(9, connection.createArrayOf("text", keyValues.toArray()));
      insert.setArray(10, connection.createArrayOf("text", names.toArray()));
      insert.setArray(11, connection.createArrayOf("text", values.toArray()));
      insert.setString(12, local == null ? null : local.json());
      insert.setObject(13, committed(local), Types.BIGINT);
      insert.setString(14, new Lsn(operation.change().lsn()).toString());
      insert.setLong(15, operation.change().commitMicros());
      insert.setLong(16, operation.change().position().offset());
      insert.executeUpdate();
    }
  }

  private static @Nullable Long committed(@Nullable LocalRow local) {
    return local == null || local.commitMicros().isEmpty()
        ? null
        : local.commitMicros().getAsLong();
  }
}
