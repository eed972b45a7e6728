package io.pgduplex.benchmarks;

import io.pgduplex.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One of the two databases.
 *
 * @param server where it is
 * @param name its name
 */
record Database(PostgresServer server, String name) {

  Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** Runs statements one after the other, each in a transaction of its own. */
  void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "On " + server.name() + ": " + String.join("; ", statements), e);
    }
  }

  /** The first column of the first row, as text. */
  String value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException("On " + server.name() + ": " + sql, e);
    }
  }
}
