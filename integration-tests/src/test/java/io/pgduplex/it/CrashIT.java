package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.it.CrashRun.Combination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tasks are stopped at every step that they have, then at random combinations of steps, and each time both sides must end
 * the same: nothing lost, nothing doubled, nothing seen in part.
 *
 * <p>{@code -Dpgduplex.crash.combinations=2000} runs that many random combinations instead, {@code -Dpgduplex.crash.seed} the
 * ones that another run printed.
 */
class CrashIT {

  private static final int LINKS = Integer.getInteger("pgduplex.crash.links", 4);
  private static final int COMBINATIONS = 25;
  private static final int KILL_EVERY = 40;
  private static final List<String> CONNECTORS =
      List.of("forward-source", "reverse-sink", "reverse-source", "forward-sink");

  private final CrashReport report = new CrashReport();

  @Test
  void nothingIsLostDoubledOrTornWhereverATaskStops() throws Exception {
    long seed = Long.getLong("pgduplex.crash.seed", System.nanoTime() & 0xff_ffff);
    int soak = Integer.getInteger("pgduplex.crash.combinations", 0);
    String heading = "Crash test, seed " + seed;
    say(heading);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    Future<?> unused =
        clock.scheduleAtFixedRate(() -> say(report.progress()), 10, 10, TimeUnit.SECONDS);
    try (CrashRun run = new CrashRun(LINKS, report)) {
      learn(run);
      if (soak == 0) {
        run.run(everyStep(run.steps()));
        run.run(kills());
      }
      run.run(random(run.steps(), seed, soak == 0 ? COMBINATIONS : soak));
      assertThat(report.failures()).as(heading).isEmpty();
      if (soak == 0) {
        checkEveryStepStopped(run.steps());
      }
    } finally {
      clock.shutdownNow();
      write(heading, soak);
    }
  }

  private static void learn(CrashRun run) throws SQLException, InterruptedException {
    run.learn();
    assertThat(run.worker().control().errors()).as("weaving").isEmpty();
    assertThat(run.steps().neverReached())
        .as("steps of the table that nothing reaches")
        .isEmpty();
  }

  /** Each step once by an exception, those of the driver also by a lost connection; four tasks of a link at a time. */
  private static List<Combination> everyStep(CrashSteps steps) {
    Map<String, List<CrashStop>> byConnector = new LinkedHashMap<>();
    int turn = 0;
    for (CrashSteps.Known known : steps.all()) {
      if (!steps.effect(known.step()).equals("KILL_ONLY")) {
        List<String> connectors =
            CONNECTORS.stream().filter(known.reached()::containsKey).toList();
        for (String action : CrashSteps.isOfDriver(known.step())
            ? List.of(CrashStop.FAIL, CrashStop.OUTAGE)
            : List.of(CrashStop.FAIL)) {
          String connector = connectors.get(turn++ % connectors.size());
          byConnector
              .computeIfAbsent(connector, name -> new ArrayList<>())
              .add(new CrashStop(connector, known.step(), 1, action));
        }
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

  private static List<Combination> kills() {
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

  private static List<Combination> random(CrashSteps steps, long seed, int count) {
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

  private void checkEveryStepStopped(CrashSteps steps) {
    List<String> missing = new ArrayList<>();
    for (CrashSteps.Known known : steps.all()) {
      String effect = steps.effect(known.step());
      if (!report.hasStopped(known.step())) {
        missing.add(known.step() + " never stopped anything");
      } else if (effect.equals("FAILS") && !report.hasFailedTask(known.step())) {
        missing.add(known.step() + " threw, but no task failed by it");
      }
    }
    assertThat(missing).isEmpty();
  }

  private void write(String heading, int soak) throws IOException {
    Path file =
        Repository.path(soak == 0 ? "integration-tests/target/crash.md" : "docs/crash-soak.md");
    Files.writeString(file, report.text(heading));
    say(report.progress() + "; " + file);
  }

  @SuppressWarnings("SystemOut") // A long test that says nothing looks like one that hangs.
  private static void say(String line) {
    System.out.println(line);
  }
}
