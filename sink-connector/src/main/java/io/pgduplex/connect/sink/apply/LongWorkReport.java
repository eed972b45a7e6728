package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.config.SinkConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says each minute what a session that has long work is at, and for whom it waits: some of it waits for as long as that takes. */
final class LongWorkReport {

  private static final Logger LOG = LoggerFactory.getLogger(LongWorkReport.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** A statement's text only as far as it has no values; of others' sessions only what each role may know. */
  private static final String SESSION = """
      SELECT coalesce(substring(a.query FROM '^[^(''$]{1,200}'), ''),
             (SELECT string_agg(DISTINCT format('%s (%s, %s)', b.pid, b.usename, b.application_name), '; ')
                FROM unnest(pg_blocking_pids(a.pid)) p LEFT JOIN pg_stat_activity b ON b.pid = p)
        FROM pg_stat_activity a
       WHERE a.pid = ?""";

  private final SinkConfig config;
  private final int session;
  private final Stopwatch sinceStart = new Stopwatch();
  private final Stopwatch sinceReport = new Stopwatch();

  /** @param session the process that serves it */
  LongWorkReport(SinkConfig config, int session) {
    this.config = config;
    this.session = session;
  }

  /** The session itself cannot be asked: it is at work. */
  void sayIfDue() {
    if (!sinceReport.hasPassed(INTERVAL)) {
      return;
    }
    String statement = null;
    String blockers = null;
    try (Connection connection = TargetSession.connectAside(config);
        PreparedStatement select = connection.prepareStatement(SESSION)) {
      select.setInt(1, session);
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          statement = row.getString(1);
          blockers = row.getString(2);
        }
      }
    } catch (SQLException e) {
      LOG.debug("What session {} is at could not be found out", session, e);
    }
    say(statement, blockers);
    sinceReport.restart();
  }

  private void say(@Nullable String statement, @Nullable String blockers) {
    long seconds = sinceStart.passed().toSeconds();
    String at = statement == null ? "" : ", now at: " + statement.strip();
    if (blockers == null) {
      LOG.info(
          "Direction {}: a transaction that changes definitions, or the end of a copy, has taken {} s so far{}",
          config.link(),
          seconds,
          at);
    } else {
      LOG.warn(
          "Direction {}: a transaction that changes definitions, or the end of a copy, has taken {} s so far{}. It waits for"
              + " sessions of this database: {}",
          config.link(),
          seconds,
          at,
          blockers);
    }
  }
}
