package io.pgduplex.benchmarks;

import java.util.Locale;

/** What was done to one in twenty of the target's rows beforehand, by the name of the conflict that comes of it. */
enum Conflict {
  NONE,
  INSERT_EXISTS,
  UPDATE_ORIGIN_DIFFERS,
  UPDATE_MISSING,
  DELETE_ORIGIN_DIFFERS,
  DELETE_MISSING;

  /** One row in so many is in conflict. */
  static final int ONE_IN = 20;

  /** The statement that brings the target into this state. */
  String prepare(Work work, int rows) {
    return switch (this) {
      case NONE -> "SELECT";
      case INSERT_EXISTS ->
        work.insert("1", Integer.toString(rows), " WHERE g % " + ONE_IN + " = 0") + "; UPDATE "
            + work.table() + " SET note = 'local'";
      case UPDATE_ORIGIN_DIFFERS, DELETE_ORIGIN_DIFFERS ->
        "UPDATE " + work.table() + " SET note = 'local' WHERE id % " + ONE_IN + " = 0";
      case UPDATE_MISSING, DELETE_MISSING ->
        "DELETE FROM " + work.table() + " WHERE id % " + ONE_IN + " = 0";
    };
  }

  /** Whether it is seen only by comparing the row with what its author saw. */
  boolean isDifference() {
    return this == UPDATE_ORIGIN_DIFFERS || this == DELETE_ORIGIN_DIFFERS;
  }

  /** What becomes of it under the policy {@code overwrite}. */
  String outcome() {
    return switch (this) {
      case NONE -> "";
      case INSERT_EXISTS, UPDATE_ORIGIN_DIFFERS, DELETE_ORIGIN_DIFFERS -> "incoming_applied";
      case UPDATE_MISSING -> "inserted";
      case DELETE_MISSING -> "left_out";
    };
  }

  /** As {@code pgduplex.conflicts} has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
