package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the server itself must offer, whatever the tables. */
final class ServerChecks {

  private static final int OLDEST = 140_000;
  private static final int ORIGIN_NONE_SINCE = 160_000;

  private static final String QUERY = """
      SELECT current_setting('server_version_num')::int,
             current_setting('server_version'),
             current_setting('wal_level'),
             pg_is_in_recovery(),
             current_user,
             EXISTS (SELECT FROM pg_roles r
                      WHERE (r.rolname = current_user AND (r.rolreplication OR r.rolsuper))
                         OR (r.rolname IN ('rds_replication', 'rds_superuser')
                             AND pg_has_role(current_user, r.oid, 'MEMBER')))
      """;

  private ServerChecks() {}

  static List<Problem> problems(Connection connection, Settings settings) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      if (row.getInt(1) < OLDEST) {
        problems.add(new Problem(
            LinkOptions.DATABASE_HOSTNAME,
            "the server is PostgreSQL " + row.getString(2)
                + "; 14 is the oldest that is supported"));
      }
      if (row.getInt(1) < ORIGIN_NONE_SINCE
          && settings.submitted().containsKey(SourceOptions.SLOT_STREAM_PARAMS)) {
        problems.add(new Problem(
            SourceOptions.SLOT_STREAM_PARAMS,
            "needs PostgreSQL 16; the server is " + row.getString(2)));
      }
      if (row.getBoolean(4)) {
        problems.add(new Problem(
            LinkOptions.DATABASE_HOSTNAME,
            "the server is a read replica (pg_is_in_recovery() is true); name the primary"));
      }
      if (!"logical".equals(row.getString(3))) {
        problems.add(new Problem(
            LinkOptions.DATABASE_HOSTNAME,
            "wal_level is " + row.getString(3)
                + "; run ALTER SYSTEM SET wal_level = logical, then restart the server"));
      }
      if (!row.getBoolean(6)) {
        problems.add(new Problem(
            LinkOptions.DATABASE_USER,
            "the role may not replicate; run ALTER ROLE \"%s\" REPLICATION"
                .formatted(row.getString(5))));
      }
    }
    return problems;
  }
}
