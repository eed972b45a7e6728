package io.pgduplex.connect.sink.conflict;

import java.util.Locale;

/** What became of the incoming change. */
public enum Outcome {
  LOCAL_KEPT,
  INCOMING_APPLIED,
  INSERTED,
  LEFT_OUT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
