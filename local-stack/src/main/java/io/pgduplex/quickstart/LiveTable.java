package io.pgduplex.quickstart;

import io.pgduplex.quickstart.Sample.Content;
import io.pgduplex.quickstart.Sample.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text of the live table. */
final class LiveTable {

  private LiveTable() {}

  /** The lines for {@code now}; rates since {@code before}. */
  static List<String> lines(Sample before, Sample now) {
    List<String> lines = new ArrayList<>();
    lines.add(row("%-18s %10s %9s   %10s %9s", "table", "rows A", "sum A", "rows B", "sum B"));
    for (String table : BankWorkload.TABLES) {
      Content a = now.a().getOrDefault(table, new Content(0, ""));
      Content b = now.b().getOrDefault(table, new Content(0, ""));
      lines.add(row(
          "%-18s %10d %9s %s %10d %9s",
          table, a.rows(), a.checksum(), a.equals(b) ? "=" : "~", b.rows(), b.checksum()));
    }
    lines.add(row(
        "%-9s %8s %10s %10s %8s %12s   %-17s %s",
        "direction", "tx/s", "changes/s", "changes", "lag ms", "loop-backs", "source", "sink"));
    double seconds = (now.nanos() - before.nanos()) / 1e9;
    lines.add(flow("forward", before.forward(), now.forward(), seconds));
    lines.add(flow("reverse", before.reverse(), now.reverse(), seconds));
    return lines;
  }

  private static String flow(String name, Flow before, Flow now, double seconds) {
    return row(
        "%-9s %8.0f %10.0f %10d %8d %12d   %-17s %s",
        name,
        (now.transactions() - before.transactions()) / seconds,
        (now.changes() - before.changes()) / seconds,
        now.changes(),
        now.lagMillis(),
        now.dropped(),
        now.source(),
        now.sink());
  }

  private static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
