package io.pgduplex.it;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops that come one after the other, and which of them are still to come. */
final class CrashPlan {

  private final String name;
  private final Deque<CrashStop> remaining;

  CrashPlan(String name, List<CrashStop> stops) {
    this.name = name;
    this.remaining = new ArrayDeque<>(stops);
  }

  String name() {
    return name;
  }

  synchronized @Nullable CrashStop next() {
    return remaining.peek();
  }

  synchronized List<CrashStop> remaining() {
    return List.copyOf(remaining);
  }

  /** The agent says that the next one has happened; it may have been given up just before. */
  synchronized void happened() {
    remaining.poll();
  }

  synchronized void giveUp() {
    remaining.clear();
  }
}
