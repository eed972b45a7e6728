package io.pgduplex.connect.common.database;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What a server must be, whichever connector uses it; each problem is on the option that led there.
 *
 * @param version it is older than what is supported
 * @param primary it cannot be written to
 * @param encoding the database's texts may hold bytes that are no text elsewhere
 * @param commitTimestamps it forgets when, and under which origin, a row was written
 */
public record ServerChecks(
    Optional<Problem> version,
    Optional<Problem> primary,
    Optional<Problem> encoding,
    Optional<Problem> commitTimestamps) {

  private static final int OLDEST = 140_000;
  private static final String ENCODING = "UTF8";

  private static final String QUERY = """
      SELECT current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
             current_setting('track_commit_timestamp')::boolean, current_setting('server_encoding')""";

  /** Why no connection could be opened, or a query failed. */
  public static Problem unreachable(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String option = state.startsWith("28")
        ? LinkOptions.DATABASE_USER
        : state.equals("3D000") ? LinkOptions.DATABASE_DBNAME : LinkOptions.DATABASE_HOSTNAME;
    return new Problem(option, "cannot connect: " + e.getMessage());
  }

  /** Looks at the server of {@code connection}. */
  public static ServerChecks of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      return new ServerChecks(
          unless(
              row.getInt(1) >= OLDEST,
              "the server is PostgreSQL " + row.getString(2)
                  + "; 14 is the oldest that is supported"),
          unless(
              !row.getBoolean(3),
              "the server is a read replica (pg_is_in_recovery() is true); name the primary"),
          unless(
              row.getString(5).equals(ENCODING),
              LinkOptions.DATABASE_DBNAME,
              "the database's encoding is " + row.getString(5)
                  + ", and only UTF8 is supported; make a database with ENCODING 'UTF8' and move the data there"),
          unless(
              row.getBoolean(4),
              "track_commit_timestamp is off, so it could not be told which rows the link wrote; run ALTER SYSTEM SET"
                  + " track_commit_timestamp = on, then restart the server"));
    }
  }

  private static Optional<Problem> unless(boolean well, String otherwise) {
    return unless(well, LinkOptions.DATABASE_HOSTNAME, otherwise);
  }

  private static Optional<Problem> unless(boolean well, String option, String otherwise) {
    return well ? Optional.empty() : Optional.of(new Problem(option, otherwise));
  }
}
