package io.pgduplex.it;

import io.pgduplex.it.CrashSteps.Trigger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** Lets a healthy link go through everything, to know which steps there are and what leads to them. */
final class CrashLesson {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CrashWorker worker;
  private final CrashSteps steps;
  private final CrashLink link;
  private final Map<String, Integer> seen = new HashMap<>();

  /** @param link one that has been started and has run the workload once */
  CrashLesson(CrashWorker worker, CrashSteps steps, CrashLink link) {
    this.worker = worker;
    this.steps = steps;
    this.link = link;
  }

  void learn() throws SQLException {
    Map<String, Map<String, Integer>> atStart = reached();
    link.rows(CrashLink.Pace.FAST);
    link.rows(CrashLink.Pace.SLOW);
    link.settle();
    Map<String, Map<String, Integer>> running = new LinkedHashMap<>();
    Awaitility.await("offsets to be committed").atMost(PATIENCE).until(() -> {
      reached()
          .forEach((step, counts) -> counts.forEach((connector, count) -> running
              .computeIfAbsent(step, name -> new TreeMap<>())
              .merge(connector, count, Integer::sum)));
      return running.containsKey("source: store offsets (after)")
          && running.containsKey("sink: offsets committed (after)");
    });
    steps.learn(Trigger.WORKLOAD, running);
    link.pass(CrashLink.Pace.FAST);
    link.pass(CrashLink.Pace.SLOW);
    link.settle();
    steps.learn(Trigger.DEFINITIONS, reached());
    for (String connector : CrashLink.CONNECTORS) {
      worker.rest().restartTask(link.name() + "-" + connector, 0);
    }
    link.rows(CrashLink.Pace.FAST);
    link.settle();
    steps.learn(Trigger.RESTART, reached());
    link.pass(CrashLink.Pace.FAST);
    link.settle();
    steps.learn(Trigger.DEFINITIONS, reached());
    link.rebalance("forward-sink");
    link.rebalance("reverse-sink");
    link.settle();
    steps.learn(Trigger.REBALANCE, reached());
    steps.learn(Trigger.FIRST_START, atStart);
  }

  /** By step in the order in which they came, then by connector: how often it was reached since the last time. */
  private Map<String, Map<String, Integer>> reached() {
    String prefix = link.name() + "-";
    Map<String, Map<String, Integer>> fresh = new LinkedHashMap<>();
    worker.control().counts((where, count) -> {
      if (where[0].startsWith(prefix)) {
        String connector = where[0].substring(prefix.length());
        Integer before = seen.put(where[0] + where[1], count);
        int more = count - (before == null ? 0 : before);
        if (more > 0) {
          fresh.computeIfAbsent(where[1], step -> new TreeMap<>()).put(connector, more);
        }
      }
    });
    return fresh;
  }
}
