package io.pgduplex.connect.sink.record;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one record of the direction's topic says. */
public sealed interface ChangeEvent {

  /** Where the record stands. */
  Position position();

  /**
   * A source transaction begins.
   *
   * @param previousEnd the END before it, as in {@link End}
   */
  record Begin(Position position, long previousEnd) implements ChangeEvent {}

  /**
   * A source transaction ends.
   *
   * @param lsn its place in the direction's order
   * @param previousEnd the END before it: {@link Wire#FRESH_SLOT} where the slot was fresh, {@link
   *     Wire#AFTER_SNAPSHOT} where a snapshot came before
   * @param commitMicros commit time, microseconds since the Unix epoch (to the millisecond)
   */
  record End(Position position, long lsn, long previousEnd, long commitMicros)
      implements ChangeEvent {}

  /** One change of data: a row's or a TRUNCATE. */
  sealed interface DataChange extends ChangeEvent {
    /** WAL position of the change itself. */
    long lsn();

    /** Commit time in microseconds since the Unix epoch; of a snapshot row the snapshot's time. */
    long commitMicros();

    /** How much memory it takes: 1, and for a row 1 more for each 1,024 characters of its texts. */
    default int weight() {
      return 1;
    }

    /** Whether it is of a first copy, which is no transaction. */
    default boolean ofSnapshot() {
      return false;
    }
  }

  /** How a row changed. */
  enum Kind {
    SNAPSHOT,
    INSERT,
    UPDATE,
    DELETE
  }

  /**
   * A row changed.
   *
   * @param before image before, as the converter made it (Struct or Map); what it holds, {@code identity} says
   * @param after image after; null for DELETE
   * @param identity by which columns the source knew the row that an UPDATE or DELETE changed
   */
  record RowChange(
      Position position,
      TableName table,
      Kind kind,
      @Nullable Object before,
      @Nullable Object after,
      ReplicaIdentity identity,
      long lsn,
      long commitMicros)
      implements DataChange {

    private static final int CHARACTERS = 1_024;

    /** No row is so large, and sums stay far from overflowing. */
    private static final int MOST = 1_000_000;

    @Override
    public int weight() {
      return weight(Fields.characters(before) + Fields.characters(after));
    }

    @Override
    public boolean ofSnapshot() {
      return kind == Kind.SNAPSHOT;
    }

    private static int weight(long characters) {
      return (int) Math.min(1 + characters / CHARACTERS, MOST);
    }

    /** PostgreSQL sends a change of key as a DELETE and an INSERT at one LSN; this is the UPDATE they stand for. */
    public boolean isKeyChangeWith(RowChange next) {
      return kind == Kind.DELETE
          && next.kind == Kind.INSERT
          && lsn == next.lsn
          && table.equals(next.table);
    }

    /** This DELETE and the INSERT after it as one UPDATE, at the place of the INSERT. */
    public RowChange joinedWith(RowChange next) {
      return new RowChange(
          next.position, table, Kind.UPDATE, before, next.after, identity, lsn, next.commitMicros);
    }
  }

  /** Tables truncated by one statement. */
  record Truncate(Position position, List<TableName> tables, long lsn, long commitMicros)
      implements DataChange {}

  /**
   * The first row of a snapshot follows. What an earlier, unfinished attempt wrote has to go first.
   *
   * @param position that of the first row; its epoch numbers the attempt
   */
  record SnapshotBegins(Position position, long lsn, long commitMicros) implements DataChange {}

  /**
   * The source publishes these tables from here on.
   *
   * @param tables as the text of a PostgreSQL array, each {@code schema.table}, quoted where it must be
   */
  record TablesPublished(Position position, String tables, long lsn, long commitMicros)
      implements DataChange {}

  /** What the two sides tell each other about a row that they may hold differently. */
  enum ControlKind {
    /** A: the row is to be so, or not there. */
    CORRECTION,
    /** B: how is the row? */
    REASSERTION,
    /** B: A's DELETE was later than what was here, and has been applied. How is the row? */
    DELETION,
    /** B: the correction has been applied. */
    ACKNOWLEDGEMENT,
    /** A: a table was emptied or rewritten as a whole. */
    REWRITTEN,
    /** B: a change of A's tables has been made here. */
    DEFINITION;

    /** Whether it speaks of a row of the other side. */
    boolean answers() {
      return this == ACKNOWLEDGEMENT || this == DEFINITION;
    }

    /** By what {@code toString} says. */
    public static Optional<ControlKind> named(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.toString().equals(name))
          .findFirst();
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A row of {@code pgduplex.control}. Each text is that of a PostgreSQL array of texts.
   *
   * @param number the row's own, of an acknowledgement that of the row which it answers, of a definition
   *     that of the row of {@code ddl_log}
   * @param round how often the key has been settled since its conflict
   * @param table the table that it is about; of an acknowledgement it says nothing
   * @param keyColumns the columns that tell which row, and {@code keyValues} their texts
   * @param columns of a correction all that the row has, and {@code values} their texts; null where there is to be no row
   */
  record Control(
      Position position,
      ControlKind kind,
      long number,
      int round,
      TableName table,
      String keyColumns,
      String keyValues,
      @Nullable String columns,
      @Nullable String values,
      long lsn,
      long commitMicros)
      implements DataChange {
    @Override
    public int weight() {
      return RowChange.weight(values == null ? 0 : values.length());
    }
  }

  /** When a statement is to be run. */
  enum DdlPhase {
    /** None yet: a first copy begins, whose tables are an array in the statement. */
    BEGIN,
    BEFORE_ROWS,
    AFTER_ROWS,
    /** Where it comes in the stream. */
    NOW,
    /** Where it comes: it makes an object that the source has made. */
    CREATE,
    /** Where it comes: it changes or takes away an object, as it was done in the source. */
    CHANGE,
    /** Before its transaction, which it is alone in: it builds an index while others write. */
    CONCURRENTLY,
    /** Never: its text says, for people, what was done in the source and cannot be carried. */
    UNSUPPORTED,
    /** Never: what was done in the source leaves nothing to do. */
    NOTHING;

    /** Whether it stands for what was done in the source after the first copy, within a transaction there. */
    public boolean afterCopy() {
      return compareTo(CREATE) >= 0;
    }

    /** By what {@code toString} says. */
    public static Optional<DdlPhase> named(String name) {
      return Arrays.stream(values())
          .filter(phase -> phase.toString().equals(name))
          .findFirst();
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A row of {@code pgduplex.ddl_log}: a statement that is to be run.
   *
   * @param number the row's own, that all statements of one change have in common
   * @param ordinal its place among those of a first copy
   * @param kind what it makes, in PostgreSQL's words; of what cannot be carried the command's tag
   * @param object the table, type or sequence that it is about; of a schema the name is empty
   */
  record Ddl(
      Position position,
      long number,
      boolean ofSnapshot,
      DdlPhase phase,
      int ordinal,
      String kind,
      TableName object,
      String statement,
      long lsn,
      long commitMicros)
      implements DataChange {

    /** Each holds locks to the end of the transaction, and a server has room for some thousands. */
    private static final int LOCKS = 50;

    @Override
    public int weight() {
      return LOCKS + RowChange.weight(statement.length());
    }
  }

  /** Nothing to apply: heartbeats, logical messages, rows of pgduplex's own tables. */
  record Nothing(Position position) implements ChangeEvent {}
}
