package io.pgduplex.it;

/**
 * One task stopped at one step, as the fault agent takes it.
 *
 * @param connector whose task: {@code forward-source} and so on, behind the link's name once it is known
 * @param step the step's name with {@code (before)} or {@code (after)}
 * @param nth how many times it is to be reached
 * @param action {@code FAIL}, {@code OUTAGE} or {@code KILL}
 */
record CrashStop(String connector, String step, int nth, String action) {

  static final String FAIL = "FAIL";
  static final String OUTAGE = "OUTAGE";
  static final String KILL = "KILL";

  private static final String SEPARATOR = "\t";

  static CrashStop parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    return new CrashStop(parts[0], parts[1], Integer.parseInt(parts[2]), parts[3]);
  }

  CrashStop of(String link) {
    return new CrashStop(link + "-" + connector, step, nth, action);
  }

  /** As the agent reads it, and as {@link #parse} does. */
  String text() {
    return String.join(SEPARATOR, connector, step, Integer.toString(nth), action);
  }

  boolean kills() {
    return action.equals(KILL);
  }

  @Override
  public String toString() {
    return connector + " " + action + " at " + step + " #" + nth;
  }
}
