package io.pgduplex.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The steps that a healthy link was seen to reach, and how to make it reach them again. */
final class CrashSteps {

  static final String KILL_ONLY = "KILL_ONLY";
  static final String FAILS = "FAILS";

  private static final String MAY_PASS = "MAY_PASS";

  /** What makes a task reach a step. */
  enum Trigger {
    WORKLOAD,
    /** The workload, where A changes tables too. */
    DEFINITIONS,
    RESTART,
    REBALANCE,
    /** Only a link that has never run. */
    FIRST_START
  }

  /**
   * One step, before or after.
   *
   * @param reached per connector, how often one turn of the trigger reaches it
   */
  record Known(String step, Trigger trigger, Map<String, Integer> reached) {}

  /** A row is looked up where A's tables change between the look at them and the row, which nobody can bring about. */
  private static final String BY_CHANCE = "sink: SQL SELECT jsonb_object(";

  /** A stop before a query is one after what came before it. */
  private static final Predicate<String> BEFORE_QUERY =
      Pattern.compile("^[a-z]+: SQL SELECT .* \\(before\\)$").asMatchPredicate();

  private static final List<String> DRIVER = List.of("SQL ", "read WAL", "end COPY");

  private final Map<String, Known> known = new LinkedHashMap<>();
  private final Map<String, String> effects = new TreeMap<>();

  /** @param table side, label and effect of each step of the agent's table */
  CrashSteps(List<String[]> table) {
    table.forEach(parts -> effects.put(parts[0] + ": " + parts[1], parts[2]));
  }

  /** Learns what a trigger reached, as far as it is new. */
  void learn(Trigger trigger, Map<String, Map<String, Integer>> byStep) {
    byStep.forEach((step, reached) -> known.putIfAbsent(step, new Known(step, trigger, reached)));
  }

  /** What a link reaches that streams, in the order of the names. */
  List<Known> whileStreaming() {
    return known.values().stream()
        .filter(step -> step.trigger() != Trigger.FIRST_START)
        .filter(step -> !step.step().startsWith(BY_CHANCE) && !BEFORE_QUERY.test(step.step()))
        .sorted((one, other) -> one.step().compareTo(other.step()))
        .toList();
  }

  /** What only a first start reaches, on one side, in the order in which it comes. */
  List<Known> atFirstStart(String connector) {
    return known.values().stream()
        .filter(step -> step.trigger() == Trigger.FIRST_START)
        .filter(step -> step.reached().containsKey(connector))
        .toList();
  }

  Trigger trigger(String step) {
    Known found = known.get(step);
    return found == null ? Trigger.WORKLOAD : found.trigger();
  }

  /** Entries of the table that were not reached, before or after. */
  List<String> neverReached() {
    List<String> missing = new ArrayList<>();
    for (String step : effects.keySet()) {
      for (String when : List.of(" (before)", " (after)")) {
        if (!known.containsKey(step + when)) {
          missing.add(step + when);
        }
      }
    }
    return missing;
  }

  /** What an exception leads to: {@code FAILS}, {@code MAY_PASS} or {@code KILL_ONLY}. */
  String effect(String step) {
    return effects.getOrDefault(step.substring(0, step.lastIndexOf(" (")), MAY_PASS);
  }

  static boolean isOfDriver(String step) {
    String label = step.substring(step.indexOf(": ") + 2);
    return DRIVER.stream().anyMatch(label::startsWith);
  }

  /** One of those that an exception can be thrown at, or any for a kill. */
  CrashStop random(Random random, boolean kill) {
    List<Known> choice = whileStreaming().stream()
        .filter(step -> kill || !effect(step.step()).equals(KILL_ONLY))
        .toList();
    Known step = choice.get(random.nextInt(choice.size()));
    List<String> connectors = List.copyOf(new TreeMap<>(step.reached()).keySet());
    String connector = connectors.get(random.nextInt(connectors.size()));
    boolean again = step.trigger() == Trigger.WORKLOAD || step.trigger() == Trigger.DEFINITIONS;
    int most = again ? step.reached().getOrDefault(connector, 1) / 3 : 1;
    int nth = 1 + random.nextInt(Math.max(1, most));
    boolean outage = isOfDriver(step.step()) && random.nextBoolean();
    String action = kill ? CrashStop.KILL : outage ? CrashStop.OUTAGE : CrashStop.FAIL;
    return new CrashStop(connector, step.step(), nth, action);
  }
}
