package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        RETURNING table_schema, table_name""")) {
      delete.setString(1, link.link());
      delete.setString(2, link.direction().toString());
      delete.setLong(3, epoch);
      try (ResultSet row = delete.executeQuery()) {
        while (row.next()) {
          tables.add(new TableName(row.getString(1), row.getString(2)));
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

  /** Notes, once a session, that the direction writes to the table; in the transaction of its rows. */
  void note(TableName table, long epoch) throws SQLException {
    if (!noted.add(table)) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement("""
        INSERT INTO pgduplex.snapshot_tables AS s (link, direction, table_schema, table_name, epoch)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (link, direction, table_schema, table_name) DO UPDATE SET epoch = excluded.epoch
        WHERE s.epoch <> excluded.epoch""")) {
      insert.setString(1, link.link());
      insert.setString(2, link.direction().toString());
      insert.setString(3, table.schema());
      insert.setString(4, table.name());
      insert.setLong(5, epoch);
      insert.executeUpdate();
    }
  }
}
