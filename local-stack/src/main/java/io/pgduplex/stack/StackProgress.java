package io.pgduplex.stack;

/** Is told, in a line for humans, what the stack just did; called from several threads, one line at a time each. */
@FunctionalInterface
public interface StackProgress {

  void line(String line);

  /** Says nothing to anyone. */
  static StackProgress silent() {
    return line -> {};
  }
}
