package io.pgduplex.connect.sink.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What to do about changes of the source's definitions that cannot be carried. */
enum UnsupportedDdl {
  FAIL,
  WARN;

  static List<String> names() {
    return Arrays.stream(values()).map(UnsupportedDdl::toString).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
