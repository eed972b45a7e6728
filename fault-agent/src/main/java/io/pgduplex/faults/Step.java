package io.pgduplex.faults;

/**
 * A method of a task, or of Connect on its way, before and after which the task can be stopped.
 *
 * @param side {@code source} or {@code sink}
 * @param label what it is called
 * @param type the class's name
 * @param method the method's name
 * @param parameters how many it has, -1 for any
 * @param effect what an exception there leads to
 */
record Step(String side, String label, String type, String method, int parameters, Effect effect) {

  /** What becomes of an exception. */
  enum Effect {
    /** The task fails. */
    FAILS,
    /** Somebody may log it and go on. */
    MAY_PASS,
    /** It would be a defect of Connect, which the task cannot be blamed for: such a step is for kills. */
    KILL_ONLY
  }

  String name() {
    return side + ": " + label;
  }
}
