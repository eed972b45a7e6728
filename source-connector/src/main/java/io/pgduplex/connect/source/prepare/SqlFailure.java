package io.pgduplex.connect.source.prepare;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Tells a failure that passes by itself from one that a human must mend, by SQLSTATE. */
public final class SqlFailure {

  /** Connection exceptions, transaction rollback, insufficient resources. */
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53");

  private static final Set<String> TRANSIENT_STATES = Set.of(
      "42710", // duplicate object: Debezium lost its connection while it looked for the slot, so
      // tried to make it
      "55006", // object in use: the slot's old walsender is not gone yet
      "55P03", // lock not available
      "57014", // query canceled: a time limit
      "57P01", // admin shutdown
      "57P02", // crash shutdown
      "57P03", // cannot connect now
      "57P05"); // idle session timeout

  private static final Set<String> PERMANENT_STATES =
      Set.of("53400" /* configuration limit exceeded: no replication slot is free */);

  /** A table or its schema is gone; to functions that look for it by number that is an internal error. */
  private static final Set<String> GONE_STATES = Set.of("42P01", "3F000", "XX000");

  private SqlFailure() {}

  /** Whether to try again; walks the causes, since Debezium wraps what the driver throws. */
  public static boolean isTransient(Throwable failure) {
    SQLException sql = find(failure, SQLException.class);
    if (sql != null && sql.getSQLState() != null) {
      return isTransientState(sql.getSQLState());
    }
    return sql != null
        || find(failure, IOException.class) != null
        || find(failure, RetriableException.class) != null;
  }

  /** Whether something is not there that was looked up before. */
  public static boolean isOfWhatIsGone(Throwable failure) {
    SQLException sql = find(failure, SQLException.class);
    return sql != null && GONE_STATES.contains(String.valueOf(sql.getSQLState()));
  }

  private static boolean isTransientState(String state) {
    return !PERMANENT_STATES.contains(state)
        && (TRANSIENT_STATES.contains(state)
            || TRANSIENT_CLASSES.contains(state.substring(0, Math.min(2, state.length()))));
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
