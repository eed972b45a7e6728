package io.pgduplex.connect.sink.conflict;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** PostgreSQL's names; {@link #UPDATE_DELETED} is one of its version 19. */
public enum ConflictType {
  /** A row to insert meets one that holds its key or another unique value. */
  INSERT_EXISTS,
  /** A row to update is to get a unique value that another one holds. */
  UPDATE_EXISTS,
  /** The row to update is not the one that the sender changed. */
  UPDATE_ORIGIN_DIFFERS,
  /** The row to update is not there. */
  UPDATE_MISSING,
  /** The row to update had been deleted later than it was updated. It is known for one of A's DELETEs once B has met it. */
  UPDATE_DELETED,
  /** The row to delete is not the one that the sender deleted. */
  DELETE_ORIGIN_DIFFERS,
  /** The row to delete is not there. */
  DELETE_MISSING,
  /** An incoming row meets several that hold its unique values. */
  MULTIPLE_UNIQUE_CONFLICTS;

  /** By its name in a configuration. */
  public static Optional<ConflictType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.toString().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
