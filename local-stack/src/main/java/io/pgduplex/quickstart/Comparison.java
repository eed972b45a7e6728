package io.pgduplex.quickstart;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Compares the content of tables row by row, equal rows counted. */
final class Comparison {

  private Comparison() {}

  /** How many rows of one side have no equal on the other, over all tables. */
  static long mismatches(BankLink link) throws SQLException {
    long mismatches = 0;
    try (Connection a = link.a().connect(BankLink.DATABASE);
        Connection b = link.b().connect(BankLink.DATABASE)) {
      for (String table : BankWorkload.TABLES) {
        Map<String, Integer> surplus = new HashMap<>();
        add(a, table, 1, surplus);
        add(b, table, -1, surplus);
        mismatches += surplus.values().stream().mapToLong(Math::abs).sum();
      }
    }
    return mismatches;
  }

  private static void add(
      Connection connection, String table, int sign, Map<String, Integer> surplus)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
      while (row.next()) {
        surplus.merge(
            row.getString(1), sign, (one, other) -> one + other == 0 ? null : one + other);
      }
    }
  }
}
