package io.pgduplex.benchmarks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How a sink gets on, by the row of {@code pgduplex.progress} that it writes in each transaction. */
final class Drain {

  private final String link;
  private final int rows;
  private final Duration longest;
  private long firstChanges;
  private long firstMicros;
  private long lastChanges;
  private long lastMicros;

  /**
   * @param rows how many changes the topic holds
   * @param longest after so much time it ends before the topic does
   */
  Drain(String link, int rows, Duration longest) {
    this.link = link;
    this.rows = rows;
    this.longest = longest;
  }

  /** Looks at the target, and says whether this is the end. */
  boolean isOver(Statement target) throws SQLException {
    try (ResultSet row = target.executeQuery("""
        SELECT changes, (extract(epoch FROM applied_at) * 1000000)::bigint FROM pgduplex.progress
         WHERE changes > 0 AND link = '%s' AND direction = 'forward'""".formatted(link))) {
      if (row.next()) {
        note(row.getLong(1), row.getLong(2));
      }
    }
    return lastChanges == rows || time().compareTo(longest) > 0;
  }

  /**
   * Takes a commit that was seen.
   *
   * @param changes applied until then
   * @param micros by the target's clock
   */
  void note(long changes, long micros) {
    if (firstChanges == 0) {
      firstChanges = changes;
      firstMicros = micros;
    }
    lastChanges = changes;
    lastMicros = micros;
  }

  /** Between the first commit that was seen and the last: what a task needs to start is no part of it. */
  double rowsPerSecond() {
    if (time().isZero()) {
      throw new IllegalStateException(
          "Link " + link + ": all " + lastChanges + " rows came in one commit; take more rows");
    }
    return (lastChanges - firstChanges) * 1e9 / time().toNanos();
  }

  private Duration time() {
    return Duration.of(lastMicros - firstMicros, ChronoUnit.MICROS);
  }
}
