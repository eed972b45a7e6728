package io.pgduplex.it;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, in its order; said as it comes and as a table in the end. */
final class Figures {

  private final Map<String, String> figures = new LinkedHashMap<>();

  void add(String what, String value) {
    figures.put(what, value);
    System.out.println(what + ": " + value);
  }

  void addBytes(String what, long bytes) {
    add(what, String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6));
  }

  /** How long it takes. */
  void time(String what, Runnable work) {
    long start = System.nanoTime();
    work.run();
    add(what, String.format(Locale.ROOT, "%,.1f s", (System.nanoTime() - start) / 1e9));
  }

  String markdown() {
    return figures.entrySet().stream()
        .map(figure -> "| " + figure.getKey() + " | " + figure.getValue() + " |\n")
        .collect(Collectors.joining("", "| | |\n| --- | ---: |\n", ""));
  }
}
