package io.pgduplex.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How large a run is to be.
 *
 * @param rows in each topic
 * @param longest after so much time a case ends before its topic does
 * @param rounds how often each case is measured
 * @param report where the result is written beside standard output
 */
record Settings(int rows, Duration longest, int rounds, Optional<Path> report) {

  /** With fewer there are not enough commits to measure between. */
  private static final int FEWEST_ROWS = 20_000;

  Settings {
    if (rows < FEWEST_ROWS || rows % Work.TRANSACTION != 0) {
      throw new IllegalArgumentException("pgduplex.benchmark.rows=" + rows + ": it is at least "
          + FEWEST_ROWS + ", and a multiple of " + Work.TRANSACTION);
    }
  }

  /** From the system properties {@code pgduplex.benchmark.*}. */
  static Settings given() {
    return new Settings(
        Integer.getInteger("pgduplex.benchmark.rows", 200_000),
        Duration.ofSeconds(Integer.getInteger("pgduplex.benchmark.seconds", 6)),
        Integer.getInteger("pgduplex.benchmark.rounds", 3),
        Optional.ofNullable(System.getProperty("pgduplex.benchmark.report"))
            .map(LinkedServers::file));
  }
}
