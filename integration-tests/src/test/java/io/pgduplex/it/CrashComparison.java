package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.database.CatalogComparison;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells when everything has arrived, and what must hold on both sides then. Keeps its connections, since it asks often. */
final class CrashComparison implements AutoCloseable {

  private static final int SHOWN = 20;
  private static final int WIDTH = 80;

  private static final String DIGESTS =
      CrashWorkload.TABLES.stream().map("""
          SELECT concat_ws(' ', '%1$s', count(*), md5(string_agg(t::text, ';' ORDER BY t::text COLLATE "C"))) FROM %1$s t"""::formatted).collect(Collectors.joining(" UNION ALL "));

  /** What a first copy makes after its rows, and then the value of each sequence; nobody takes numbers meanwhile. */
  private static final String MADE_LAST = """
      SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT concat_ws(' ', sequencename, last_value) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1""";

  private static final String PENDING =
      "SELECT 1 FROM pgduplex.schema_sync WHERE outcome = 'pending'";

  private static final String UNDEFINED_TABLE = "42P01";

  private static final List<String> OF_PGDUPLEX = List.of("pgduplex", "pgduplex_ddl");

  private static final String CONFLICTS =
      "SELECT concat_ws(' ', type, outcome, table_name, key) FROM pgduplex.conflicts ORDER BY id LIMIT "
          + SHOWN;

  private final Side a;
  private final Side b;
  private final Connection onA;
  private final Connection onB;

  CrashComparison(Side a, Side b) throws SQLException {
    this.a = a;
    this.b = b;
    this.onA = a.connect();
    this.onB = b.connect();
  }

  /** Whether the side's last row is on the other one. */
  boolean hasArrived(String side, long mark) throws SQLException {
    Connection other = side.equals("A") ? onB : onA;
    try {
      return column(other, "SELECT n FROM marker WHERE side = '" + side + "'")
          .equals(List.of(Long.toString(mark)));
    } catch (SQLException e) {
      // Not made yet, or just being made anew, since A's tables have changed.
      if (UNDEFINED_TABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Whether B has what is made after the rows of a first copy, which may have brought the last row of all. */
  boolean hasWhatIsMadeLast() throws SQLException {
    return column(onB, PENDING).isEmpty() && column(onB, MADE_LAST).equals(column(onA, MADE_LAST));
  }

  /** What has not arrived yet, for a message. */
  String missing(long mark) throws SQLException {
    return "A's last row: " + hasArrived("A", mark) + ", B's: " + hasArrived("B", mark)
        + ", waiting on B: " + column(onB, PENDING).size() + ", made last on A: "
        + column(onA, MADE_LAST) + ", on B: " + column(onB, MADE_LAST);
  }

  /** @param ledgerRows how many rows the workloads have left in the table that has no key */
  void check(long ledgerRows) throws SQLException {
    assertThat(CatalogComparison.differences(onA, onB, OF_PGDUPLEX, object -> true))
        .as("definitions")
        .isEmpty();
    if (!column(onA, DIGESTS).equals(column(onB, DIGESTS))) {
      CrashWorkload.TABLES.forEach(this::explain);
    }
    assertThat(column(onB, "SELECT count(*) FROM ledger"))
        .as("rows of the ledger")
        .containsExactly(Long.toString(ledgerRows));
    for (Connection side : List.of(onA, onB)) {
      if (!column(side, "SELECT 1 WHERE to_regclass('pgduplex.conflicts') IS NOT NULL")
          .isEmpty()) {
        assertThat(column(side, CONFLICTS)).as("conflicts").isEmpty();
      }
    }
  }

  private void explain(String table) {
    String columns = a.columns(table);
    List<String> onlyA = new ArrayList<>(a.rows(table, columns));
    List<String> onlyB = new ArrayList<>(b.rows(table, columns));
    List<String> all = List.copyOf(onlyA);
    onlyB.forEach(onlyA::remove);
    all.forEach(onlyB::remove);
    assertThat(shortened(onlyA)).as(table + ": on A only").isEmpty();
    assertThat(shortened(onlyB)).as(table + ": on B only").isEmpty();
  }

  private static List<String> shortened(List<String> rows) {
    return rows.stream()
        .limit(SHOWN)
        .map(row -> row.length() <= WIDTH ? row : row.substring(0, WIDTH) + "…")
        .toList();
  }

  private static List<String> column(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(String.valueOf(row.getString(1)));
      }
      return values;
    }
  }

  @Override
  public void close() {
    for (Connection connection : List.of(onA, onB)) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing is lost with it.
      }
    }
  }
}
