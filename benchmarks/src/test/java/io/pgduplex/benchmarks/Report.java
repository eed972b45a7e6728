package io.pgduplex.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, as a table. */
final class Report {

  private static final String HEAD = """
      | operation | sink | rows/s | to detection off | rows/s of each round |
      | --- | --- | ---: | ---: | --- |
      """;

  private final Map<Case, List<Double>> rates = new LinkedHashMap<>();

  /** Takes what one case gave in one round. */
  void add(Case measured, double rowsPerSecond) {
    rates.computeIfAbsent(measured, unused -> new ArrayList<>()).add(rowsPerSecond);
  }

  /** Medians, and their ratios to the operation's first case. */
  String markdown() {
    return rates.keySet().stream().map(this::row).collect(Collectors.joining("", HEAD, ""));
  }

  private String row(Case measured) {
    double rate = median(measured);
    String rounds = rates.getOrDefault(measured, List.of()).stream()
        .map(each -> String.format(Locale.ROOT, "%,.0f", each))
        .collect(Collectors.joining("; "));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.2f | %s |\n",
        measured.work(),
        measured.describe(),
        rate,
        rate / median(measured.base()),
        rounds);
  }

  private double median(Case measured) {
    List<Double> sorted =
        rates.getOrDefault(measured, List.of()).stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
