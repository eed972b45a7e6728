package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.sink.transaction.Group;
import io.pgduplex.connect.sink.transaction.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The row of {@code pgduplex.progress} that belongs to this direction. It is written in the transaction of the changes
 * it speaks of, and only if it still says what this task wrote last: a task that has been replaced cannot commit.
 */
final class ProgressStore {

  private final LinkDirection link;
  private final String topic;
  private long fence;

  ProgressStore(LinkDirection link, String topic) {
    this.link = link;
    this.topic = topic;
  }

  /** Reads the progress and locks out whoever held it before; commit afterwards. */
  Progress acquire(Connection connection) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("""
        INSERT INTO pgduplex.progress (link, direction, topic, next_offset, epoch, seq, snapshot_epoch, fence)
        VALUES (?, ?, ?, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING""")) {
      insert.setString(1, link.link());
      insert.setString(2, link.direction().toString());
      insert.setString(3, topic);
      insert.executeUpdate();
    }
    try (PreparedStatement update = connection.prepareStatement("""
        UPDATE pgduplex.progress SET fence = fence + 1 WHERE link = ? AND direction = ?
        RETURNING topic, next_offset, last_end::text, epoch, seq, snapshot_epoch, fence""")) {
      update.setString(1, link.link());
      update.setString(2, link.direction().toString());
      try (ResultSet row = update.executeQuery()) {
        row.next();
        checkTopic(row.getString(1));
        fence = row.getLong(7);
        String end = row.getString(3);
        return new Progress(
            row.getLong(2),
            end == null ? Progress.NO_END : Lsn.parse(end).value(),
            row.getLong(4),
            row.getLong(5),
            row.getLong(6));
      }
    }
  }

  private void checkTopic(String recorded) {
    if (!recorded.equals(topic)) {
      throw new ConnectException(
          "Direction " + link + " has been applied from topic " + recorded + ", but 'topics' says "
              + topic + ". Positions of one topic mean nothing in another: set topics=" + recorded
              + ", or take the link away and set it up anew, as the README says.");
    }
  }

  /**
   * Writes the progress and marks the transaction with the source's position and time, so that the commit timestamps of
   * the target are the source's.
   */
  void save(Connection connection, Progress from, Group group, long streamedChanges)
      throws SQLException {
    Progress to = group.progress();
    try (PreparedStatement update = connection.prepareStatement("""
        UPDATE pgduplex.progress
        SET next_offset = ?, last_end = ?::pg_lsn, epoch = ?, seq = ?, snapshot_epoch = ?, applied_at = clock_timestamp(),
            transactions = transactions + ?, changes = changes + ?,
            source_committed_at = timestamptz 'epoch' + ? * interval '1 microsecond'
        WHERE link = ? AND direction = ? AND fence = ? AND next_offset = ?
        RETURNING pg_replication_origin_xact_setup(?::pg_lsn, timestamptz 'epoch' + ? * interval '1 microsecond')""")) {
      String end = to.lastEnd() == Progress.NO_END ? null : new Lsn(to.lastEnd()).toString();
      update.setLong(1, to.nextOffset());
      update.setString(2, end);
      update.setLong(3, to.epoch());
      update.setLong(4, to.seq());
      update.setLong(5, to.snapshotEpoch());
      update.setLong(6, group.transactions());
      update.setLong(7, Group.count(group.changes()) + streamedChanges);
      update.setLong(8, group.commitMicros());
      update.setString(9, link.link());
      update.setString(10, link.direction().toString());
      update.setLong(11, fence);
      update.setLong(12, from.nextOffset());
      update.setString(13, end == null ? "0/1" : end);
      update.setLong(14, group.commitMicros());
      try (ResultSet row = update.executeQuery()) {
        if (!row.next()) {
          throw new ConnectException("Another task applies direction " + link
              + " (its row of pgduplex.progress is no longer what this task wrote), so this task stops."
              + " Nothing of it was committed.");
        }
      }
    }
  }
}
