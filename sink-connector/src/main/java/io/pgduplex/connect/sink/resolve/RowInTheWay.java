package io.pgduplex.connect.sink.resolve;

import java.sql.SQLException;

/** A row cannot be written because another one holds one of its unique values. */
public final class RowInTheWay extends SQLException {

  private static final long serialVersionUID = 1L;

  /** @param violation what the server said */
  public RowInTheWay(SQLException violation) {
    super(violation.getMessage(), violation.getSQLState(), violation);
  }
}
