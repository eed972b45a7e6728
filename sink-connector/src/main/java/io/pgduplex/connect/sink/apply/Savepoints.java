package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Named savepoints of the open transaction: JDBC's own get a new name each time, which no statement cache knows. */
final class Savepoints {

  private final Connection connection;

  Savepoints(Connection connection) {
    this.connection = connection;
  }

  void set(String name) throws SQLException {
    execute("SAVEPOINT " + Identifiers.quote(name));
  }

  void release(String name) throws SQLException {
    execute("RELEASE SAVEPOINT " + Identifiers.quote(name));
  }

  /** Undoes what came after, and the savepoint with it. */
  void rollbackTo(String name) throws SQLException {
    execute("ROLLBACK TO SAVEPOINT " + Identifiers.quote(name) + "; RELEASE SAVEPOINT "
        + Identifiers.quote(name));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
