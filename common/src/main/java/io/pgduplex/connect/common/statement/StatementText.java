package io.pgduplex.connect.common.statement;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the text of a statement that an event trigger has seen. */
public final class StatementText {

  /** What PL/pgSQL says of a statement that a function runs. */
  private static final String INNER = "SQL statement \"";

  private static final String OUTER = "\"\nPL/pgSQL function ";

  private StatementText() {}

  /**
   * The text, perhaps among others; empty where it cannot be known.
   *
   * @param query what the client sent; null if it says what cannot be said again elsewhere
   * @param frames what the trigger's function knows of those that called it; the first is its own
   */
  public static Optional<String> of(@Nullable String query, String frames) {
    if (query == null) {
      return Optional.empty();
    }
    int end = frames.indexOf('\n');
    if (end < 0) {
      return Optional.of(query);
    }
    String outer = frames.substring(end + 1);
    int close = outer.indexOf(OUTER);
    return outer.startsWith(INNER) && close > 0
        ? Optional.of(outer.substring(INNER.length(), close))
        : Optional.empty();
  }
}
