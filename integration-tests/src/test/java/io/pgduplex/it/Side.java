package io.pgduplex.it;

import io.pgduplex.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One database of a link.
 *
 * @param server where it is
 * @param database its name
 */
record Side(PostgresServer server, String database) {

  Connection connect() throws SQLException {
    return server.connect(database);
  }

  /** Runs statements, in one transaction if there are several. */
  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError("On " + database + ": " + sql, e);
    }
  }

  /** The first column of the first row, as text. */
  String value(String sql) {
    List<String> column = column(sql);
    if (column.isEmpty()) {
      throw new AssertionError("No row on " + database + ": " + sql);
    }
    return column.get(0);
  }

  /** The first column of all rows, as text. */
  List<String> column(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(String.valueOf(row.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new AssertionError("On " + database + ": " + sql, e);
    }
  }

  /** All rows of a table, as text, sorted; only the columns named. */
  List<String> rows(String table, String columns) {
    return column(
        "SELECT ROW(" + columns + ")::text COLLATE \"C\" AS r FROM " + table + " ORDER BY r");
  }

  /** Number of rows and a checksum over all of them. */
  String checksum(String table, String columns) {
    return value(
        "SELECT count(*) || ' rows ' || coalesce(md5(string_agg(r, E'\\n' ORDER BY r)), '') FROM (SELECT ROW("
            + columns + ")::text COLLATE \"C\" AS r FROM " + table + ") t");
  }

  /** The columns of a table that are not generated, quoted, in order of their names. */
  String columns(String table) {
    return value(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = '"
            + table.replace("'", "''")
            + "'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''");
  }
}
