package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import io.pgduplex.connect.sink.record.ChangeEvent.End;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.Nothing;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.ChangeEvent.SnapshotBegins;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.record.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the events that a source task sends, numbered as it and the topic would number them. */
final class Feed {

  static final TableName TABLE = new TableName("public", "t");
  private static final ReplicaIdentity BY_ID = ReplicaIdentity.of(List.of("id"));

  private final long epoch;
  private final Offsets offsets;
  private long seq;

  /** The topic's offsets, shared by the runs of the source task. */
  static final class Offsets {
    private long next;
  }

  private Feed(long epoch, Offsets offsets) {
    this.epoch = epoch;
    this.offsets = offsets;
  }

  static Feed epoch(long epoch) {
    return new Feed(epoch, new Offsets());
  }

  /** A run whose first record gets that offset. */
  static Feed at(long offset, long epoch) {
    Feed feed = epoch(epoch);
    feed.offsets.next = offset;
    return feed;
  }

  /** The next run of the source task; it goes on in the same topic. */
  Feed restarted() {
    return new Feed(epoch + 1, offsets);
  }

  private Position next() {
    return new Position(offsets.next++, epoch, ++seq);
  }

  /** Numbers a record that a transform then drops. */
  void dropped() {
    seq++;
  }

  /** After whatever was applied last. */
  Begin begin() {
    return begin(Long.MAX_VALUE);
  }

  Begin begin(long previousEnd) {
    return new Begin(next(), previousEnd);
  }

  End end(long lsn, long previousEnd) {
    return new End(next(), lsn, previousEnd, lsn * 1000);
  }

  Nothing heartbeat() {
    return new Nothing(next());
  }

  RowChange insert(long id) {
    return row(Kind.INSERT, null, id, id);
  }

  RowChange delete(long id) {
    return row(Kind.DELETE, id, null, id);
  }

  RowChange snapshot(long id) {
    return row(Kind.SNAPSHOT, null, id, 1);
  }

  RowChange row(Kind kind, @Nullable Long before, @Nullable Long after, long lsn) {
    return new RowChange(next(), TABLE, kind, image(before), image(after), BY_ID, lsn, 500);
  }

  Truncate truncate(String table, long lsn) {
    return new Truncate(next(), List.of(new TableName("public", table)), lsn, 500);
  }

  Ddl ddl(DdlPhase phase) {
    return new Ddl(next(), 1, false, phase, 0, "table", TABLE, "ALTER TABLE …", 1, 500);
  }

  private static @Nullable Object image(@Nullable Long id) {
    return id == null ? null : Map.of("id", id);
  }

  /** The same record at the topic's end once more, as a producer that saw no acknowledgement writes it. */
  ChangeEvent repeated(ChangeEvent event) {
    Position was = event.position();
    Position position = new Position(offsets.next++, was.epoch(), was.seq());
    if (event instanceof Begin begin) {
      return new Begin(position, begin.previousEnd());
    } else if (event instanceof End end) {
      return new End(position, end.lsn(), end.previousEnd(), end.commitMicros());
    } else if (event instanceof RowChange row) {
      return new RowChange(
          position,
          row.table(),
          row.kind(),
          row.before(),
          row.after(),
          row.identity(),
          row.lsn(),
          row.commitMicros());
    } else if (event instanceof Truncate truncate) {
      return new Truncate(position, truncate.tables(), truncate.lsn(), truncate.commitMicros());
    }
    return new Nothing(position);
  }

  /** A change in few words, for comparing. */
  static String text(DataChange change) {
    if (change instanceof Truncate truncate) {
      return "TRUNCATE " + truncate.tables();
    } else if (change instanceof SnapshotBegins) {
      return "SNAPSHOT BEGINS " + change.position().epoch();
    }
    if (change instanceof Ddl ddl) {
      return "DDL " + ddl.phase();
    }
    RowChange row = (RowChange) change;
    return row.kind() + " " + id(row.before()) + ">" + id(row.after());
  }

  private static String id(@Nullable Object image) {
    return image instanceof Map<?, ?> map ? String.valueOf(map.get("id")) : "";
  }
}
