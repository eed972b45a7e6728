package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.SQLException;

/** A statement of the source's definitions that the server does not take: which one, and why. */
final class RefusedStatement extends SQLException {

  private static final long serialVersionUID = 1L;

  RefusedStatement(String kind, TableName object, String statement, SQLException cause) {
    super(
        "A statement of " + object + " (" + kind + ") cannot be run here: " + statement + ": "
            + cause.getMessage(),
        cause.getSQLState(),
        cause);
  }

  /** What to do about it. */
  String advice() {
    return switch (getSQLState()) {
      case SqlErrors.INSUFFICIENT_PRIVILEGE -> SqlErrors.advice(this);
      case "42P06", "42P07", "42701", "42710", "42723" ->
        " What it makes is here already: rename it or take it away, then restart the task.";
      default ->
        SqlErrors.classify(this) == ErrorClass.DATA
            ? " Rows of this database do not fit: mend them, then restart the task."
            : " Make what it needs as on the other side, then restart the task.";
    };
  }
}
