package io.pgduplex.connect.source.capture;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how far the first copy is. Debezium's own metrics (context snapshot) say it table by table. */
final class CopyProgress {

  private static final Logger LOG = LoggerFactory.getLogger(CopyProgress.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final LinkDirection link;
  private final int tables;
  private final long estimate;
  private final long start = System.nanoTime();
  private long said = start;
  private long rows;
  private int begun;
  private String table = "";

  /** @param estimate about how many rows the tables have; 0 if that is not known */
  CopyProgress(LinkDirection link, int tables, long estimate) {
    this.link = link;
    this.tables = tables;
    this.estimate = estimate;
  }

  /** The next records, of one table or of several; a table is noticed where it has the last of them. */
  void count(List<SourceRecord> records) {
    rows += records.size();
    String last = tableOf(records.get(records.size() - 1));
    if (!last.isEmpty() && !last.equals(table)) {
      table = last;
      begun++;
    }
    long now = System.nanoTime();
    if (now - said > INTERVAL.toNanos()) {
      said = now;
      LOG.info("{}: {}", link, text((now - start) / 1e9));
    }
  }

  private static String tableOf(SourceRecord entry) {
    return entry.value() instanceof Struct row
            && row.schema().field(Wire.SOURCE) != null
            && row.get(Wire.SOURCE) instanceof Struct source
        ? source.getString(Wire.SOURCE_SCHEMA) + '.' + source.getString(Wire.SOURCE_TABLE)
        : "";
  }

  /** Of a table that was never analysed nobody knows how many rows it has. */
  String text(double seconds) {
    double rate = rows / seconds;
    String text = String.format(
        Locale.ROOT,
        "first copy: table %d of %d (%s), %,d rows, %,.0f rows/s",
        begun,
        tables,
        table,
        rows,
        rate);
    return estimate > rows && rate > 0
        ? text
            + String.format(
                Locale.ROOT,
                ", about %,d s left of about %,d rows",
                Math.round((estimate - rows) / rate),
                estimate)
        : text;
  }

  /** The copy is over. */
  void end() {
    LOG.info(
        "{}: first copy: all {} tables, {} rows in {} s",
        link,
        tables,
        rows,
        Math.round((System.nanoTime() - start) / 1e9));
  }
}
