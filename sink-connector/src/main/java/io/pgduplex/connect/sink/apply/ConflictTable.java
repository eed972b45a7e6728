package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.resolve.ConflictLog;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code pgduplex.conflicts}. */
final class ConflictTable implements ConflictLog {

  private static final String RECORD = """
      INSERT INTO pgduplex.conflicts (link, direction, table_schema, table_name, type, policy, outcome, key, incoming,
        local, local_committed_at, source_lsn, source_committed_at, topic_offset)
      VALUES (?, ?, ?, ?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), jsonb_object(?::text[], ?::text[]), ?::jsonb,
        timestamptz 'epoch' + ?::bigint * interval '1 microsecond', ?::pg_lsn,
        timestamptz 'epoch' + ? * interval '1 microsecond', ?)""";

  /** They are written together, and memory is bounded. */
  private static final int MOST_PENDING = 1_000;

  private final Connection connection;
  private final LinkDirection link;
  private final List<Entry> pending = new ArrayList<>();

  /**
   * A conflict to write.
   *
   * @param what schema, table, type, what decided, and the outcome
   */
  private record Entry(
      List<String> what,
      List<String> keyNames,
      List<@Nullable Object> keyValues,
      List<String> names,
      List<@Nullable Object> values,
      @Nullable LocalRow local,
      RowChange change) {}

  ConflictTable(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  @Override
  public void record(
      ConflictType type,
      String decidedBy,
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
    pending.add(new Entry(
        List.of(
            table.name().schema(),
            table.name().name(),
            type.toString(),
            decidedBy,
            outcome.toString()),
        keyNames,
        keyValues,
        names,
        values,
        local,
        operation.change()));
    if (pending.size() >= MOST_PENDING) {
      write();
    }
  }

  /** Writes what was recorded since; to be called before a savepoint and before the commit. */
  void write() throws SQLException {
    if (pending.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(RECORD)) {
      for (Entry entry : pending) {
        bind(insert, entry);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    pending.clear();
  }

  /** What was recorded since the last {@link #write} did not happen. */
  void discard() {
    pending.clear();
  }

  private void bind(PreparedStatement insert, Entry entry) throws SQLException {
    LocalRow local = entry.local();
    RowChange change = entry.change();
    insert.setString(1, link.link());
    insert.setString(2, link.direction().toString());
    for (int i = 0; i < entry.what().size(); i++) {
      insert.setString(3 + i, entry.what().get(i));
    }
    insert.setArray(8, connection.createArrayOf("text", entry.keyNames().toArray()));
    insert.setArray(9, connection.createArrayOf("text", entry.keyValues().toArray()));
    insert.setArray(10, connection.createArrayOf("text", entry.names().toArray()));
    insert.setArray(11, connection.createArrayOf("text", entry.values().toArray()));
    insert.setString(12, local == null ? null : local.json());
    insert.setObject(13, committed(local), Types.BIGINT);
    insert.setString(14, new Lsn(change.lsn()).toString());
    insert.setLong(15, change.commitMicros());
    insert.setLong(16, change.position().offset());
  }

  private static @Nullable Long committed(@Nullable LocalRow local) {
    return local == null || local.commitMicros().isEmpty()
        ? null
        : local.commitMicros().getAsLong();
  }
}
