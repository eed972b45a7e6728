package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.it.AwaitedPlan.Nudge;
import io.pgduplex.stack.ConnectorStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A link in the crash test: stops come, failed tasks are restarted, and at last both sides must be the same. */
final class CrashLink implements AutoCloseable {

  /** In the order in which they are submitted. */
  static final List<String> CONNECTORS =
      List.of("reverse-source", "forward-sink", "forward-source", "reverse-sink");

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration RESTART_AGAIN = Duration.ofSeconds(15);
  private static final Pattern INJECTED =
      Pattern.compile("injected (\\S+#\\S+): ([^\\n]+?\\((?:before|after)\\))");

  private final String name;
  private final CrashWorker worker;
  private final CrashReport report;
  private final Side a;
  private final Side b;
  private final Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
  private final Map<String, Restarted> restarted = new HashMap<>();
  private final List<CrashWorkload> workloads = new ArrayList<>();
  private @Nullable CrashDefinitions definitions;
  private final CrashComparison comparison;
  private @Nullable TornWatcher watcher;
  private long mark;
  private int plans;

  /** How the workload's transactions follow each other: so that the sink takes many together, or each alone. */
  enum Pace {
    FAST,
    SLOW;

    private static final Duration APART = Duration.ofMillis(50);

    void run(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
      if (this == SLOW) {
        LockSupport.parkNanos(APART.toNanos());
      }
    }
  }

  /** Which failures of a task have been answered by a restart, and when. */
  private record Restarted(Set<String> faults, long at) {}

  CrashLink(String name, CrashWorker worker, CrashReport report) throws SQLException {
    this.name = name;
    this.worker = worker;
    this.report = report;
    this.a = new Side(SharedStack.get().a(), name + "_a");
    this.b = new Side(SharedStack.get().b(), name + "_b");
    for (Side side : List.of(a, b)) {
      side.server().createDatabase(side.database());
      PlainRole.prepare(side);
    }
    PlainRole.followStatements(a);
    a.execute(CrashWorkload.CREATE);
    a.execute(CrashWorkload.FILL);
    b.execute(CrashWorkload.ONLY_HERE);
    comparison = new CrashComparison(a, b);
  }

  String name() {
    return name;
  }

  CrashLink twoWay() throws SQLException {
    CONNECTORS.forEach(this::document);
    workloads.add(new CrashWorkload(a, "A"));
    workloads.add(new CrashWorkload(b, "B"));
    definitions = new CrashDefinitions(a, b);
    return this;
  }

  CrashLink oneWay() throws SQLException {
    CONNECTORS.stream().filter(name -> name.startsWith("forward")).forEach(this::document);
    Objects.requireNonNull(connectors.get(name + "-forward-sink")).put("link.two.way", "false");
    workloads.add(new CrashWorkload(a, "A"));
    definitions = new CrashDefinitions(a, null);
    return this;
  }

  private void document(String document) {
    Side side = document.equals("forward-source") || document.equals("reverse-sink") ? a : b;
    Map<String, String> config = TestLink.example(document);
    config.replaceAll((option, value) -> value.replace("bank", name));
    config.put("database.hostname", side.server().host());
    config.put("database.port", String.valueOf(side.server().port()));
    config.put("database.user", PlainRole.NAME);
    config.put("database.password", PlainRole.PASSWORD);
    config.put("database.dbname", side.database());
    if (document.endsWith("source")) {
      config.put(
          "table.include.list",
          CrashWorkload.TABLES.stream().map("public\\."::concat).collect(Collectors.joining(",")));
      config.put("heartbeat.interval.ms", "1000");
      // Debezium probes its connection as often; nobody waits long for that step.
      config.put("status.update.interval.ms", "500");
    } else {
      // A repeat that is taken for new must not pass for a conflict that was resolved.
      config.put("conflict.policy", "task_failed");
      config.put("target.object.owner", PlainRole.owner(side));
      config.put("retry.backoff.ms", "50");
      config.put("progress.interval.ms", "500");
      config.put("transaction.buffer.rows", "100");
      config.put("batch.size", "50");
      // A worker that was killed is there again after about as long.
      config.put("consumer.override.session.timeout.ms", "2000");
      config.put("consumer.override.heartbeat.interval.ms", "300");
    }
    connectors.put(name + "-" + document, config);
  }

  /** Sends the documents. */
  CrashLink submit() {
    connectors.forEach(worker::submit);
    return this;
  }

  /** Returns when the first copy is over and both sides can be written to. */
  CrashLink awaitStreaming() throws SQLException {
    String reverse = "pgduplex_" + name + "_reverse";
    Awaitility.await("the first copy of " + name)
        .atMost(PATIENCE)
        // Rows of one table may come in two transactions: only at the end are B's there too.
        .until(() -> comparison.hasArrived("A", mark)
            && comparison.hasWhatIsMadeLast()
            && b.value("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '"
                    + reverse + "'")
                .equals("1"));
    settle();
    return this;
  }

  void watch() {
    watcher = new TornWatcher(a, b);
  }

  /** Runs the workload once on each side that is written to, while A changes tables. */
  void pass(Pace pace) throws SQLException {
    rows(pace);
    if (definitions != null) {
      definitions.run(pace);
    }
  }

  /** The same, while tables stay as they are. */
  void rows(Pace pace) throws SQLException {
    for (CrashWorkload workload : workloads) {
      workload.run(pace);
    }
  }

  /** Lets a sink's partition be revoked and assigned again. */
  void rebalance(String sink) {
    ForeignConsumer.visit(name + "-" + sink, name + "." + sink.replace("-sink", ""));
  }

  /**
   * Stops tasks while the workload runs, lets them go on, and compares.
   *
   * @param queues stops that come one after the other, several such sequences at the same time
   * @param defines whether A changes tables meanwhile
   * @param nudge makes a stop happen that does not come by itself
   */
  void crash(List<List<CrashStop>> queues, boolean defines, Nudge nudge) throws SQLException {
    List<AwaitedPlan> awaited = arm(queues);
    try {
      if (defines) {
        pass(Pace.FAST);
      } else {
        rows(Pace.FAST);
      }
      while (awaited.stream().anyMatch(AwaitedPlan::isOpen)) {
        heal();
        for (AwaitedPlan plan : awaited) {
          plan.advance(nudge);
        }
        pause();
      }
      settle();
    } finally {
      awaited.forEach(plan -> worker.disarm(plan.plan()));
    }
  }

  /**
   * The same while the first copy is made; between its attempts rows and tables come, change and go. But who changes tables
   * all the time lets no copy begin.
   */
  void crashFirstCopy(List<List<CrashStop>> queues) throws SQLException {
    List<AwaitedPlan> awaited = arm(queues);
    try {
      submit();
      int open = 0;
      while (awaited.stream().anyMatch(AwaitedPlan::isOpen)) {
        heal();
        for (AwaitedPlan plan : awaited) {
          plan.advance((stop, attempt) -> rows(Pace.FAST));
        }
        int remaining =
            awaited.stream().mapToInt(plan -> plan.plan().remaining().size()).sum();
        if (remaining != open) {
          open = remaining;
          pass(Pace.FAST);
        }
        pause();
      }
      settle();
    } finally {
      awaited.forEach(plan -> worker.disarm(plan.plan()));
    }
  }

  private List<AwaitedPlan> arm(List<List<CrashStop>> queues) {
    List<AwaitedPlan> awaited = new ArrayList<>();
    for (List<CrashStop> queue : queues) {
      List<CrashStop> here = queue.stream().map(stop -> stop.of(name)).toList();
      CrashPlan plan = new CrashPlan(name + "/" + ++plans, here);
      worker.arm(plan);
      awaited.add(new AwaitedPlan(plan, worker, report));
    }
    return awaited;
  }

  /** Writes a last row on each side, waits until the other side has it, and compares everything. */
  void settle() throws SQLException {
    mark++;
    for (CrashWorkload workload : workloads) {
      workload.mark(mark);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!haveArrived()) {
      heal();
      if (worker.isAway()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("After " + PATIENCE.toSeconds()
            + " s the last rows or definitions have not arrived: "
            + comparison.missing(mark) + "\n" + describe());
      }
      pause();
    }
    long ledgerRows = workloads.stream().mapToLong(CrashWorkload::ledgerRows).sum();
    comparison.check(ledgerRows);
    if (watcher != null) {
      assertThat(watcher.violations()).as("torn states").isEmpty();
    }
  }

  private boolean haveArrived() throws SQLException {
    for (CrashWorkload workload : workloads) {
      if (!comparison.hasArrived(workload.side(), mark)) {
        return false;
      }
    }
    return comparison.hasWhatIsMadeLast();
  }

  /** Restarts tasks that a stop has failed. One that failed otherwise is what the test looks for. */
  private void heal() {
    for (String connector : connectors.keySet()) {
      for (ConnectorStatus status : worker.status(connector)) {
        if (status.hasFailed()) {
          restart(connector, status.describe());
        }
      }
    }
  }

  private void restart(String connector, String trace) {
    Set<String> faults = new TreeSet<>();
    INJECTED.matcher(trace).results().forEach(found -> {
      faults.add(found.group(1));
      report.failedTask(found.group(2));
    });
    if (faults.isEmpty()) {
      throw new AssertionError(connector + " failed by itself: " + trace);
    }
    Restarted before = restarted.get(connector);
    boolean known = before != null
        && before.faults().equals(faults)
        && System.nanoTime() - before.at() < RESTART_AGAIN.toNanos();
    if (!known && worker.restartTask(connector)) {
      restarted.put(connector, new Restarted(faults, System.nanoTime()));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String describe() {
    return connectors.keySet().stream()
        .flatMap(connector -> worker.status(connector).stream())
        .map(ConnectorStatus::describe)
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
    workloads.forEach(CrashWorkload::close);
    if (definitions != null) {
      definitions.close();
    }
    comparison.close();
    connectors.keySet().forEach(worker::delete);
    drop(a, "forward");
    drop(b, "reverse");
  }

  private void drop(Side side, String direction) {
    Side maintenance = new Side(side.server(), "postgres");
    String slot = "slot_name = 'pgduplex_" + name + "_" + direction + "'";
    // A connector that was deleted a moment ago may take it once more.
    Awaitility.await(slot + " to be gone")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> {
          String all = " FROM pg_replication_slots WHERE " + slot;
          maintenance.column("SELECT pg_terminate_backend(active_pid)" + all + " AND active");
          side.column("SELECT pg_drop_replication_slot(slot_name)" + all + " AND NOT active");
          return maintenance.column("SELECT 1" + all).isEmpty();
        });
    maintenance.execute("DROP DATABASE " + side.database() + " WITH (FORCE)");
    PlainRole.cleanUp(maintenance, side.database());
    maintenance.column(
        "SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname LIKE 'pgduplex\\_"
            + name + "\\_%'");
  }
}
