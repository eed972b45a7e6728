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

  /** A pooler that chooses among its free sessions by chance may happen to choose the same one again. */
  private static final int ROUNDS = 4;

  /** Where two backends are given out in turn, two connections that take turns get the same ones for ever. */
  private static final int IN_A_ROW = 2;

  /** Opens one more connection to the same address. */
  @FunctionalInterface
  public interface Opener {
    Connection connect() throws SQLException;
  }

  private PoolerCheck() {}

  /** Asks over {@code connection}, which is in no transaction, and over one more. */
  public static Optional<Problem> problem(Connection connection, Opener opener)
      throws SQLException {
    if (keepsBackend(connection, opener)) {
      return Optional.empty();
    }
    return Optional.of(new Problem(
        LinkOptions.DATABASE_HOSTNAME,
        "leads to a pooler in transaction mode; name the PostgreSQL server itself"));
  }

  /**
   * A pooler in transaction mode gives a connection another backend for its next transaction
   *
   * <ul>
   *   <li>at once, if it gives out in turn the ones that are free, and there are several;
   *   <li>while a second connection is in a transaction, if it had given that one the first one's;
   *   <li>or else afterwards, if it gives out the one first that became free last.
   * </ul>
   *
   * A server never does.
   */
  private static boolean keepsBackend(Connection connection, Opener opener) throws SQLException {
    String backend = backend(connection);
    boolean kept = isStill(backend, connection);
    try (Connection other = opener.connect()) {
      for (int round = 0; kept && round < ROUNDS; round++) {
        execute(other, "BEGIN");
        kept = isStill(backend, connection);
        execute(other, "COMMIT");
        kept &= isStill(backend, connection);
      }
    }
    return kept;
  }

  private static boolean isStill(String backend, Connection connection) throws SQLException {
    for (int i = 0; i < IN_A_ROW; i++) {
      if (!backend.equals(backend(connection))) {
        return false;
      }
    }
    return true;
  }

  private static String backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }

  /** By the statement itself: the driver's own BEGIN and COMMIT are prepared under names, which poolers mix up. */
  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
