package io.pgduplex.it;

import io.pgduplex.it.CrashRun.Combination;
import io.pgduplex.it.CrashSteps.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Which stops are to come together. */
final class CrashCombinations {

  private static final int KILL_EVERY = 40;
  private static final int FIRST_STARTS = 8;

  /**
   * Left out on new links: what a sink does because of the opposite direction, which they do not have, and the reading of
   * catalogs, which leaves nothing behind; one query stands for all.
   */
  private static final Pattern LEFT_OUT =
      Pattern.compile("ALTER PUBLICATION pgduplex_|FROM pgduplex\\.heartbeat"
          + "|source: SQL (?:SELECT (?:n|tn|c|t|a|d)\\.|WITH RECURSIVE|SELECT set_config)");

  private final CrashSteps steps;
  private final long seed;

  CrashCombinations(CrashSteps steps, long seed) {
    this.steps = steps;
    this.seed = seed;
  }

  /** Each step once by an exception, those of the driver also by a lost connection; four tasks of a link at a time. */
  List<Combination> everyStep() {
    return each(steps.whileStreaming());
  }

  /** The same, only of some steps. */
  List<Combination> each(List<Known> some) {
    Map<String, List<CrashStop>> byConnector = new LinkedHashMap<>();
    int turn = 0;
    for (Known known : some) {
      List<String> connectors =
          CrashLink.CONNECTORS.stream().filter(known.reached()::containsKey).toList();
      for (String action : exceptions(known)) {
        String connector = connectors.get(turn++ % connectors.size());
        byConnector
            .computeIfAbsent(connector, name -> new ArrayList<>())
            .add(new CrashStop(connector, known.step(), 1, action));
      }
    }
    int rounds = byConnector.values().stream().mapToInt(List::size).max().orElse(0);
    return IntStream.range(0, rounds)
        .mapToObj(i -> new Combination(
            "every step, " + i,
            byConnector.values().stream()
                .filter(stops -> i < stops.size())
                .map(stops -> List.of(stops.get(i)))
                .toList()))
        .toList();
  }

  private List<String> exceptions(Known known) {
    if (steps.effect(known.step()).equals(CrashSteps.KILL_ONLY)) {
      return List.of();
    }
    return CrashSteps.isOfDriver(known.step())
        ? List.of(CrashStop.FAIL, CrashStop.OUTAGE)
        : List.of(CrashStop.FAIL);
  }

  /** The steps that come once in a link's life, several on each new link. */
  List<Combination> everyStepOfAFirstStart() {
    List<List<CrashStop>> ofSource = spread("forward-source");
    List<List<CrashStop>> ofSink = spread("forward-sink");
    return IntStream.range(0, FIRST_STARTS)
        .mapToObj(
            i -> new Combination("first start, " + i, List.of(ofSource.get(i), ofSink.get(i))))
        .toList();
  }

  /** Those of one link in the order in which they come, since a link passes each only once. */
  private List<List<CrashStop>> spread(String connector) {
    List<Known> known = steps.atFirstStart(connector).stream()
        .filter(step -> !LEFT_OUT.matcher(step.step()).find())
        .toList();
    return IntStream.range(0, FIRST_STARTS)
        .mapToObj(link -> IntStream.range(0, known.size())
            .filter(i -> i % FIRST_STARTS == link)
            .mapToObj(i -> known.get(i).step())
            .map(step -> new CrashStop(
                connector,
                step,
                1,
                link % 2 == 0 && CrashSteps.isOfDriver(step) ? CrashStop.OUTAGE : CrashStop.FAIL))
            .toList())
        .toList();
  }

  /** Steps where an exception would be none of the task's, and the worst moments for a SIGKILL. */
  List<Combination> kills() {
    return List.of(
            new CrashStop("forward-source", "source: acknowledgement (before)", 3, CrashStop.KILL),
            new CrashStop("reverse-source", "source: acknowledgement (after)", 20, CrashStop.KILL),
            new CrashStop("forward-source", "source: store offsets (before)", 1, CrashStop.KILL),
            new CrashStop("reverse-source", "source: store offsets (after)", 1, CrashStop.KILL),
            new CrashStop("forward-source", "source: send record (after)", 40, CrashStop.KILL),
            new CrashStop("forward-sink", "sink: SQL COMMIT (before)", 2, CrashStop.KILL),
            new CrashStop("reverse-sink", "sink: SQL COMMIT (after)", 2, CrashStop.KILL),
            new CrashStop("forward-sink", "sink: stream part (after)", 1, CrashStop.KILL))
        .stream()
        .map(stop -> new Combination("kill", List.of(List.of(stop))))
        .toList();
  }

  /** Two or three stops anywhere, one after the other; now and then one of them is a SIGKILL. */
  List<Combination> random(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          Random random = new Random(seed * 1_000_003 + i);
          int length = 2 + random.nextInt(2);
          int killed = i % KILL_EVERY == KILL_EVERY / 2 ? random.nextInt(length) : -1;
          List<CrashStop> stops = IntStream.range(0, length)
              .mapToObj(n -> steps.random(random, n == killed))
              .toList();
          return new Combination("seed " + seed + ", combination " + i, List.of(stops));
        })
        .toList();
  }
}
