package io.pgduplex.connect.sink.former;

import org.jspecify.annotations.Nullable;

/** Reads what PostgreSQL writes for arrays, records and ranges, from left to right. */
final class LiteralReader {

  private final String text;
  private int at;

  LiteralReader(String text) {
    this.text = text;
  }

  boolean isNext(char expected) {
    return at < text.length() && text.charAt(at) == expected;
  }

  char next() {
    if (at == text.length()) {
      throw notALiteral();
    }
    return text.charAt(at++);
  }

  /** Takes a character if it is the next one. */
  boolean skip(char expected) {
    boolean is = isNext(expected);
    if (is) {
      at++;
    }
    return is;
  }

  void require(char expected) {
    if (!skip(expected)) {
      throw notALiteral();
    }
  }

  /** What is before a character that must come, which is taken too. */
  String through(char last) {
    int end = text.indexOf(last, at);
    if (end < 0) {
      throw notALiteral();
    }
    String through = text.substring(at, end + 1);
    at = end + 1;
    return through;
  }

  /**
   * A value without its quotes; null if there is nothing at all.
   *
   * @param ends what follows it, one of these
   */
  @Nullable
  String value(String ends) {
    StringBuilder value = new StringBuilder();
    boolean nothing = true;
    boolean quoted = false;
    while (quoted || at == text.length() || ends.indexOf(text.charAt(at)) < 0) {
      char one = next();
      if (one == '\\') {
        value.append(next());
      } else if (one != '"') {
        value.append(one);
      } else if (quoted && skip('"')) {
        value.append('"');
      } else {
        quoted = !quoted;
      }
      nothing = false;
    }
    return nothing ? null : value.toString();
  }

  void requireEnd() {
    if (at < text.length()) {
      throw notALiteral();
    }
  }

  private IllegalArgumentException notALiteral() {
    return new IllegalArgumentException(
        "No array, record or range as PostgreSQL writes it, at character " + (at + 1) + " of "
            + text.length());
  }
}
