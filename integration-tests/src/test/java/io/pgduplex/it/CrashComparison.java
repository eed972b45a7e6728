package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What must hold on both sides when everything has arrived. */
final class CrashComparison {

  private static final int SHOWN = 20;
  private static final int WIDTH = 80;

  private CrashComparison() {}

  /** @param ledgerRows how many rows the workloads have left in the table that has no key */
  static void check(Side a, Side b, long ledgerRows) {
    for (String table : CrashWorkload.TABLES) {
      String columns = a.columns(table);
      if (!a.checksum(table, columns).equals(b.checksum(table, columns))) {
        List<String> onlyA = new ArrayList<>(a.rows(table, columns));
        List<String> onlyB = new ArrayList<>(b.rows(table, columns));
        List<String> all = List.copyOf(onlyA);
        onlyB.forEach(onlyA::remove);
        all.forEach(onlyB::remove);
        throw new AssertionError(
            table + ": only on A " + shortened(onlyA) + ", only on B " + shortened(onlyB));
      }
    }
    assertThat(b.value("SELECT count(*) FROM ledger"))
        .as("rows of the ledger")
        .isEqualTo(Long.toString(ledgerRows));
    for (Side side : List.of(a, b)) {
      checkNoConflict(side);
    }
  }

  private static void checkNoConflict(Side side) {
    if (side.column("SELECT 1 WHERE to_regclass('pgduplex.conflicts') IS NOT NULL")
        .isEmpty()) {
      return;
    }
    assertThat(side.column("SELECT concat_ws(' ', type, table_name, key) FROM pgduplex.conflicts"))
        .as("conflicts on " + side.database())
        .isEmpty();
  }

  private static List<String> shortened(List<String> rows) {
    return rows.stream()
        .limit(SHOWN)
        .map(row -> row.length() <= WIDTH ? row : row.substring(0, WIDTH) + "…")
        .toList();
  }
}
