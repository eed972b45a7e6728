package io.pgduplex.connect.sink.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What to do about tables that are there before the first copy makes them. */
enum ExistingTables {
  FAIL,
  PROCEED;

  static List<String> names() {
    return Arrays.stream(values()).map(ExistingTables::toString).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
