package io.pgduplex.connect.sink.resolve;

/** What came of a change. */
public enum Written {
  /** The row was as its author knew it, and is now as the change says. */
  CLEAN,
  /** A conflict was decided for it: the row is now as the change says, whatever it was. */
  RESOLVED,
  /** A conflict was decided against it. */
  NOT;

  static Written resolved(boolean wins) {
    return wins ? RESOLVED : NOT;
  }
}
