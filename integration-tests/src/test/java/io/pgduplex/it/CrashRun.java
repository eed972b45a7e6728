package io.pgduplex.it;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Several links on one worker, among which the combinations of stops are divided. */
final class CrashRun implements AutoCloseable {

  private static final int TOO_MANY_FAILURES = 10;

  private final CrashReport report;
  private final CrashWorker worker;
  private final CrashSteps steps;
  private final ExecutorService threads;
  private final LinkedBlockingQueue<CrashLink> idle = new LinkedBlockingQueue<>();
  private final AtomicInteger links = new AtomicInteger();

  /**
   * Stops that come one after the other, and several such sequences at the same time.
   *
   * @param origin what they come from, for messages
   */
  record Combination(String origin, List<List<CrashStop>> queues) {}

  /** Where one combination runs. */
  private interface Place {
    void run(Combination combination) throws SQLException, InterruptedException;
  }

  CrashRun(int count, CrashReport report) {
    this.report = report;
    this.worker = new CrashWorker(report);
    this.steps = new CrashSteps(worker.control().steps());
    this.threads = Executors.newFixedThreadPool(count);
    List<Future<?>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(threads.submit(() -> {
        idle.add(newLink());
        return null;
      }));
    }
    join(starting);
  }

  CrashWorker worker() {
    return worker;
  }

  CrashSteps steps() {
    return steps;
  }

  private CrashLink newLink() throws SQLException {
    CrashLink link = new CrashLink("crash" + links.incrementAndGet(), worker, report)
        .twoWay()
        .submit()
        .awaitStreaming();
    link.pass(CrashLink.Pace.FAST);
    link.settle();
    link.watch();
    return link;
  }

  void learn() throws SQLException, InterruptedException {
    CrashLink link = idle.take();
    new CrashLesson(worker, steps, link).learn();
    idle.add(link);
  }

  /** Runs the combinations on links that stream, as many at a time as there are links. */
  void run(List<Combination> combinations) {
    runAll(combinations, this::onStreamingLink);
  }

  /** Runs the combinations each while a link of its own makes its first copy. */
  void runOnFirstCopy(List<Combination> combinations) {
    runAll(combinations, this::onNewLink);
  }

  private void runAll(List<Combination> combinations, Place place) {
    join(combinations.stream()
        .<Future<?>>map(combination -> threads.submit(() -> {
          if (report.failures().size() < TOO_MANY_FAILURES) {
            long start = System.nanoTime();
            place.run(combination);
            report.done(combination, Duration.ofNanos(System.nanoTime() - start));
          }
          return null;
        }))
        .toList());
  }

  private void onStreamingLink(Combination combination) throws InterruptedException, SQLException {
    CrashLink link = idle.take();
    try {
      link.crash(
          combination.queues(),
          combination.queues().stream()
              .flatMap(List::stream)
              .anyMatch(stop -> steps.trigger(stop.step()) == CrashSteps.Trigger.DEFINITIONS),
          (stop, attempt) -> nudge(link, stop, attempt));
      idle.add(link);
    } catch (AssertionError | RuntimeException | SQLException e) {
      failed(combination, link, e);
      // What is wrong with this one must not spoil the next.
      idle.add(newLink());
    }
  }

  private void onNewLink(Combination combination) throws SQLException {
    CrashLink link = new CrashLink("copy" + links.incrementAndGet(), worker, report).oneWay();
    try {
      link.pass(CrashLink.Pace.FAST);
      link.crashFirstCopy(combination.queues());
      link.close();
    } catch (AssertionError | RuntimeException | SQLException e) {
      failed(combination, link, e);
    }
  }

  private void failed(Combination combination, CrashLink link, Throwable failure) {
    report.failed(combination.origin() + " on " + link.name() + ": " + combination.queues() + "\n"
        + failure + "\nlog: " + worker.log());
  }

  private void nudge(CrashLink link, CrashStop stop, int attempt) throws SQLException {
    switch (steps.trigger(stop.step())) {
      case WORKLOAD -> {
        restartNowAndThen(stop, attempt);
        link.rows(CrashLink.Pace.SLOW);
      }
      case DEFINITIONS -> {
        restartNowAndThen(stop, attempt);
        link.pass(CrashLink.Pace.SLOW);
      }
      case RESTART -> {
        // Some of it comes with the session's first rows.
        if (attempt % 3 == 0) {
          boolean unused = worker.restartTask(stop.connector());
        } else {
          if (attempt % 3 == 1) {
            restartSource(stop);
          }
          link.rows(CrashLink.Pace.FAST);
        }
      }
      case FIRST_START -> {
        boolean unused = worker.restartTask(stop.connector());
      }
      case REBALANCE -> link.rebalance(stop.connector().substring(link.name().length() + 1));
    }
  }

  /** What a session does once for each table needs a new session, and on a busy machine time to come so far. */
  private void restartNowAndThen(CrashStop stop, int attempt) {
    if (attempt % 4 == 1) {
      boolean unused = worker.restartTask(stop.connector());
    } else if (attempt % 4 == 2) {
      restartSource(stop);
    }
  }

  /** Some of what a sink does comes with what its source says of itself when it starts. */
  private void restartSource(CrashStop stop) {
    boolean unused = stop.connector().endsWith("sink")
        && worker.restartTask(stop.connector().replace("-sink", "-source"));
  }

  private static void join(List<Future<?>> running) {
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    try {
      idle.forEach(CrashLink::close);
    } finally {
      threads.shutdownNow();
      worker.close();
    }
  }
}
