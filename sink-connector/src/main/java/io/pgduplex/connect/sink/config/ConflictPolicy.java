package io.pgduplex.connect.sink.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens when an incoming change meets a row that it does not expect. */
public enum ConflictPolicy {
  /** The task fails and nothing of the transaction is applied. */
  TASK_FAILED,
  /** The local row stays. */
  IGNORE,
  /** The incoming row replaces the local one. */
  OVERWRITE;

  static List<String> names() {
    return Arrays.stream(values()).map(ConflictPolicy::toString).toList();
  }

  static ConflictPolicy parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
