package io.pgduplex.connect.common.database;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Finds a pooler in transaction mode between the worker and the server: it knows no replication, and gives a session's
 * settings to somebody else.
 */
public final class PoolerCheck {

  private static final String SETTING = "pgduplex.same_session";

  /** Opens one more connection to the same address. */
  @FunctionalInterface
  public interface Opener {
    Connection connect() throws SQLException;
  }

  private PoolerCheck() {}

  /** Asks over {@code connection}, which is in no transaction, and over one more. */
  public static Optional<Problem> problem(Connection connection, Opener opener)
      throws SQLException {
    if (keepsSessions(connection, opener)) {
      return Optional.empty();
    }
    return Optional.of(new Problem(
        LinkOptions.DATABASE_HOSTNAME,
        "leads to a pooler in transaction mode; name the PostgreSQL server itself"));
  }

  /**
   * A pooler in transaction mode gives the first connection another session while a second one is in a transaction, if it
   * had given the second the first one's; or else afterwards, when the second one's is the last that became free.
   */
  private static boolean keepsSessions(Connection connection, Opener opener) throws SQLException {
    value(connection, "SELECT set_config('" + SETTING + "', 'yes', false)");
    try (Connection other = opener.connect()) {
      other.setAutoCommit(false);
      value(other, "SELECT 1");
      boolean during = isSet(connection);
      other.commit();
      return during && isSet(connection);
    }
  }

  private static boolean isSet(Connection connection) throws SQLException {
    return "yes".equals(value(connection, "SELECT current_setting('" + SETTING + "', true)"));
  }

  private static String value(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
