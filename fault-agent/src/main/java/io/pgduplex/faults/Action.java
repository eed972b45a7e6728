package io.pgduplex.faults;

/** What happens to a task at a step. */
enum Action {
  /** A RuntimeException that nobody expects. */
  FAIL,
  /** The JDBC connection is cut and its SQLException thrown; for steps of the driver only. */
  OUTAGE,
  /** The thread stands still for ever; whoever armed it kills the worker. */
  KILL
}
