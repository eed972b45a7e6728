package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what has been on record for long enough from {@code pgduplex.conflicts}. */
final class ConflictRetention {

  private static final Logger LOG = LoggerFactory.getLogger(ConflictRetention.class);
  private static final Duration INTERVAL = Duration.ofHours(1);

  private static final String PRUNE = """
      DELETE FROM pgduplex.conflicts
       WHERE link = ? AND direction = ? AND recorded_at < clock_timestamp() - ? * interval '1 second'""";

  private final LinkDirection link;
  private final Optional<Duration> retention;
  private final Stopwatch sincePruned = new Stopwatch();
  private boolean first = true;

  /** @param retention empty: for ever */
  ConflictRetention(LinkDirection link, Optional<Duration> retention) {
    this.link = link;
    this.retention = retention;
  }

  boolean isDue() {
    return retention.isPresent() && (first || sincePruned.hasPassed(INTERVAL));
  }

  /** In a transaction of its own; nothing else may be open. */
  void prune(Connection connection) throws SQLException {
    first = false;
    sincePruned.restart();
    try (PreparedStatement delete = connection.prepareStatement(PRUNE)) {
      delete.setString(1, link.link());
      delete.setString(2, link.direction().toString());
      delete.setLong(3, retention.orElseThrow().toSeconds());
      int rows = delete.executeUpdate();
      connection.commit();
      if (rows > 0) {
        LOG.info("Direction {}: removed {} old rows of pgduplex.conflicts", link, rows);
      }
    }
  }
}
