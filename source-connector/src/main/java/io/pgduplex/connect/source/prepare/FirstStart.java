package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.LinkDirection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Whether a direction has begun: its slot stands where it is to stay, and the rows that were there before are in the topic or
 * need not be. Until then the other direction's sink, which writes to this database, must not write what could no longer be
 * told from the rows of before. It looks at {@code streaming_since} in {@code pgduplex.heartbeat}.
 */
final class FirstStart {

  private final Connection connection;
  private final LinkDirection link;

  FirstStart(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  /** Before anything of a first start is made; whatever an earlier link of the same name has left is void. */
  void begins() throws SQLException {
    execute("""
        INSERT INTO pgduplex.heartbeat (link, direction, beat_at) VALUES (?, ?, clock_timestamp())
        ON CONFLICT (link, direction) DO UPDATE SET streaming_since = NULL""");
    // So that it is told again, in the new slot's stream.
    execute("DELETE FROM pgduplex.selection WHERE link = ? AND direction = ?");
    execute("DELETE FROM pgduplex.control WHERE link = ? AND direction = ?");
  }

  /** Once it need not be done again. */
  void isDone() throws SQLException {
    execute("""
        UPDATE pgduplex.heartbeat SET streaming_since = clock_timestamp()
        WHERE link = ? AND direction = ? AND streaming_since IS NULL""");
  }

  /** Whether a first start began and did not come to its end. */
  boolean wasInterrupted() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("""
        SELECT 1 FROM pgduplex.heartbeat WHERE link = ? AND direction = ? AND streaming_since IS NULL""")) {
      bind(statement);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement);
      statement.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement) throws SQLException {
    statement.setString(1, link.link());
    statement.setString(2, link.direction().toString());
  }
}
