package io.pgduplex.it;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Several links on one worker, among which the combinations of stops are divided. */
final class CrashRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REBALANCE = Duration.ofSeconds(5);
  private static final int TOO_MANY_FAILURES = 10;

  private final CrashReport report;
  private final CrashWorker worker;
  private final CrashSteps steps;
  private final ExecutorService threads;
  private final LinkedBlockingQueue<CrashLink> idle = new LinkedBlockingQueue<>();
  private final AtomicInteger links = new AtomicInteger();
  private final Map<String, Map<String, Integer>> seen = new HashMap<>();

  /**
   * Stops that come one after the other, and several such sequences at the same time.
   *
   * @param origin what they come from, for messages
   */
  record Combination(String origin, List<List<CrashStop>> queues) {}

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
        .submit();
    link.awaitStreaming().pass();
    link.settle();
    link.watch();
    return link;
  }

  /** Lets one healthy link go through everything, to know what there is to stop at. */
  void learn() throws SQLException, InterruptedException {
    CrashLink link = idle.take();
    Map<String, Map<String, Integer>> unused = reachedSince(link);
    link.pass();
    link.settle();
    Awaitility.await("offsets to be committed")
        .atMost(PATIENCE)
        .until(() -> !since(link, "source: store offsets (after)", true).isEmpty()
            && !since(link, "sink: offsets committed (after)", true).isEmpty());
    steps.learn(CrashSteps.Trigger.WORKLOAD, reachedSince(link));
    for (String connector :
        List.of("forward-source", "forward-sink", "reverse-source", "reverse-sink")) {
      worker.rest().restartTask(link.name() + "-" + connector, 0);
    }
    link.pass();
    link.settle();
    steps.learn(CrashSteps.Trigger.RESTART, reachedSince(link));
    rebalance(link, link.name() + "-forward-sink");
    rebalance(link, link.name() + "-reverse-sink");
    link.settle();
    steps.learn(CrashSteps.Trigger.REBALANCE, reachedSince(link));
    idle.add(link);
  }

  private Map<String, Integer> since(CrashLink link, String step, boolean peek) {
    return reached(link, peek).getOrDefault(step, Map.of());
  }

  private Map<String, Map<String, Integer>> reachedSince(CrashLink link) {
    return reached(link, false);
  }

  /** By step, then by connector: how often it was reached since the last time. */
  private Map<String, Map<String, Integer>> reached(CrashLink link, boolean peek) {
    String prefix = link.name() + "-";
    Map<String, Map<String, Integer>> fresh = new TreeMap<>();
    worker.control().counts((where, count) -> {
      if (where[0].startsWith(prefix)) {
        String connector = where[0].substring(prefix.length());
        Map<String, Integer> before = seen.computeIfAbsent(where[1], step -> new HashMap<>());
        int more = count - before.getOrDefault(connector, 0);
        if (more > 0) {
          fresh.computeIfAbsent(where[1], step -> new TreeMap<>()).put(connector, more);
        }
        if (!peek) {
          before.put(connector, count);
        }
      }
    });
    return fresh;
  }

  /** Runs the combinations, as many at a time as there are links. */
  void run(List<Combination> combinations) {
    join(combinations.stream()
        .<Future<?>>map(one -> threads.submit(() -> {
          run(one);
          return null;
        }))
        .toList());
  }

  private void run(Combination combination) throws InterruptedException, SQLException {
    if (report.failures().size() >= TOO_MANY_FAILURES) {
      return;
    }
    CrashLink link = idle.take();
    try {
      long start = System.nanoTime();
      link.crash(combination.queues(), stop -> nudge(link, stop));
      report.took(combination, Duration.ofNanos(System.nanoTime() - start));
      idle.add(link);
    } catch (AssertionError | RuntimeException | SQLException e) {
      report.failed(combination.origin() + " on " + link.name() + ": " + combination.queues() + "\n"
          + e + "\nlog: " + worker.log());
      // What is wrong with this one must not spoil the next.
      idle.add(newLink());
    }
    report.combinationDone();
  }

  private void nudge(CrashLink link, CrashStop stop) {
    try {
      switch (steps.trigger(stop.step())) {
        case WORKLOAD -> link.pass();
        case RESTART -> {
          boolean unused = worker.restartTask(stop.connector());
        }
        case REBALANCE -> rebalance(link, stop.connector());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One more consumer joins the sink's group and leaves it again; it may get the partition meanwhile. */
  private static void rebalance(CrashLink link, String sink) {
    String direction = sink.contains("forward") ? "forward" : "reverse";
    Properties properties = new Properties();
    properties.put(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedStack.get().broker().bootstrapServers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, "connect-" + sink);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "300");
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(link.name() + "." + direction));
      long deadline = System.nanoTime() + REBALANCE.toNanos();
      while (consumer.groupMetadata().generationId() < 0 && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100));
      }
    }
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
