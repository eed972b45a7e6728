package io.pgduplex.stack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What a database server that serves says of itself. */
record PostgresProbe(String version, String dataDirectory) {

  private static final String SQL = """
      SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('data_directory')
      """;

  /** Empty while the server refuses connections, as it does when it starts. */
  static Optional<PostgresProbe> ask(PostgresServer server) {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SQL)) {
      row.next();
      return Optional.of(new PostgresProbe(row.getString(1), row.getString(2)));
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (state != null && state.startsWith("28")) {
        throw new StackException(
            server.name() + " on port " + server.port() + " refuses its own superuser", e);
      }
      return Optional.empty();
    }
  }
}
