package io.pgduplex.it;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What statements that change tables take, without their commits.
 *
 * @param millis the median of each kind
 */
record StatementCost(Map<String, Double> millis) {

  private static final int ROUNDS = 40;

  private static final Map<String, String> STATEMENTS = statements();

  private static Map<String, String> statements() {
    Map<String, String> statements = new LinkedHashMap<>();
    statements.put(
        "CREATE TABLE",
        "CREATE TABLE %s (id bigint PRIMARY KEY, name text NOT NULL, at date DEFAULT current_date)");
    statements.put("ADD COLUMN", "ALTER TABLE %s ADD COLUMN extra int DEFAULT 1");
    statements.put("CREATE INDEX", "CREATE INDEX ON %s (name)");
    statements.put("RENAME COLUMN", "ALTER TABLE %s RENAME COLUMN extra TO other");
    statements.put("DROP TABLE", "DROP TABLE %s");
    return statements;
  }

  /** Runs them in the schema, which is left as it was. */
  static StatementCost in(Side side, String schema) {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int round = 0; round < ROUNDS; round++) {
        String table = schema + ".cost_" + round;
        for (Map.Entry<String, String> kind : STATEMENTS.entrySet()) {
          long start = System.nanoTime();
          statement.execute(kind.getValue().formatted(table));
          times
              .computeIfAbsent(kind.getKey(), unused -> new ArrayList<>())
              .add((System.nanoTime() - start) / 1e6);
          connection.commit();
        }
      }
    } catch (SQLException e) {
      throw new AssertionError("On " + side.database(), e);
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach(
        (kind, all) -> medians.put(kind, all.stream().sorted().toList().get(ROUNDS / 2)));
    return new StatementCost(medians);
  }

  /** With how many times as long as in {@code other}. */
  void report(Figures figures, String what, StatementCost other) {
    millis.forEach((kind, ms) -> figures.add(
        kind + ", " + what,
        String.format(
            Locale.ROOT, "%.1f ms (%.1f)", ms, ms / other.millis.getOrDefault(kind, ms))));
  }
}
