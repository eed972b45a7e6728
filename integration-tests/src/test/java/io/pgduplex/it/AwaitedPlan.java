package io.pgduplex.it;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A plan whose stops are waited for, and brought about where nothing else does it. */
final class AwaitedPlan {

  private static final Duration NUDGE_EVERY = Duration.ofSeconds(2);
  private static final int NUDGES = 30;

  private final CrashPlan plan;
  private final CrashWorker worker;
  private final CrashReport report;
  private @Nullable CrashStop last;
  private long nudged;
  private int nudges;

  /** Makes a task reach a step. */
  interface Nudge {
    /** Tries it; attempts are counted from 0. */
    void towards(CrashStop stop, int attempt) throws SQLException;
  }

  AwaitedPlan(CrashPlan plan, CrashWorker worker, CrashReport report) {
    this.plan = plan;
    this.worker = worker;
    this.report = report;
  }

  CrashPlan plan() {
    return plan;
  }

  boolean isOpen() {
    return plan.next() != null;
  }

  /** To be called again and again while it is open. */
  void advance(Nudge nudge) throws SQLException {
    CrashStop next = plan.next();
    if (next == null) {
      return;
    }
    boolean isNew = !next.equals(last);
    boolean comesByItself = last != null && last.connector().equals(next.connector());
    if (isNew) {
      nudges = 0;
      nudged = System.nanoTime();
      last = next;
    }
    if (worker.isAway()) {
      nudged = System.nanoTime();
      return;
    }
    boolean due = isNew ? !comesByItself : System.nanoTime() - nudged > NUDGE_EVERY.toNanos();
    if (due) {
      if (nudges++ > NUDGES) {
        report.notReached(next);
        plan.giveUp();
        // Else it could come later, when nobody knows of it.
        worker.disarm(plan);
        return;
      }
      nudge.towards(next, nudges - 1);
      nudged = System.nanoTime();
    }
  }
}
