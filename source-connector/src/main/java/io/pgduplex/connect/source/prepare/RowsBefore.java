package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.ExistingRows;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SnapshotMode;
import io.pgduplex.connect.source.options.SourceOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the rows that a reverse direction would never send: they are there before its slot, it copies none, and the forward
 * direction did not bring them, so that the other side need not have them. Who wrote a row is told by the origin that
 * PostgreSQL keeps with the commit time of its transaction; where it has forgotten, somebody else did.
 */
final class RowsBefore {

  private static final int COUNTED = 1000;
  private static final int GLANCE_MS = 3000;
  private static final String QUERY_CANCELED = "57014";

  private static final String QUERY = """
      SELECT count(*) FROM (
        SELECT FROM %s AS t
         WHERE ((pg_xact_commit_timestamp_origin(t.xmin)).roident = ANY (?::oid[])) IS NOT TRUE
         LIMIT %d) x""";

  private RowsBefore() {}

  /** Whether a first start with these settings has to look. */
  static boolean matter(Settings settings) {
    return settings.direction() == Direction.REVERSE
        && settings.snapshotMode() == SnapshotMode.NO_DATA
        && settings.existingRows() == ExistingRows.REFUSE;
  }

  /** Looks through each table once, in the snapshot of the connection's transaction; stops counting early. */
  static Optional<Problem> problem(Connection connection, Settings settings, List<Table> tables)
      throws SQLException {
    String foreign = foreignOrigins(connection, settings);
    List<String> found = new ArrayList<>();
    for (Table table : tables) {
      // A partitioned table's rows are its partitions'.
      if (!table.partitioned()) {
        count(connection, table, foreign).ifPresent(found::add);
      }
    }
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Problem(
            SourceOptions.EXISTING_ROWS,
            "rows are there that the forward direction did not write and this one would never send: "
                + String.join(", ", found)
                + ". Empty these tables, if the forward direction is to fill them; or set snapshot.mode=initial, to send the"
                + " rows; or, if the other side has the same rows, set "
                + SourceOptions.EXISTING_ROWS + "="
                + ExistingRows.SAME));
  }

  /** The same for validation, which has to be quick: finds nothing where looking takes long. */
  static Optional<Problem> glance(Connection connection, Settings settings, List<Table> tables)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION READ ONLY");
      statement.execute("SET LOCAL statement_timeout = " + GLANCE_MS);
      return problem(connection, settings, tables);
    } catch (SQLException e) {
      if (QUERY_CANCELED.equals(e.getSQLState())) {
        return Optional.empty();
      }
      throw e;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static Optional<String> count(Connection connection, Table table, String foreign)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(QUERY.formatted(table.quoted(), COUNTED + 1))) {
      statement.setString(1, foreign);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        int rows = row.getInt(1);
        return rows == 0
            ? Optional.empty()
            : Optional.of(table.dotted() + " ("
                + (rows > COUNTED ? "more than " + COUNTED : Integer.toString(rows)) + ")");
      }
    }
  }

  /** The origins whose rows come from where this direction leads, as an array of PostgreSQL's. */
  private static String foreignOrigins(Connection connection, Settings settings)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT roident, roname FROM pg_replication_origin")) {
      while (row.next()) {
        String name = row.getString(2);
        if (settings.foreignOrigins().stream().anyMatch(glob -> glob.matches(name))) {
          ids.add(row.getString(1));
        }
      }
    }
    return "{" + String.join(",", ids) + "}";
  }
}
