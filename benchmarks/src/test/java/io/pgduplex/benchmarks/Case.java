package io.pgduplex.benchmarks;

import java.util.List;

/**
 * One thing to be measured.
 *
 * @param detection whether the sink compares rows with what their author saw
 * @param conflict what the sink meets
 */
record Case(Work work, boolean detection, Conflict conflict) {

  /** All, each operation's first one without detection. */
  static List<Case> all() {
    return List.of(
        new Case(Work.INSERT, false, Conflict.NONE),
        new Case(Work.INSERT, true, Conflict.NONE),
        new Case(Work.INSERT, true, Conflict.INSERT_EXISTS),
        new Case(Work.UPDATE, false, Conflict.NONE),
        new Case(Work.UPDATE, true, Conflict.NONE),
        new Case(Work.UPDATE, true, Conflict.UPDATE_ORIGIN_DIFFERS),
        new Case(Work.UPDATE, true, Conflict.UPDATE_MISSING),
        new Case(Work.DELETE, false, Conflict.NONE),
        new Case(Work.DELETE, true, Conflict.NONE),
        new Case(Work.DELETE, true, Conflict.DELETE_ORIGIN_DIFFERS),
        new Case(Work.DELETE, true, Conflict.DELETE_MISSING));
  }

  /** Without detection, and rows that differ if the operation can meet such: nothing is to be noticed. */
  static Case unseen(Work work) {
    return new Case(
        work,
        false,
        switch (work) {
          case INSERT -> Conflict.NONE;
          case UPDATE -> Conflict.UPDATE_ORIGIN_DIFFERS;
          case DELETE -> Conflict.DELETE_ORIGIN_DIFFERS;
        });
  }

  /** What the others of the same operation are compared with. */
  Case base() {
    return new Case(work, false, Conflict.NONE);
  }

  /** What {@code pgduplex.conflict_counts} holds after so many changes. */
  String recorded(long changes) {
    boolean seen = detection || !conflict.isDifference();
    return seen && conflict != Conflict.NONE
        ? changes / Conflict.ONE_IN + " " + conflict + " " + conflict.outcome()
        : "none";
  }

  String describe() {
    if (!detection) {
      return "detection off";
    }
    return conflict == Conflict.NONE
        ? "detection on"
        : "detection on, " + 100 / Conflict.ONE_IN + " % " + conflict;
  }
}
