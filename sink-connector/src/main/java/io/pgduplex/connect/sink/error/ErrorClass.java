package io.pgduplex.connect.sink.error;

/** What can be done about an error of the server. */
public enum ErrorClass {
  /** It passes: connection lost, deadlock, lock timeout, server starting. Try again from the last commit. */
  TRANSIENT,
  /** This row cannot be written as it is. */
  DATA,
  /** Somebody has to change something first: a grant, a table, the configuration. */
  FATAL
}
