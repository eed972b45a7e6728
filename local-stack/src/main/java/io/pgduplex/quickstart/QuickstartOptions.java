package io.pgduplex.quickstart;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param check run for a bounded time, compare the sides, and end
 * @param seconds how long both sides are written to, if {@code check}
 * @param rate transactions a second on each side, 0 for as many as go
 * @param postgresA major version of A
 * @param postgresB major version of B
 */
record QuickstartOptions(boolean check, int seconds, int rate, int postgresA, int postgresB) {

  static final String USAGE = """
      Usage: ./quickstart [--check] [--seconds N] [--rate N] [--postgres-a V] [--postgres-b V]

        --check         write on both sides for a while, stop, compare every table, print one line;
                        exit code 0 only if both sides are equal and nothing looped
        --seconds N     with --check: seconds to write (default 60)
        --rate N        transactions a second on each side, 0 for as many as go (default 200)
        --postgres-a V  PostgreSQL of side A, 14 to 18 (default 18)
        --postgres-b V  PostgreSQL of side B, 14 to 18 (default 18)

      Without --check it runs until Ctrl-C.""";

  /** Throws {@link IllegalArgumentException} with what is wrong. */
  static QuickstartOptions parse(List<String> arguments) {
    QuickstartOptions options = new QuickstartOptions(false, 60, 200, 18, 18);
    ArrayDeque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      options = options.with(rest.removeFirst(), rest);
    }
    return options;
  }

  private QuickstartOptions with(String option, ArrayDeque<String> rest) {
    return switch (option) {
      case "--check" -> new QuickstartOptions(true, seconds, rate, postgresA, postgresB);
      case "--seconds" ->
        new QuickstartOptions(check, number(option, rest, 1, 86_400), rate, postgresA, postgresB);
      case "--rate" ->
        new QuickstartOptions(
            check, seconds, number(option, rest, 0, 100_000), postgresA, postgresB);
      case "--postgres-a" ->
        new QuickstartOptions(check, seconds, rate, number(option, rest, 14, 18), postgresB);
      case "--postgres-b" ->
        new QuickstartOptions(check, seconds, rate, postgresA, number(option, rest, 14, 18));
      default -> throw new IllegalArgumentException("Unknown option " + option);
    };
  }

  private static int number(String option, ArrayDeque<String> rest, int least, int most) {
    String text = rest.isEmpty() ? "" : rest.removeFirst();
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with what would do.
    }
    throw new IllegalArgumentException(
        option + " takes a whole number from " + least + " to " + most + ", not '" + text + "'");
  }
}
