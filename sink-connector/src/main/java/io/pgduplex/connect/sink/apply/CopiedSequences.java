package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether sequences may have the source's values, which come some time after the rows of a first copy. By then an administrator
 * may have had this side count by even numbers, or it may be further on by itself: no number is to be given out twice.
 */
final class CopiedSequences {

  /** Waits for an ALTER SEQUENCE that is under way, and keeps others out until the transaction ends. */
  private static final String LOCK = "SELECT pg_sequence_last_value(%s::regclass)";

  /** Each ALTER SEQUENCE writes the row in pg_sequence anew, and its transaction is of the origin that made it. */
  private static final String OBSTACLE = """
      SELECT CASE WHEN (pg_xact_commit_timestamp_origin(q.xmin)).roident IS DISTINCT FROM
                         (SELECT roident FROM pg_replication_origin WHERE roname = %2$s)
                    THEN 'it has been altered here'
                  WHEN CASE WHEN q.seqincrement > 0 THEN s.last_value > v.value ELSE s.last_value < v.value END
                         OR s.last_value = v.value AND s.is_called AND NOT v.is_called
                    THEN 'it is further on here'
             END
        FROM pg_sequence q, %3$s s, (VALUES (%4$s::bigint, %5$s)) v (value, is_called)
       WHERE q.seqrelid = %1$s::regclass""";

  private static final Pattern VALUE = Pattern.compile(", (-?\\d+), (true|false)\\)$");

  private final Connection connection;
  private final OwnerRole owner;
  private final String origin;

  CopiedSequences(Connection connection, SinkConfig config) {
    this.connection = connection;
    this.owner = new OwnerRole(config);
    this.origin = Identifiers.literal(config.link().origin());
  }

  /**
   * What keeps it from getting the value; empty if nothing does.
   *
   * @param setval the statement that gives it the value
   */
  Optional<String> obstacle(TableName sequence, String setval) throws SQLException {
    Matcher value = VALUE.matcher(setval);
    if (!value.find()) {
      throw new IllegalArgumentException("No call of setval: " + setval);
    }
    String name = sequence.quoted();
    String literal = Identifiers.literal(name);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      owner.take(statement);
      statement.execute(LOCK.formatted(literal));
      Optional<String> obstacle;
      // Only now: what is read in the same statement is as it was before the wait.
      try (ResultSet row = statement.executeQuery(
          OBSTACLE.formatted(literal, origin, name, value.group(1), value.group(2)))) {
        obstacle = row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
      owner.giveBack(statement);
      return obstacle;
    }
  }
}
