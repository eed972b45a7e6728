package io.pgduplex.stack;

import org.jspecify.annotations.Nullable;

/** A server of the stack cannot do what was asked of it; the message says which, why, and where its log is. */
public final class StackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }

  public StackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
