package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.database.ServerChecks;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the server itself must offer to a source, whatever the tables. */
final class SourceServerChecks {

  private static final int ORIGIN_NONE_SINCE = 160_000;

  private static final String QUERY = """
      SELECT current_setting('server_version_num')::int,
             current_setting('server_version'),
             current_setting('wal_level'),
             EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?),
             (SELECT count(*) FROM pg_replication_slots) < current_setting('max_replication_slots')::int,
             EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ? AND active),
             (SELECT count(*) FROM pg_stat_replication) < current_setting('max_wal_senders')::int
      """;

  private SourceServerChecks() {}

  static List<Problem> problems(Connection connection, Settings settings) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    ServerChecks server = ServerChecks.of(connection);
    server.version().ifPresent(problems::add);
    server.primary().ifPresent(problems::add);
    server.encoding().ifPresent(problems::add);
    if (RowsBefore.matter(settings)) {
      server.commitTimestamps().ifPresent(problems::add);
    }
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, settings.link().objectName());
      statement.setString(2, settings.link().objectName());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getInt(1) < ORIGIN_NONE_SINCE
            && settings.submitted().containsKey(SourceOptions.SLOT_STREAM_PARAMS)) {
          problems.add(new Problem(
              SourceOptions.SLOT_STREAM_PARAMS,
              "needs PostgreSQL 16; the server is " + row.getString(2)));
        }
        if (!"logical".equals(row.getString(3))) {
          problems.add(onServer("wal_level is " + row.getString(3)
              + "; run ALTER SYSTEM SET wal_level = logical, then restart the server"));
        }
        if (!row.getBoolean(4) && !row.getBoolean(5)) {
          problems.add(onServer("all replication slots are taken (max_replication_slots);"
              + " raise it and restart the server, or drop a slot that is no longer used"));
        }
        if (!row.getBoolean(6) && !row.getBoolean(7)) {
          problems.add(onServer(
              "all WAL senders are taken (max_wal_senders);" + " raise it and restart the server"));
        }
      }
    }
    return problems;
  }

  private static Problem onServer(String message) {
    return new Problem(LinkOptions.DATABASE_HOSTNAME, message);
  }
}
