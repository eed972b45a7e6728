package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps which tables the direction has written to. A source that stops before its snapshot is safe begins it again from the
 * first row; rows that have gone from the source in between would stay here for ever, so what the earlier attempt wrote
 * goes first. Whose a row is tells the origin of the transaction that wrote it; rows of others stay.
 */
final class SnapshotAttempts {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotAttempts.class);

  private final Connection connection;
  private final LinkDirection link;
  private final Set<TableName> noted = new HashSet<>();

  SnapshotAttempts(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  /** After a rollback. */
  void forget() {
    noted.clear();
  }

  /** Removes what earlier attempts wrote. */
  void begin(long epoch) throws SQLException {
    noted.clear();
    for (TableName table : ofEarlierAttempts(epoch)) {
      int removed = removeOurs(table);
      LOG.info(
          "Snapshot of {} begins again (epoch {}): removed {} rows of the attempt before from {}",
          link,
          epoch,
          removed,
          table);
    }
  }

  private List<TableName> ofEarlierAttempts(long epoch) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (PreparedStatement delete = connection.prepareStatement("""
        DELETE FROM pgduplex.snapshot_tables WHERE link = ? AND direction = ? AND epoch < ?
        RETURNING table_schema, table_name, to_regclass(format('%I.%I', table_schema, table_name)) IS NOT NULL""")) {
      delete.setString(1, link.link());
      delete.setString(2, link.direction().toString());
      delete.setLong(3, epoch);
      try (ResultSet row = delete.executeQuery()) {
        while (row.next()) {
          // It may have been dropped since.
          if (row.getBoolean(3)) {
            tables.add(new TableName(row.getString(1), row.getString(2)));
          }
        }
      }
    }
    return tables;
  }

  private int removeOurs(TableName table) throws SQLException {
    String sql = """
        DELETE FROM %s AS t
        WHERE (pg_xact_commit_timestamp_origin(t.xmin)).roident = (SELECT roident FROM pg_replication_origin WHERE roname = ?)""".formatted(table.quoted());
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, link.origin());
      return delete.executeUpdate();
    }
  }

  /**
   * Notes, once a session, that the direction writes to the table; in the transaction of its rows.
   *
   * @param snapshot whether it is a snapshot's row. The first one of an attempt finds a table without key empty, or the
   *     task stops: nothing tells whether a row that is there already is the one that comes
   */
  void note(TargetTable table, long epoch, boolean snapshot) throws SQLException {
    if (!noted.add(table.name())) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement("""
        INSERT INTO pgduplex.snapshot_tables AS s (link, direction, table_schema, table_name, epoch)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (link, direction, table_schema, table_name) DO UPDATE SET epoch = excluded.epoch
        WHERE s.epoch <> excluded.epoch""")) {
      insert.setString(1, link.link());
      insert.setString(2, link.direction().toString());
      insert.setString(3, table.name().schema());
      insert.setString(4, table.name().name());
      insert.setLong(5, epoch);
      boolean first = insert.executeUpdate() == 1;
      if (first && snapshot && !table.hasKey()) {
        requireEmpty(table);
      }
    }
  }

  private void requireEmpty(TargetTable table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT EXISTS (SELECT FROM " + table.rows() + ")")) {
      row.next();
      if (row.getBoolean(1)) {
        throw new ConnectException("A snapshot of table " + table.name()
            + " begins, but the target has rows in it that this"
            + " direction did not write, and without a key it cannot be told which of them are to come: they would be"
            + " there twice. Empty the table in the target, then restart the task.");
      }
    }
  }
}
