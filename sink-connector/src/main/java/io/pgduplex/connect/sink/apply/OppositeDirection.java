package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.config.SinkOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be seen in the target of the direction that leads away from it. While its source has no slot, what applications
 * change in the target is lost to it; while it copies rows, it cannot tell those that this direction wrote from others. So
 * the first row that this direction writes has to wait for it.
 */
final class OppositeDirection {

  private static final Logger LOG = LoggerFactory.getLogger(OppositeDirection.class);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private static final String STREAMS = """
      SELECT 1 FROM pgduplex.heartbeat h JOIN pg_replication_slots s ON s.slot_name = ?
       WHERE h.link = ? AND h.direction = ? AND h.streaming_since IS NOT NULL
         AND s.database = current_database() AND s.confirmed_flush_lsn IS NOT NULL""";

  private final SinkConfig config;
  private final LinkDirection opposite;
  private final Stopwatch sinceWarning = new Stopwatch();
  private boolean warned;

  OppositeDirection(SinkConfig config) {
    this.config = config;
    this.opposite = config.link().opposite();
  }

  /** Whether nothing has been applied yet, and nothing may be for now. */
  boolean mustBeAwaited(TargetSession session) throws SQLException {
    if (!config.twoWay() || session.committed().nextOffset() > 0) {
      return false;
    }
    boolean streams = streams(session.connection());
    session.rollback();
    if (!streams && (!warned || sinceWarning.hasPassed(WARNING_INTERVAL))) {
      LOG.warn(
          "Direction {} applies nothing yet: it waits until the source of {} has made slot {} on this sink's database and"
              + " has done with its first copy. Send that connector's document, or set {}=false if the link has no such"
              + " direction",
          config.link(),
          opposite,
          opposite.objectName(),
          SinkOptions.LINK_TWO_WAY);
      warned = true;
      sinceWarning.restart();
    }
    return !streams;
  }

  /** Whether it has its slot and has done with what was there before. */
  private boolean streams(Connection connection) throws SQLException {
    if (!PgduplexObjects.isThere(connection, PgduplexSchema.HEARTBEAT)) {
      return false;
    }
    try (PreparedStatement statement = connection.prepareStatement(STREAMS)) {
      statement.setString(1, opposite.objectName());
      statement.setString(2, opposite.link());
      statement.setString(3, opposite.direction().toString());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }
}
