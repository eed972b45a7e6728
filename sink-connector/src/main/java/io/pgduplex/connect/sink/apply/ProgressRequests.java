package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.config.SinkConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a stopped direction's position through Connect's REST API. The position is {@code
 * pgduplex.progress} in the target, and not the consumer group's offset that Connect alters by itself.
 *
 * <p>To forget it ({@code DELETE}) is possible: the direction begins anew, with a new topic and a new run of the source; a
 * topic that was left behind is then recognised by its old epochs and stops the task. To set it ({@code PATCH}) is not,
 * except to what it is: going back would apply changes twice, going forward would lose some.
 */
public final class ProgressRequests {

  private final SinkConfig config;
  private final LinkDirection link;

  public ProgressRequests(SinkConfig config) {
    this.config = config;
    this.link = config.link();
  }

  /**
   * Does what is asked, or throws.
   *
   * @param offsets as Connect hands them over: null for a partition to forget; none at all when the group has no offsets
   * @throws ConnectException if it cannot be done exactly
   */
  public void alter(Map<TopicPartition, @Nullable Long> offsets) {
    try (Connection connection = TargetSession.connectAside(config)) {
      connection.setAutoCommit(false);
      if (PgduplexObjects.areThere(connection)) {
        if (offsets.values().stream().allMatch(Objects::isNull)) {
          forget(connection);
        } else {
          requireUnchanged(offsets, nextOffset(connection));
        }
      } else if (offsets.values().stream().anyMatch(Objects::nonNull)) {
        requireUnchanged(offsets, OptionalLong.empty());
      }
      connection.commit();
    } catch (SQLException e) {
      throw new ConnectException(
          "Direction " + link
              + ": the position in pgduplex.progress of the target could not be reached: "
              + e.getMessage(),
          e);
    }
  }

  /** Keeps the epochs, so that what was applied before is not taken for new; a task that still runs is fenced off. */
  private void forget(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("""
        UPDATE pgduplex.progress SET next_offset = 0, last_end = NULL, fence = fence + 1
        WHERE link = ? AND direction = ?""")) {
      update.setString(1, link.link());
      update.setString(2, link.direction().toString());
      update.executeUpdate();
    }
  }

  private OptionalLong nextOffset(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "SELECT next_offset FROM pgduplex.progress WHERE link = ? AND direction = ?")) {
      select.setString(1, link.link());
      select.setString(2, link.direction().toString());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  private void requireUnchanged(Map<TopicPartition, @Nullable Long> offsets, OptionalLong next) {
    offsets.forEach((partition, offset) -> {
      if (offset == null || next.isEmpty() || offset != next.getAsLong()) {
        throw new ConnectException("Direction " + link + ": refused to set " + partition + " to "
            + offset
            + ". The position is in pgduplex.progress of the target, written with the changes themselves, and is "
            + (next.isPresent() ? "offset " + next.getAsLong() : "not there yet")
            + "; another one would apply changes twice or lose some. To begin anew, take the link away and set it up"
            + " again, as the README says.");
      }
    });
  }
}
