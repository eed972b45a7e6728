package io.pgduplex.connect.sink.conflict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens when an incoming change meets a row that it does not expect. */
public enum ConflictPolicy {
  /** The task fails and nothing of the transaction is applied. */
  TASK_FAILED,
  /** The local row stays. */
  IGNORE,
  /** The incoming change is applied. */
  OVERWRITE,
  /** The later commit stays; of two at the same microsecond the one that was made on A. */
  LAST_UPDATE_WINS,
  /** Of {@link ConflictType#UPDATE_MISSING} alone: the UPDATE is left out, where it would become an INSERT. */
  SKIP;

  /** Those that can decide every type. */
  public static List<String> general() {
    return Arrays.stream(values())
        .filter(policy -> policy != SKIP)
        .map(ConflictPolicy::toString)
        .toList();
  }

  /** By its name in a configuration. */
  public static Optional<ConflictPolicy> named(String name) {
    return Arrays.stream(values())
        .filter(policy -> policy.toString().equals(name))
        .findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
