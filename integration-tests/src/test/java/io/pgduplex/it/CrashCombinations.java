package io.pgduplex.it;

import io.pgduplex.it.CrashRun.Combination;
import io.pgduplex.it.CrashSteps.Known;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which stops are to come together. */
final class CrashCombinations {

  private static final int KILL_EVERY = 40;
  private static final int FIRST_STARTS = 8;

  /**
   * Left out on new links: what a sink does because of the opposite direction, which they do not have, and the reading of
   * catalogs, which leaves nothing behind; one query stands for all.
   */
  private static final Pattern LEFT_OUT =
      Pattern.compile("sink: SQL ALTER PUBLICATION|FROM pgduplex\\.heartbeat"
          + "|source: SQL (?:SELECT (?:n|tn|c|t|a|d)\\.|WITH RECURSIVE|SELECT set_config)");

  private final CrashSteps steps;
  private final long seed;

  CrashCombinations(CrashSteps steps, long seed) {
    this.steps = steps;
    this.seed = seed;
  }

  /**
   * Each step once by an exception, those of the driver half of them by a lost connection, by the seed; four tasks of a link
   * at a time.
   */
  List<Combination> everyStep() {
    return each(steps.whileStreaming());
  }

  /** The same, only of some steps. */
  List<Combination> each(List<Known> some) {
    Map<String, List<CrashStop>> byConnector = new LinkedHashMap<>();
    // First those that only one connector reaches, then the others where there is room.
    for (Known known : some.stream()
        .sorted(Comparator.comparingInt(step -> step.reached().size()))
        .toList()) {
      for (String action : exceptions(known)) {
        String connector = CrashLink.CONNECTORS.stream()
            .filter(known.reached()::containsKey)
            .min(Comparator.comparingInt(
                name -> byConnector.getOrDefault(name, List.of()).size()))
            .orElseThrow();
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
    if (!CrashSteps.isOfDriver(known.step())) {
      return List.of(CrashStop.FAIL);
    }
    if (steps.effect(known.step()).equals(CrashSteps.FAILS)) {
      return List.of(CrashStop.FAIL, CrashStop.OUTAGE);
    }
    boolean outage = known.step().endsWith("(before)") == (seed % 2 == 0);
    return List.of(outage ? CrashStop.OUTAGE : CrashStop.FAIL);
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
            new CrashStop("forward-sink", "sink: stream part (after)", 1, CrashStop.KILL),
            new CrashStop("forward-sink", "sink: define (after)", 2, CrashStop.KILL),
            new CrashStop("forward-sink", "sink: begin long work (after)", 1, CrashStop.KILL),
            new CrashStop(
                "reverse-sink", "sink: other side has defined (after)", 2, CrashStop.KILL))
        .stream()
        .map(stop -> new Combination("kill", List.of(List.of(stop))))
        .toList();
  }

  /** SIGKILLs in each phase of a first copy, on both sides of the topic at once. */
  List<Combination> killsInAFirstCopy() {
    return Stream.of(
            List.of(
                ofSource("write definitions (before)", 1), ofSink("define for copy (before)", 3)),
            List.of(
                ofSource("write definitions (after)", 1), ofSink("define for copy (after)", 12)),
            List.of(ofSource("send record (after)", 150), ofSink("write set (after)", 2)),
            List.of(ofSource("look again (after)", 1), ofSink("stream part (after)", 1)),
            List.of(ofSource("send sequences (before)", 1), ofSink("finish copy (before)", 1)),
            List.of(ofSource("send sequences (after)", 1), ofSink("mark statement (after)", 1)),
            List.of(ofSink("finish copy (after)", 1)),
            List.of(ofSink("set sequence (before)", 1)),
            List.of(ofSink("set sequence (after)", 1)))
        .map(kills ->
            new Combination("kill in a first copy", kills.stream().map(List::of).toList()))
        .toList();
  }

  private static CrashStop ofSource(String step, int nth) {
    return new CrashStop("forward-source", "source: " + step, nth, CrashStop.KILL);
  }

  private static CrashStop ofSink(String step, int nth) {
    return new CrashStop("forward-sink", "sink: " + step, nth, CrashStop.KILL);
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
