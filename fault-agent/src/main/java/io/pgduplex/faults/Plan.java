package io.pgduplex.faults;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops that come one after the other: the next is counted from when the one before has happened. */
final class Plan {

  private final List<Stop> stops;
  private int next;
  private int reached;

  /** The next one, to be looked at without a lock: all threads come by here all the time. */
  private volatile @Nullable Stop awaited;

  Plan(List<Stop> stops) {
    this.stops = List.copyOf(stops);
    this.awaited = stops.isEmpty() ? null : stops.get(0);
  }

  /** Notes that a step was reached; returns the stop that is to happen now. */
  @Nullable
  Stop reach(String connector, String step) {
    Stop stop = awaited;
    return stop != null && stop.step().equals(step) && stop.connector().equals(connector)
        ? count(stop)
        : null;
  }

  private synchronized @Nullable Stop count(Stop stop) {
    if (!stop.equals(awaited) || ++reached < stop.nth()) {
      return null;
    }
    next++;
    reached = 0;
    awaited = next < stops.size() ? stops.get(next) : null;
    return stop;
  }
}
