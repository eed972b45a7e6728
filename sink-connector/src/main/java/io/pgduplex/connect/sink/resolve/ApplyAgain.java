package io.pgduplex.connect.sink.resolve;

import java.sql.SQLException;

/** What is not committed yet has to be rolled back and applied again, without some changes. */
public final class ApplyAgain extends SQLException {

  private static final long serialVersionUID = 1L;

  private final transient LeftOut leftOut;

  ApplyAgain(LeftOut leftOut) {
    super("Changes lost a conflict by a deferrable constraint", "40001");
    this.leftOut = leftOut;
  }

  /** The changes that are to be left out. */
  public LeftOut leftOut() {
    return leftOut;
  }
}
