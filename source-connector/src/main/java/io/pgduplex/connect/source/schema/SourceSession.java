package io.pgduplex.connect.source.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** A transaction in which the server writes definitions that mean the same everywhere, and equal ones alike. */
final class SourceSession {

  /**
   * Some definitions are read under a lock. Behind an ALTER TABLE that waits for the first copy to end, which waits for this
   * one, it would wait for ever.
   */
  private static final String SETTINGS = """
      SET LOCAL lock_timeout = '10s';
      SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
      SET LOCAL search_path = '';
      SET LOCAL DateStyle = 'ISO, YMD';
      SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL TimeZone = 'UTC';
      SET LOCAL bytea_output = 'hex';
      SET LOCAL extra_float_digits = 1;
      SET LOCAL standard_conforming_strings = on;
      SET LOCAL quote_all_identifiers = off""";

  /**
   * What the snapshot shows, and has been dropped since: the server's functions (pg_get_indexdef and others) look at what
   * there is now, and have no better name for that than an internal error.
   */
  private static final Set<String> GONE = Set.of("XX000", "42P01", "42704", "3F000");

  private SourceSession() {}

  /** Something that reads. */
  interface Reading<T> {
    T read(LiveCatalog catalog) throws SQLException;
  }

  /**
   * Reads, and leaves the connection as it was.
   *
   * @param connection without an open transaction
   */
  static <T> T read(Connection connection, Reading<T> reading) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      set(connection, SETTINGS);
      return reading.read(new LiveCatalog(connection));
    } catch (SQLException e) {
      throw GONE.contains(String.valueOf(e.getSQLState()))
          ? new SQLException("tables were changed while their definition was read", "40001", e)
          : e;
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  /** A word that is no keyword here may be one for the server that the statement is for. */
  static void quoteAll(LiveCatalog catalog) throws SQLException {
    catalog.rowsByText(
        "SELECT set_config('quote_all_identifiers', 'on', true) AS value",
        row -> row.text("value"));
  }

  private static void set(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
