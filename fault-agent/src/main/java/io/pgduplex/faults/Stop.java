package io.pgduplex.faults;

/**
 * One task stopped at one step.
 *
 * @param connector whose task
 * @param step the step's name, with {@code (before)} or {@code (after)}
 * @param nth how many times it is to be reached
 * @param action what happens
 */
record Stop(String connector, String step, int nth, Action action) {

  private static final String SEPARATOR = "\t";

  /** Reads what the control sends: the four parts, separated by tabs. */
  static Stop parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("connector, step, nth and action are wanted: " + text);
    }
    return new Stop(parts[0], parts[1], Integer.parseInt(parts[2]), Action.valueOf(parts[3]));
  }

  @Override
  public String toString() {
    return String.join(SEPARATOR, connector, step, Integer.toString(nth), action.name());
  }
}
