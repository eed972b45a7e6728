package io.pgduplex.connect.source.position;

import io.pgduplex.connect.common.Lsn;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only offset that this connector stores: the end of a transaction. Debezium can resume there without searching and
 * sends the next transaction whole, from BEGIN; at any other offset it may lose, double or tear one.
 *
 * @param lsn the LSN in the END marker
 */
public record EndOffset(Lsn lsn) {

  private static final String LSN = "lsn";
  private static final String LSN_COMMIT = "lsn_commit";

  /**
   * Reads what is stored for the partition, whatever else Debezium may have added to it.
   *
   * @return null where there is none, as before the first transaction after a snapshot
   */
  public static @Nullable EndOffset from(@Nullable Map<String, ?> stored) {
    return stored != null && stored.get(LSN_COMMIT) instanceof Number lsn
        ? new EndOffset(new Lsn(lsn.longValue()))
        : null;
  }

  /** Whether {@code stored} has exactly the form that {@link #toMap} gives. */
  public static boolean isExact(Map<String, ?> stored) {
    return stored.keySet().equals(Set.of(LSN, LSN_COMMIT))
        && stored.get(LSN) instanceof Number lsn
        && stored.get(LSN_COMMIT) instanceof Number commit
        && lsn.longValue() == commit.longValue()
        && lsn.longValue() != 0;
  }

  /** The form in Connect's offset storage, and the one that Debezium resumes from. */
  public Map<String, Object> toMap() {
    return Map.of(LSN, lsn.value(), LSN_COMMIT, lsn.value());
  }
}
