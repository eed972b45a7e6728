package io.pgduplex.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops that come one after the other: the next is counted from when the one before has happened. */
final class Plan {

  private final List<Stop> stops;
  private int next;
  private int reached;

  Plan(List<Stop> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Notes that a step was reached; returns the stop that is to happen now. */
  synchronized @Nullable Stop reach(String connector, String step) {
    if (next >= stops.size()) {
      return null;
    }
    Stop stop = stops.get(next);
    if (!stop.connector().equals(connector) || !stop.step().equals(step)) {
      return null;
    }
    if (++reached < stop.nth()) {
      return null;
    }
    next++;
    reached = 0;
    return stop;
  }
}
