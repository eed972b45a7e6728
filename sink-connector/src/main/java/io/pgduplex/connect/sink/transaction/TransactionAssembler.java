package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.End;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.Nothing;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.ChangeEvent.SnapshotBegins;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.record.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Puts change events, in topic order, together to whole source transactions.
 *
 * <p>The source is at-least-once: after a restart it sends the transactions since its last committed offset again, under
 * a higher epoch, each whole and from BEGIN. So: records of a lower epoch, and of the same epoch with a number already
 * seen, are repeats; a higher epoch abandons a transaction that is still open; a transaction whose END is not after the
 * last one applied is a repeat. BEGIN and END name the END before the transaction: at BEGIN that tells a repeat before any
 * of its rows is handed out, at END, if it is not the one applied last, that a part of the stream is missing, and the
 * direction stops.
 *
 * <p>Memory: a transaction is kept until its END unless {@link #takeOpen} hands out what has come so far.
 */
public final class TransactionAssembler {

  private final String direction;

  private long epoch;
  private long seq;
  private long lastEnd;
  private long snapshotEpoch;
  private Progress progress;
  private long commitMicros;
  private int transactions;

  private final Changes complete = new Changes();
  private final Changes open = new Changes();
  private boolean started;
  private boolean inTransaction;
  /** Whether the open transaction is one that was applied before; its changes are passed over. */
  private boolean repeated;

  private boolean streamed;
  /** Whether what has been handed out of the open transaction changes definitions. */
  private boolean streamedDefinitions;

  private long streamedMicros;
  /** Whether a streamed transaction has ended and its rows wait in the target for the commit. */
  private boolean streamedWhole;
  /** Whether the last whole transaction changes definitions; it waits alone. */
  private boolean definitions;

  /**
   * @param direction the direction's name, for messages
   * @param applied where to go on
   */
  public TransactionAssembler(String direction, Progress applied) {
    this.direction = direction;
    this.progress = applied;
    this.epoch = applied.epoch();
    this.seq = applied.seq();
    this.lastEnd = applied.lastEnd();
    this.snapshotEpoch = applied.snapshotEpoch();
  }

  /**
   * Takes the next event.
   *
   * @return true if what {@link #takeOpen} handed out of the open transaction is void and has to be rolled back
   * @throws ConnectException if part of the stream is missing
   */
  public boolean accept(ChangeEvent event) {
    Position position = event.position();
    checkFirst(position);
    if (position.epoch() < epoch || (position.epoch() == epoch && position.seq() <= seq)) {
      return false;
    }
    boolean isVoid = position.epoch() > epoch && abandonOpen();
    epoch = position.epoch();
    seq = position.seq();
    if (event instanceof Begin begin) {
      begin(begin);
    } else if (event instanceof End end) {
      isVoid |= end(end);
    } else if (event instanceof DataChange change) {
      add(change);
    } else if (event instanceof Nothing && !inTransaction) {
      advance(position);
    }
    return isVoid;
  }

  /**
   * The consumer silently goes elsewhere when the offset it was rewound to is not there. Elsewhere is before it when the
   * topic was made anew; for a direction that has applied nothing it is after it when the topic has lost its beginning. A
   * run's first record may stand there all the same: under exactly-once support a run that was killed early leaves
   * nothing but an aborted transaction. What lies between is the chain's to prove.
   */
  private void checkFirst(Position position) {
    if (!started) {
      started = true;
      if (position.offset() < progress.nextOffset()
          || (progress.nextOffset() == 0 && position.offset() > 0 && position.seq() > 1)) {
        throw gap(position, "the topic does not go on at offset " + progress.nextOffset());
      }
      if (progress.nextOffset() == 0 && position.epoch() <= epoch) {
        throw new ConnectException("Direction " + direction
            + ": its position was reset, but the topic is the old one: its first record, of epoch "
            + position.epoch() + ", was sent before (epoch " + epoch
            + " was the last one applied). Stop both connectors of the direction, reset the source's offsets too,"
            + " delete the topic, and start them again, as the README says of taking a link away.");
      }
    }
  }

  private void begin(Begin begin) {
    if (inTransaction) {
      throw gap(begin.position(), "a transaction begins before the one before it has ended");
    }
    inTransaction = true;
    repeated = isRepeated(begin);
  }

  /**
   * Whether the transaction is not after the last one applied; its END will prove it. Only by knowing it here a large one
   * is not streamed a second time, which would meet its own rows and be taken for conflicts.
   */
  private boolean isRepeated(Begin begin) {
    if (lastEnd == Progress.NO_END || begin.previousEnd() == Wire.AFTER_SNAPSHOT) {
      return false;
    }
    return begin.previousEnd() == Wire.FRESH_SLOT
        || Long.compareUnsigned(begin.previousEnd(), lastEnd) < 0;
  }

  private boolean end(End end) {
    if (!inTransaction) {
      throw gap(end.position(), "a transaction ends that has not begun");
    }
    if (end.previousEnd() == Wire.AFTER_SNAPSHOT) {
      beginSnapshot(end.position(), end.lsn(), end.commitMicros());
    }
    if (lastEnd != Progress.NO_END && Long.compareUnsigned(end.lsn(), lastEnd) <= 0) {
      boolean isVoid = abandonOpen();
      advance(end.position());
      return isVoid;
    }
    checkChain(end);
    if (repeated) {
      throw gap(
          end.position(),
          "the transaction at " + new Lsn(end.lsn()) + " began as a repeat of an earlier one");
    }
    boolean empty = !streamed && open.isEmpty();
    if (!empty) {
      transactions++;
    }
    if (!empty || !hasComplete()) {
      commitMicros = commitMicrosOf(end);
    }
    definitions |= changesDefinitions();
    complete.addAll(open);
    streamedWhole |= streamed;
    open.clear();
    inTransaction = false;
    streamed = false;
    streamedDefinitions = false;
    lastEnd = end.lsn();
    advance(end.position());
    return false;
  }

  /**
   * A row's time is to the microsecond, END's to the millisecond: that of an empty transaction is good enough only where
   * there are no rows.
   */
  private long commitMicrosOf(End end) {
    return open.last()
        .map(DataChange::commitMicros)
        .orElse(streamed ? streamedMicros : end.commitMicros());
  }

  private void checkChain(End end) {
    boolean first =
        end.previousEnd() == Wire.FRESH_SLOT || end.previousEnd() == Wire.AFTER_SNAPSHOT;
    if (first ? lastEnd != Progress.NO_END : end.previousEnd() != lastEnd) {
      throw gap(
          end.position(),
          "the transaction at " + new Lsn(end.lsn()) + " follows "
              + (first
                  ? "no other (the slot is fresh)"
                  : "the one at " + new Lsn(end.previousEnd()))
              + ", but the last one applied is "
              + (lastEnd == Progress.NO_END ? "none" : "at " + new Lsn(lastEnd)));
    }
  }

  private void add(DataChange change) {
    if (change.ofSnapshot()) {
      if (inTransaction) {
        throw gap(change.position(), "a snapshot row stands inside a transaction");
      }
      beginSnapshot(change.position(), change.lsn(), change.commitMicros());
      complete.add(change);
      commitMicros = change.commitMicros();
      advance(change.position());
      return;
    }
    if (!inTransaction) {
      throw gap(
          change.position(), "a change stands outside of any transaction, its BEGIN is missing");
    }
    if (repeated) {
      return;
    }
    Optional<DataChange> joined = open.last().flatMap(last -> join(last, change));
    if (joined.isPresent()) {
      open.replaceLast(joined.get());
    } else {
      open.add(change);
    }
  }

  private void beginSnapshot(Position position, long lsn, long micros) {
    if (position.epoch() > snapshotEpoch) {
      snapshotEpoch = position.epoch();
      lastEnd = Progress.NO_END;
      complete.add(new SnapshotBegins(position, lsn, micros));
    }
  }

  /** Two changes that stand for one WAL record as one change; empty where they are not such. */
  private static Optional<DataChange> join(DataChange first, DataChange second) {
    if (first instanceof RowChange delete
        && second instanceof RowChange insert
        && delete.isKeyChangeWith(insert)) {
      return Optional.of(delete.joinedWith(insert));
    }
    if (first instanceof Truncate one
        && second instanceof Truncate other
        && one.lsn() == other.lsn()) {
      List<TableName> tables = new ArrayList<>(one.tables());
      tables.addAll(other.tables());
      return Optional.of(
          new Truncate(other.position(), List.copyOf(tables), other.lsn(), other.commitMicros()));
    }
    return Optional.empty();
  }

  private boolean abandonOpen() {
    boolean isVoid = streamed;
    open.clear();
    inTransaction = false;
    repeated = false;
    streamed = false;
    streamedDefinitions = false;
    return isVoid;
  }

  private boolean changesDefinitions() {
    return streamedDefinitions || open.hasDefinitions();
  }

  private void advance(Position position) {
    progress = new Progress(position.offset() + 1, lastEnd, epoch, seq, snapshotEpoch);
  }

  private ConnectException gap(Position position, String what) {
    return new ConnectException(
        "Direction " + direction + " at offset " + position.offset() + " (epoch "
            + position.epoch() + ", seq " + position.seq() + "): " + what
            + ". Part of the stream is missing (a recreated or"
            + " truncated topic, a dropped slot, reset offsets?), so nothing more is applied. Last applied: "
            + progress
            + ". Take the link away and set it up anew, as the README says (a new snapshot alone would not be reached, and"
            + " would hold the rows of tables without a key twice).");
  }

  /**
   * Whether what is complete has to be committed before {@code event} is taken. A snapshot that begins again removes what
   * the attempt before wrote, and only committed rows can be told by their origin. A transaction that changes definitions
   * waits for none and keeps none waiting: if it fails, those before it are to stay; its locks shut others out, so they are
   * to be short, and are not to be taken on top of those of many rows.
   */
  public boolean mustCommitBefore(ChangeEvent event) {
    if (event instanceof End && open.hasDefinitions() && hasComplete()) {
      return true;
    }
    boolean snapshot = event instanceof DataChange change
        ? change.ofSnapshot()
        : event instanceof End end && end.previousEnd() == Wire.AFTER_SNAPSHOT;
    return snapshot && event.position().epoch() > snapshotEpoch && hasComplete();
  }

  /**
   * Whether what is complete has to be committed before any other event is taken, since it changes definitions: a value
   * that was added to an enum cannot be used before the commit.
   */
  public boolean mustCommit() {
    return definitions;
  }

  /** Whether whole transactions wait for a commit; of a streamed one all changes may have been handed out before. */
  public boolean hasComplete() {
    return streamedWhole || !complete.isEmpty();
  }

  /** What the changes of whole transactions that wait weigh together. */
  public int completeSize() {
    return complete.weight();
  }

  /** What the changes of the transaction that is still open weigh together, as far as they wait. */
  public int openSize() {
    return open.weight();
  }

  /** Whether the transaction that is still open is not to be handed out before its end. */
  public boolean openStaysWhole() {
    return open.hasOutside();
  }

  /** Whether what waits of the transaction that is still open changes definitions. */
  public boolean openHasDefinitions() {
    return open.hasDefinitions();
  }

  /** Whether a commit time is known: that of the last transaction or snapshot row. */
  public boolean knowsTime() {
    return commitMicros != 0;
  }

  /** Whether part of the open transaction has been handed out. */
  public boolean isStreaming() {
    return streamed;
  }

  /** The position after the last whole transaction, be its changes taken or not. */
  public Progress progress() {
    return progress;
  }

  /** Hands out the whole transactions that wait; their list may be empty, their progress still counts. */
  public Group takeComplete() {
    Group group = new Group(complete.take(), transactions, progress, commitMicros);
    transactions = 0;
    streamedWhole = false;
    definitions = false;
    return group;
  }

  /**
   * Hands out what has come of the open transaction, save a last DELETE that may yet turn out to be half of a change of
   * key. The whole transactions must have been taken before.
   */
  public List<DataChange> takeOpen() {
    streamedDefinitions |= open.hasDefinitions();
    List<DataChange> taken = open.take();
    DataChange last = taken.get(taken.size() - 1);
    streamedMicros = last.commitMicros();
    if (last instanceof Truncate || (last instanceof RowChange row && row.kind() == Kind.DELETE)) {
      open.add(taken.remove(taken.size() - 1));
    }
    streamed = true;
    return taken;
  }
}
