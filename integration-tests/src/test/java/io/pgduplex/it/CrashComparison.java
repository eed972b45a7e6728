package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static final String INDEXES =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";

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
    if (column(other, "SELECT to_regclass('marker') IS NULL").equals(List.of("t"))) {
      return false;
    }
    return column(other, "SELECT n FROM marker WHERE side = '" + side + "'")
        .equals(List.of(Long.toString(mark)));
  }

  /** Whether B has what is made after the rows of a first copy, which may have brought the last row of all. */
  boolean hasIndexes() throws SQLException {
    return column(onB, INDEXES).equals(column(onA, INDEXES));
  }

  /** @param ledgerRows how many rows the workloads have left in the table that has no key */
  void check(long ledgerRows) throws SQLException {
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
