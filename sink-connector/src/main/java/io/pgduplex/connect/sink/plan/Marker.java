package io.pgduplex.connect.sink.plan;

/** Stands in a row's values where there is no value to write. */
public enum Marker {
  /** The source has no such column; the target keeps its value or takes its default. */
  ABSENT,
  /** A TOAST value that the UPDATE did not touch; it is not in the WAL. */
  UNCHANGED
}
