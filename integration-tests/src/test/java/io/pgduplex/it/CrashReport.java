package io.pgduplex.it;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a run of the crash test did: per step how often it was reached and what stopped there. */
final class CrashReport {

  private static final Duration LONG = Duration.ofSeconds(40);

  private final long started = System.nanoTime();
  private final Map<String, Long> reached = new TreeMap<>();
  private final Map<String, Map<String, Integer>> stopped = new TreeMap<>();
  private final Set<String> failedTask = new TreeSet<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> slow = new CopyOnWriteArrayList<>();
  private final List<String> notReached = new CopyOnWriteArrayList<>();
  private final AtomicInteger combinations = new AtomicInteger();
  private final AtomicInteger kills = new AtomicInteger();

  /** Adds what the agent has counted in one run of the worker. */
  synchronized void reached(String step, int count) {
    reached.merge(step, (long) count, Long::sum);
  }

  synchronized void happened(CrashStop stop) {
    stopped
        .computeIfAbsent(stop.step(), step -> new TreeMap<>())
        .merge(stop.action(), 1, Integer::sum);
    if (stop.kills()) {
      kills.incrementAndGet();
    }
  }

  /** A task has failed by the stop at this step. */
  synchronized void failedTask(String step) {
    failedTask.add(step);
  }

  synchronized boolean hasFailedTask(String step) {
    return failedTask.contains(step);
  }

  synchronized boolean hasStopped(String step, String action) {
    return stopped.getOrDefault(step, Map.of()).containsKey(action);
  }

  synchronized boolean hasStopped(String step) {
    return stopped.containsKey(step);
  }

  /** A combination is through; those that took long are noted, since a task that is slow to come back is worth a look. */
  void done(Object combination, Duration time) {
    combinations.incrementAndGet();
    if (time.compareTo(LONG) > 0) {
      slow.add(time.toSeconds() + " s: " + combination);
    }
  }

  @SuppressWarnings("SystemOut") // At once: a soak run may have hours to go.
  void failed(String what) {
    failures.add(what);
    System.out.println(what);
  }

  void notReached(CrashStop stop) {
    notReached.add(stop.toString());
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  String progress() {
    return String.format(
        Locale.ROOT,
        "%4d s: %d combinations, %d stops, %d kills, %d not reached, %d failures",
        seconds(),
        combinations.get(),
        stops(),
        kills.get(),
        notReached.size(),
        failures.size());
  }

  private long seconds() {
    return Duration.ofNanos(System.nanoTime() - started).toSeconds();
  }

  private synchronized int stops() {
    return stopped.values().stream()
        .flatMap(actions -> actions.values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** As a Markdown table under a line of totals. */
  synchronized String text(String heading) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(heading).append("\n\n").append(progress().strip()).append("\n\n");
    failures.forEach(failure ->
        text.append("- failed: ").append(failure.lines().findFirst().orElse("")).append('\n'));
    slow.forEach(one -> text.append("- slow, ").append(one).append('\n'));
    notReached.forEach(stop -> text.append("- not reached: ").append(stop).append('\n'));
    text.append(
        "\n| step | reached | exception | connection lost | killed |\n| --- | ---: | ---: | ---: | ---: |\n");
    Set<String> steps = new TreeSet<>(reached.keySet());
    steps.addAll(stopped.keySet());
    for (String step : steps) {
      Map<String, Integer> actions = stopped.getOrDefault(step, Map.of());
      text.append("| ")
          .append(step.replace("|", "\\|"))
          .append(" | ")
          .append(reached.getOrDefault(step, 0L));
      for (String action : List.of(CrashStop.FAIL, CrashStop.OUTAGE, CrashStop.KILL)) {
        text.append(" | ").append(cell(actions.get(action)));
      }
      text.append(" |\n");
    }
    return text.toString();
  }

  private static String cell(@Nullable Integer count) {
    return count == null ? "" : count.toString();
  }
}
