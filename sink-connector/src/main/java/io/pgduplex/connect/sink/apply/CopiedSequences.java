package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whether sequences are still as the first copy made them. Their values come some time after its rows; by then this side may
 * have given out numbers, or an administrator may have had it count by even ones.
 */
final class CopiedSequences {

  /** Waits for an ALTER SEQUENCE that is under way, and keeps others out until the transaction ends. */
  private static final String LOCK = "SELECT pg_sequence_last_value(%s::regclass)";

  /** Each ALTER SEQUENCE writes the row in pg_sequence anew, and its transaction is of the origin that made it. */
  private static final String TOUCHED = """
      SELECT CASE WHEN (pg_xact_commit_timestamp_origin(q.xmin)).roident IS DISTINCT FROM
                         (SELECT roident FROM pg_replication_origin WHERE roname = %2$s)
                    THEN 'it has been altered here'
                  WHEN s.is_called OR s.last_value <> q.seqstart
                    THEN 'numbers were taken from it here, or it was set'
             END
        FROM pg_sequence q, %3$s s
       WHERE q.seqrelid = %1$s::regclass""";

  private final Connection connection;
  private final OwnerRole owner;
  private final String origin;

  CopiedSequences(Connection connection, SinkConfig config) {
    this.connection = connection;
    this.owner = new OwnerRole(config);
    this.origin = Identifiers.literal(config.link().origin());
  }

  /** What has been done to it since it was made; empty if nothing. */
  Optional<String> touched(TableName sequence) throws SQLException {
    String name = sequence.quoted();
    String literal = Identifiers.literal(name);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      owner.take(statement);
      statement.execute(LOCK.formatted(literal));
      Optional<String> touched;
      // Only now: what is read in the same statement is as it was before the wait.
      try (ResultSet row = statement.executeQuery(TOUCHED.formatted(literal, origin, name))) {
        touched = row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
      owner.giveBack(statement);
      return touched;
    }
  }
}
