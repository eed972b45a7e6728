package io.pgduplex.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.stack.ConnectRest;
import io.pgduplex.stack.ConnectWorker;
import io.pgduplex.stack.ConnectorStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker with the fault agent, in a group of its own beside the other tests' worker. A thread watches it: it learns which
 * stops have happened, kills the worker where one asks for it, starts it again and arms anew what is still to come.
 */
final class CrashWorker implements AutoCloseable {

  private static final int STATUS_EVERY = 3;

  /** How long one that stands still waits for others, since each start of the worker takes seconds. */
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private final ConnectWorker worker;
  private final CrashReport report;
  private final Map<String, CrashPlan> plans = new ConcurrentHashMap<>();
  private final Thread watch = new Thread(this::watch, "crash-worker-watch");
  private volatile FaultControl control;
  private volatile Map<String, ConnectorStatus> statuses = Map.of();
  private volatile boolean away;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException broken;
  private int seen;
  private long killBy;

  CrashWorker(CrashReport report) {
    this.report = report;
    worker = SharedStack.get()
        .addWorker(SharedStack.worker()
            .group("crash")
            .offsetFlushInterval(Duration.ofMillis(300))
            .property("session.timeout.ms", "2000")
            .property("heartbeat.interval.ms", "500")
            .jvmArguments("-javaagent:"
                + Repository.path(
                    "fault-agent/target/pgduplex-fault-agent-" + Repository.version() + ".jar"))
            .build());
    control = FaultControl.connect(worker.metrics().url());
    watch.setDaemon(true);
    watch.start();
  }

  ConnectRest rest() {
    return worker.rest();
  }

  FaultControl control() {
    return control;
  }

  String log() {
    return worker.log().toString();
  }

  /** Arms a plan; waits while the worker is being started. */
  synchronized void arm(CrashPlan plan) {
    requireWorker();
    plans.put(plan.name(), plan);
    control.arm(plan.name(), plan.remaining());
  }

  synchronized void disarm(CrashPlan plan) {
    plans.remove(plan.name());
    control.arm(plan.name(), List.of());
  }

  /** Whether it was killed and does not serve again yet. */
  boolean isAway() {
    return away;
  }

  /** What Connect said last; empty for a connector that it does not know. */
  List<ConnectorStatus> status(String connector) {
    requireWorker();
    ConnectorStatus status = statuses.get(connector);
    return status == null ? List.of() : List.of(status);
  }

  private void requireWorker() {
    RuntimeException reason = broken;
    if (reason != null) {
      throw new IllegalStateException("The worker is gone: " + reason.getMessage(), reason);
    }
  }

  /** Sends a document; waits while the worker is being started. */
  synchronized void submit(String connector, Map<String, String> config) {
    requireWorker();
    JsonNode unused = rest().put(connector, config);
  }

  synchronized void delete(String connector) {
    requireWorker();
    rest().delete(connector);
  }

  /** Restarts a task. False if the worker was away, or is not yet so far: another try will tell. */
  boolean restartTask(String connector) {
    try {
      rest().restartTask(connector, 0);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void watch() {
    for (int i = 0; !closed; i++) {
      try {
        if (takeEvents() && killBy == 0) {
          killBy = System.nanoTime() + TOGETHER.toNanos();
        }
        if (killBy != 0 && (System.nanoTime() > killBy || !isKillAwaited())) {
          killBy = 0;
          startAgain();
        } else if (i % STATUS_EVERY == 0) {
          statuses = rest().statuses();
        }
        TimeUnit.MILLISECONDS.sleep(30);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!worker.isRunning() && !closed) {
          broken = e;
          return;
        }
      }
    }
  }

  /** Returns whether one of them stands still and waits for the worker to be killed. */
  private boolean takeEvents() {
    boolean kill = false;
    for (String event : control.happened(seen)) {
      seen++;
      String[] parts = event.split("\t", 3);
      CrashStop stop = CrashStop.parse(parts[2]);
      CrashPlan plan = plans.get(parts[0]);
      if (plan != null) {
        plan.happened();
      }
      report.happened(stop);
      kill |= stop.kills();
    }
    return kill;
  }

  private boolean isKillAwaited() {
    return plans.values().stream()
        .map(CrashPlan::next)
        .anyMatch(stop -> stop != null && stop.kills());
  }

  private synchronized void startAgain() {
    away = true;
    statuses = Map.of();
    count();
    worker.kill();
    control.close();
    worker.start();
    control = FaultControl.connect(worker.metrics().url());
    seen = 0;
    plans.values().forEach(plan -> control.arm(plan.name(), plan.remaining()));
    away = false;
  }

  /** How often each step was reached since the worker's start, for the report. */
  private void count() {
    control.counts((where, count) -> report.reached(where[1], count));
  }

  @Override
  public void close() {
    closed = true;
    count();
    watch.interrupt();
    control.close();
    worker.stop();
  }
}
