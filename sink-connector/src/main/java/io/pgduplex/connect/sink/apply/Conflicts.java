package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.sink.config.ConflictPolicy;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Resolves conflicts by policy as far as a choice is concerned, and records each in the transaction it happens in. */
final class Conflicts {

  /** PostgreSQL 18's names. */
  enum Type {
    INSERT_EXISTS,
    UPDATE_MISSING,
    DELETE_MISSING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What became of the incoming change. */
  enum Outcome {
    LOCAL_KEPT,
    INCOMING_APPLIED,
    INSERTED,
    LEFT_OUT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String RECORD = """
      INSERT INTO pgduplex.conflicts (link, direction, table_schema, table_name, type, policy, outcome, key, incoming,
        local, source_lsn, source_committed_at, topic_offset)
      VALUES (?, ?, ?, ?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), jsonb_object(?::text[], ?::text[]), ?::jsonb,
        ?::pg_lsn, timestamptz 'epoch' + ? * interval '1 microsecond', ?)""";

  private final LinkDirection link;
  private final ConflictPolicy policy;

  Conflicts(LinkDirection link, ConflictPolicy policy) {
    this.link = link;
    this.policy = policy;
  }

  ConflictPolicy policy() {
    return policy;
  }

  /** Throws where the policy is to stop at conflicts. */
  void stopIfPolicySaysSo(Type type, Operation operation) {
    if (policy == ConflictPolicy.TASK_FAILED) {
      throw new ConnectException(
          "Conflict " + type + " on table " + operation.table().name() + ", key columns "
              + operation.table().keyNames() + ", at offset "
              + operation.change().position().offset() + " ("
              + new Lsn(operation.change().lsn())
              + "), and conflict.policy is task_failed. Nothing of its transaction was"
              + " applied. Change the row in the target, or set conflict.policy to ignore or overwrite, then restart the"
              + " task: it goes on here.");
    }
  }

  /** Records a conflict; {@code local} is the local row as jsonb, null where there is none. */
  void record(
      Connection connection,
      Type type,
      Operation operation,
      @Nullable String local,
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
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < operation.values().length; i++) {
      if (!(operation.values()[i] instanceof Marker)) {
        names.add(table.columns().get(i).name());
        values.add(operation.values()[i]);
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(RECORD)) {
      insert.setString(1, link.link());
      insert.setString(2, link.direction().toString());
      insert.setString(3, table.name().schema());
      insert.setString(4, table.name().name());
      insert.setString(5, type.toString());
      insert.setString(6, policy.toString());
      insert.setString(7, outcome.toString());
      insert.setArray(8, connection.createArrayOf("text", keyNames.toArray()));
      insert.setArray(9, connection.createArrayOf("text", keyValues.toArray()));
      insert.setArray(10, connection.createArrayOf("text", names.toArray()));
      insert.setArray(11, connection.createArrayOf("text", values.toArray()));
      insert.setString(12, local);
      insert.setString(13, new Lsn(operation.change().lsn()).toString());
      insert.setLong(14, operation.change().commitMicros());
      insert.setLong(15, operation.change().position().offset());
      insert.executeUpdate();
    }
  }
}
