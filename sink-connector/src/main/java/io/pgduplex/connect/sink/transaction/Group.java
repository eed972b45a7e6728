package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.SnapshotBegins;
import java.util.List;

/**
 * Whole source transactions that share one target transaction.
 *
 * @param changes their changes in order; of a streamed transaction what has not been handed out before
 * @param transactions how many, the empty ones not counted
 * @param progress what is true once they are committed
 * @param commitMicros commit time of the last one, microseconds since the Unix epoch
 */
public record Group(
    List<DataChange> changes, int transactions, Progress progress, long commitMicros) {

  /** How many of these are changes of data; the mark that a snapshot begins is none. */
  public static long count(List<DataChange> changes) {
    return changes.stream()
        .filter(change -> !(change instanceof SnapshotBegins))
        .count();
  }
}
