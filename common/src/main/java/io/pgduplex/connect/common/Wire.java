package io.pgduplex.connect.common;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a record on a direction's topic keeps what. The value is Debezium's own envelope; the position is in headers.
 *
 * <p>Records come in these shapes, told apart by the fields of the value:
 *
 * <ul>
 *   <li>row change or TRUNCATE: {@code op} (c, u, d, r, t), {@code before}, {@code after}, {@code source}
 *   <li>transaction marker: {@code status} (BEGIN or END), {@code id} ({@code <xid>:<LSN as a decimal number>})
 *   <li>heartbeat: {@code ts_ms} alone
 * </ul>
 */
public final class Wire {

  /** How the names of all of the connectors' own headers begin. */
  public static final String HEADERS = "pgduplex.";

  /** Header, INT64: which run of the source task sent the record; rises with each start. */
  public static final String EPOCH = "pgduplex.epoch";

  /** Header, INT64: the record's number in that run, from 1, counted before transforms drop anything. */
  public static final String SEQ = "pgduplex.seq";

  /**
   * Header, INT64, on BEGIN and END markers only: the LSN of the END before the transaction; {@link #AFTER_SNAPSHOT} where
   * the snapshot of the same run came before it, {@link #FRESH_SLOT} where nothing did. The chain of these is how the sink
   * finds a gap, and how it knows a repeated transaction before its END.
   */
  public static final String PREVIOUS_END = "pgduplex.previous.end";

  /** In place of the END before: there is none, but a snapshot. */
  public static final long AFTER_SNAPSHOT = 0;

  /** In place of the END before: the slot was fresh. */
  public static final long FRESH_SLOT = -1;

  public static final String OP = "op";
  public static final String BEFORE = "before";
  public static final String AFTER = "after";
  public static final String SOURCE = "source";
  /** {@link LinkDirection#objectName} of the direction that the change belongs to. */
  public static final String SOURCE_NAME = "name";

  public static final String SOURCE_SCHEMA = "schema";
  public static final String SOURCE_TABLE = "table";
  public static final String SOURCE_LSN = "lsn";
  /** Commit time in microseconds since the Unix epoch; for snapshot rows the time of the snapshot. */
  public static final String SOURCE_TS_US = "ts_us";
  /** The replication origin that the row was written under; absent or null for rows written locally. */
  public static final String SOURCE_ORIGIN = "origin";
  /**
   * A {@link ReplicaIdentity} as text: by which columns the source knew the row when it changed, and so whether {@link
   * #BEFORE} is complete. Never on snapshot rows.
   */
  public static final String SOURCE_IDENTITY = "replica_identity";

  public static final String STATUS = "status";
  public static final String STATUS_BEGIN = "BEGIN";
  public static final String STATUS_END = "END";
  public static final String TRANSACTION_ID = "id";
  public static final String TS_MS = "ts_ms";

  /** What Debezium sends in place of a TOAST value that the UPDATE did not touch (text form). */
  public static final String UNAVAILABLE_VALUE = "__debezium_unavailable_value";

  /** A value that is this very text; PostgreSQL's own texts hold no NUL. */
  public static final String LITERAL_UNAVAILABLE_VALUE = UNAVAILABLE_VALUE + "\0";

  /**
   * Beside {@link #BEFORE} and {@link #AFTER} an array of texts, where one of the two holds a long value: these are its parts,
   * and the value is {@link #inParts} instead.
   */
  public static final String PARTS = "parts";

  private static final char IN_PARTS = '\0';
  private static final char COUNT = ':';
  private static final int DECIMAL = 10;

  /** What stands for a value that travels in {@link #PARTS}, from the {@code first} one on; no text of PostgreSQL's holds a NUL. */
  public static String inParts(int first, int count) {
    return IN_PARTS + Integer.toString(first) + COUNT + count;
  }

  /** The value that {@code text} stands for, or {@code text}. */
  public static String joined(String text, List<?> parts) {
    if (text.isEmpty() || text.charAt(0) != IN_PARTS) {
      return text;
    }
    int count = text.indexOf(COUNT);
    int first = Integer.parseInt(text, 1, count, DECIMAL);
    int size = Integer.parseInt(text, count + 1, text.length(), DECIMAL);
    return parts.subList(first, first + size).stream()
        .map(String::valueOf)
        .collect(Collectors.joining());
  }

  /** The only partition of a direction's topic. */
  public static final int PARTITION = 0;

  private Wire() {}
}
