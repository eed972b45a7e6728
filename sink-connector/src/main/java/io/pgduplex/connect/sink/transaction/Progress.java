package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.common.Lsn;

/**
 * How far a direction has been applied; what {@code pgduplex.progress} keeps.
 *
 * @param nextOffset offset in the topic of the first record that is not applied
 * @param lastEnd LSN of the last transaction end that was applied, {@link #NO_END} before the first
 * @param epoch run of the source task that sent the last record applied
 * @param seq that record's number in its run
 * @param snapshotEpoch run of the source task whose snapshot rows were applied last, 0 where there were none
 */
public record Progress(long nextOffset, long lastEnd, long epoch, long seq, long snapshotEpoch) {

  public static final long NO_END = -1;

  /** Where a direction begins that has never been applied. */
  public static final Progress NONE = new Progress(0, NO_END, 0, 0, 0);

  @Override
  public String toString() {
    return "offset " + nextOffset + ", last END " + (lastEnd == NO_END ? "none" : new Lsn(lastEnd))
        + ", epoch " + epoch + ", seq " + seq;
  }
}
