package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Waits for transactions of others that have written to a table. What they wrote cannot be seen before they end, and where
 * they wrote it before this transaction wrote the same value, their own check by a deferrable constraint may be over; later
 * ones wait for this transaction with that check. A lock of the table would be as good, but others would queue behind it.
 */
final class OtherWriters {

  private static final String WRITERS = """
      SELECT virtualtransaction, coalesce(pg_backend_pid() = ANY (pg_blocking_pids(pid)), false)
      FROM pg_locks
      WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation IN (
          SELECT r FROM unnest(?::text[]::regclass[]) r
          UNION ALL
          SELECT relid FROM unnest(?::text[]::regclass[]) r, pg_partition_tree(r))
        AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND granted AND pid IS DISTINCT FROM pg_backend_pid()""";

  /** In seconds. */
  private static final double LONGEST_PAUSE = 0.1;

  private final Connection connection;
  private final Duration timeout;

  /** @param timeout how long to wait */
  OtherWriters(Connection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /** Those who have written by now; others may begin to in the meantime. */
  void await(Collection<TargetTable> tables) throws SQLException {
    Stopwatch waiting = new Stopwatch();
    Map<String, Boolean> writers = writers(tables);
    for (double pause = 0.001; !writers.isEmpty(); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (writers.containsValue(true)) {
        throw notAwaited(tables, "wait for this one", "40P01");
      }
      if (waiting.hasPassed(timeout)) {
        throw notAwaited(tables, "have not ended within " + timeout.toMillis() + " ms", "55P03");
      }
      pause(pause);
      Map<String, Boolean> now = writers(tables);
      now.keySet().retainAll(writers.keySet());
      writers = now;
    }
  }

  private static SQLException notAwaited(
      Collection<TargetTable> tables, String what, String state) {
    return new SQLException(
        "Transactions that have written to "
            + tables.stream()
                .map(table -> table.name().toString())
                .collect(Collectors.joining(", "))
            + " " + what
            + ", and what they wrote could be in the way by a deferrable constraint",
        state);
  }

  /** Each with whether it waits for this transaction. */
  private Map<String, Boolean> writers(Collection<TargetTable> tables) throws SQLException {
    Object[] names = tables.stream().map(table -> table.name().quoted()).toArray();
    Map<String, Boolean> writers = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(WRITERS)) {
      select.setArray(1, connection.createArrayOf("text", names));
      select.setArray(2, connection.createArrayOf("text", names));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          writers.put(row.getString(1), row.getBoolean(2));
        }
      }
    }
    return writers;
  }

  private void pause(double seconds) throws SQLException {
    try (PreparedStatement sleep = connection.prepareStatement("SELECT pg_sleep(?)")) {
      sleep.setDouble(1, seconds);
      sleep.execute();
    }
  }
}
