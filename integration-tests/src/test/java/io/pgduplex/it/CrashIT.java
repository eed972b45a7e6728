package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.it.CrashRun.Combination;
import io.pgduplex.it.CrashSteps.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Tasks are stopped at every step that they have, then at random combinations of steps, and each time both sides must end
 * the same: nothing lost, nothing doubled, nothing seen in part.
 *
 * <p>{@code -Dpgduplex.crash.combinations=2000} runs that many random combinations instead and writes
 * {@code docs/crash-soak.md}; {@code -Dpgduplex.crash.seed} takes the ones that another run printed.
 */
class CrashIT {

  private static final int LINKS = Integer.getInteger("pgduplex.crash.links", 4);
  private static final int SOAK = Integer.getInteger("pgduplex.crash.combinations", 0);
  private static final int COMBINATIONS = 15;

  private final CrashReport report = new CrashReport();

  @Test
  void nothingIsLostDoubledOrTornWhereverATaskStops() throws Exception {
    long seed = Long.getLong("pgduplex.crash.seed", System.nanoTime() & 0xff_ffff);
    String heading = "Crash test, seed " + seed;
    say(heading);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    Future<?> unused =
        clock.scheduleAtFixedRate(() -> say(report.progress()), 10, 10, TimeUnit.SECONDS);
    try (CrashRun run = new CrashRun(LINKS, report)) {
      learn(run);
      CrashCombinations combinations = new CrashCombinations(run.steps(), seed);
      say(run.steps().whileStreaming().size() + " steps while streaming, "
          + combinations.everyStep().size() + " combinations of them");
      if (SOAK == 0) {
        run.run(combinations.everyStep());
        run.runOnFirstCopy(combinations.everyStepOfAFirstStart());
        run.run(combinations.kills());
        killInFirstCopies(run, combinations.killsInAFirstCopy());
        run.run(combinations.random(COMBINATIONS));
        // Where another restart came at the same moment, nobody saw that the task had failed.
        run.run(combinations.each(withoutFailure(run.steps())));
      } else {
        run.run(combinations.random(SOAK));
      }
      assertThat(report.failures()).as(heading).isEmpty();
      if (SOAK == 0) {
        assertThat(notStopped(run.steps())).as(heading).isEmpty();
        assertThat(notKilled(combinations.killsInAFirstCopy())).as(heading).isEmpty();
      }
    } finally {
      clock.shutdownNow();
      write(heading);
    }
  }

  private static void learn(CrashRun run) throws SQLException, InterruptedException {
    run.learn();
    assertThat(run.worker().control().errors()).as("weaving").isEmpty();
    assertThat(run.steps().neverReached())
        .as("steps of the table that nothing reaches")
        .isEmpty();
  }

  private List<String> notStopped(CrashSteps steps) {
    List<String> missing = new ArrayList<>();
    for (Known known : steps.whileStreaming()) {
      if (!report.hasStopped(known.step())) {
        missing.add(known.step() + " never stopped anything");
      }
    }
    withoutFailure(steps)
        .forEach(known -> missing.add(known.step() + " threw, but no task failed by it"));
    return missing;
  }

  /** A worker that is started again for another link may pass a step before its agent is told of it. */
  private void killInFirstCopies(CrashRun run, List<Combination> kills) {
    run.runOnFirstCopy(kills);
    run.runOnFirstCopy(
        kills.stream().filter(kill -> !notKilled(List.of(kill)).isEmpty()).toList());
  }

  /** A step that is not reached gives up in silence, since it may be one of few links only. */
  private List<CrashStop> notKilled(List<Combination> kills) {
    return kills.stream()
        .flatMap(combination -> combination.queues().stream())
        .flatMap(List::stream)
        .filter(stop -> !report.hasStopped(stop.step(), CrashStop.KILL))
        .toList();
  }

  private List<Known> withoutFailure(CrashSteps steps) {
    return steps.whileStreaming().stream()
        .filter(known -> steps.effect(known.step()).equals(CrashSteps.FAILS))
        .filter(known -> !report.hasFailedTask(known.step()))
        .toList();
  }

  private void write(String heading) throws IOException {
    Path file =
        Repository.path(SOAK == 0 ? "integration-tests/target/crash.md" : "docs/crash-soak.md");
    Files.writeString(file, report.text(heading));
    say(report.progress() + "; " + file);
  }

  @SuppressWarnings("SystemOut") // A long test that says nothing looks like one that hangs.
  private static void say(String line) {
    System.out.println(line);
  }
}
