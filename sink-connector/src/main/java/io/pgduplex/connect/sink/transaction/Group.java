package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import java.util.List;

/**
 * Whole source transactions that share one target transaction.
 *
 * @param changes their changes in order; of a streamed transaction what has not been handed out before
 * @param transactions how many, the empty ones not counted
 * @param progress what is true once they are committed
 * @param commitMicros commit time of the last one that is not empty, microseconds since the Unix epoch
 */
public record Group(
    List<DataChange> changes, int transactions, Progress progress, long commitMicros) {

  /** How many of these are changes of the user's data. */
  public static long count(List<DataChange> changes) {
    return changes.stream()
        .filter(change -> change instanceof RowChange || change instanceof Truncate)
        .count();
  }
}
