package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectorStatus;
import io.pgduplex.stack.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A link in the crash test: stops come, failed tasks are restarted, and at last both sides must be the same. */
final class CrashLink implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration NUDGE_EVERY = Duration.ofSeconds(2);
  private static final Duration RESTART_AGAIN = Duration.ofSeconds(15);
  private static final int NUDGES = 8;
  private static final Pattern INJECTED =
      Pattern.compile("injected (\\S+#\\S+): ([^\\n]+?\\((?:before|after)\\))");

  private final String name;
  private final CrashWorker worker;
  private final CrashReport report;
  private final Side a;
  private final Side b;
  private final Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
  private final Map<String, Restarted> restarted = new LinkedHashMap<>();
  private @Nullable CrashWorkload onA;
  private @Nullable CrashWorkload onB;
  private @Nullable TornWatcher watcher;
  private long mark;
  private int plans;

  /** Which failures of a task have been answered by a restart, and when. */
  private record Restarted(Set<String> faults, long at) {}

  CrashLink(String name, CrashWorker worker, CrashReport report) {
    this.name = name;
    this.worker = worker;
    this.report = report;
    this.a = new Side(SharedStack.get().a(), name + "_a");
    this.b = new Side(SharedStack.get().b(), name + "_b");
    for (Side side : List.of(a, b)) {
      side.server().createDatabase(side.database());
      side.execute(CrashWorkload.CREATE);
    }
    a.execute(CrashWorkload.FILL);
  }

  String name() {
    return name;
  }

  Side a() {
    return a;
  }

  CrashLink twoWay() throws SQLException {
    document("reverse-source", b);
    document("forward-sink", b);
    document("forward-source", a);
    document("reverse-sink", a);
    onA = new CrashWorkload(a, "A");
    onB = new CrashWorkload(b, "B");
    return this;
  }

  CrashLink oneWay() throws SQLException {
    document("forward-source", a);
    document("forward-sink", b);
    onA = new CrashWorkload(a, "A");
    return this;
  }

  private void document(String document, Side side) {
    Map<String, String> config = TestLink.example(document);
    config.replaceAll((option, value) -> value.replace("bank", name));
    config.put("database.hostname", side.server().host());
    config.put("database.port", String.valueOf(side.server().port()));
    config.put("database.user", PostgresServer.USER);
    config.put("database.password", side.server().password());
    config.put("database.dbname", side.database());
    if (document.endsWith("source")) {
      config.put(
          "table.include.list",
          CrashWorkload.TABLES.stream()
              .map("public\\."::concat)
              .reduce((x, y) -> x + "," + y)
              .orElseThrow());
      config.put("heartbeat.interval.ms", "1000");
    } else {
      // A repeat that is taken for new must not pass for a conflict that was resolved.
      config.put("conflict.policy", "task_failed");
      config.put("retry.backoff.ms", "50");
      config.put("progress.interval.ms", "500");
      config.put("transaction.buffer.rows", "100");
      config.put("batch.size", "50");
      config.put("consumer.override.heartbeat.interval.ms", "300");
    }
    connectors.put(name + "-" + document, config);
  }

  /** Sends the documents. */
  CrashLink submit() {
    connectors.forEach((connector, config) -> worker.rest().put(connector, config));
    return this;
  }

  /** Returns when the first copy is over and both sides can be written to. */
  CrashLink awaitStreaming() throws SQLException {
    Awaitility.await("the first copy of " + name)
        .atMost(PATIENCE)
        .until(() -> b.column("SELECT count(*) FROM marker").equals(List.of("2"))
            && b.column("SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = 'pgduplex_"
                        + name + "_reverse'")
                    .size()
                == 1);
    settle();
    return this;
  }

  void watch() {
    watcher = new TornWatcher(a, b);
  }

  /** Runs the workload once on each side that is written to. */
  void pass() throws SQLException {
    for (CrashWorkload workload : workloads()) {
      workload.run();
    }
  }

  private List<CrashWorkload> workloads() {
    List<CrashWorkload> all = new ArrayList<>();
    if (onA != null) {
      all.add(onA);
    }
    if (onB != null) {
      all.add(onB);
    }
    return all;
  }

  /**
   * Stops tasks while the workload runs, lets them go on, and compares.
   *
   * @param queues stops that come one after the other, several such sequences at the same time
   * @param nudge makes a stop happen that does not come by itself
   */
  void crash(List<List<CrashStop>> queues, Consumer<CrashStop> nudge) throws SQLException {
    List<Awaited> awaited = new ArrayList<>();
    for (List<CrashStop> queue : queues) {
      List<CrashStop> here = queue.stream().map(stop -> stop.of(name)).toList();
      awaited.add(new Awaited(new CrashPlan(name + "/" + ++plans, here)));
    }
    awaited.forEach(one -> worker.arm(one.plan));
    try {
      pass();
      while (awaited.stream().anyMatch(one -> one.plan.next() != null)) {
        heal();
        awaited.forEach(one -> one.advance(nudge));
        pause();
      }
      settle();
    } finally {
      awaited.forEach(one -> worker.disarm(one.plan));
    }
  }

  /** A plan whose stops are waited for. */
  private final class Awaited {
    private final CrashPlan plan;
    private @Nullable CrashStop last;
    private long nudged;
    private int nudges;

    Awaited(CrashPlan plan) {
      this.plan = plan;
    }

    /** Brings the next stop about, at first if nothing else does, then again from time to time. */
    void advance(Consumer<CrashStop> nudge) {
      CrashStop next = plan.next();
      if (next == null) {
        return;
      }
      boolean isNew = !next.equals(last);
      boolean comesByItself = last != null && last.connector().equals(next.connector());
      if (isNew) {
        nudges = 0;
        nudged = System.nanoTime();
        last = next;
      }
      if (worker.isAway()) {
        nudged = System.nanoTime();
        return;
      }
      boolean due = isNew ? !comesByItself : System.nanoTime() - nudged > NUDGE_EVERY.toNanos();
      if (due) {
        if (nudges++ > NUDGES) {
          report.notReached(next);
          plan.giveUp();
          return;
        }
        nudged = System.nanoTime();
        nudge.accept(next);
      }
    }
  }

  /** Writes a last row on each side, waits until the other side has it, and compares everything. */
  void settle() throws SQLException {
    mark++;
    for (CrashWorkload workload : workloads()) {
      workload.mark(mark);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!arrived(b, "A", onA) || !arrived(a, "B", onB)) {
      heal();
      if (worker.isAway()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "After " + PATIENCE.toSeconds() + " s the last rows have not arrived: " + describe());
      }
      pause();
    }
    compare();
  }

  private boolean arrived(Side side, String from, @Nullable CrashWorkload workload) {
    return workload == null
        || side.column("SELECT n FROM marker WHERE side = '" + from + "'")
            .equals(List.of(Long.toString(mark)));
  }

  private void compare() {
    for (String table : CrashWorkload.TABLES) {
      String columns = a.columns(table);
      if (!a.checksum(table, columns).equals(b.checksum(table, columns))) {
        List<String> onlyA = a.rows(table, columns);
        List<String> onlyB = b.rows(table, columns);
        List<String> all = List.copyOf(onlyA);
        onlyB.forEach(onlyA::remove);
        all.forEach(onlyB::remove);
        throw new AssertionError(
            table + ": only on A " + shortened(onlyA) + ", only on B " + shortened(onlyB));
      }
    }
    long expected = workloads().stream().mapToLong(CrashWorkload::ledgerRows).sum();
    assertThat(b.value("SELECT count(*) FROM ledger"))
        .as("rows of the ledger")
        .isEqualTo(Long.toString(expected));
    for (Side side : List.of(a, b)) {
      if (!side.column("SELECT to_regclass('pgduplex.conflicts')").equals(List.of("null"))) {
        assertThat(
                side.column(
                    "SELECT type || ' ' || table_name || ' ' || coalesce(key, incoming)::text FROM pgduplex.conflicts LIMIT 20"))
            .as("conflicts on " + side.database())
            .isEmpty();
      }
    }
    if (watcher != null) {
      assertThat(watcher.violations()).as("torn states").isEmpty();
    }
  }

  private static List<String> shortened(List<String> rows) {
    return rows.stream()
        .limit(20)
        .map(row -> row.length() <= 80 ? row : row.substring(0, 80) + "…")
        .toList();
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
    StringBuilder text = new StringBuilder();
    connectors
        .keySet()
        .forEach(connector -> worker
            .status(connector)
            .forEach(status -> text.append(status.describe()).append('\n')));
    return text.toString();
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
    workloads().forEach(CrashWorkload::close);
    connectors.keySet().forEach(connector -> worker.rest().delete(connector));
    drop(a, "forward");
    drop(b, "reverse");
  }

  private void drop(Side side, String direction) {
    Side maintenance = new Side(side.server(), "postgres");
    String slot = "slot_name = 'pgduplex_" + name + "_" + direction + "'";
    Awaitility.await(slot + " to be free")
        .atMost(PATIENCE)
        .until(() -> maintenance
            .column(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND "
                    + slot)
            .isEmpty());
    side.column(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE " + slot);
    maintenance.execute("DROP DATABASE " + side.database() + " WITH (FORCE)");
    maintenance.column(
        "SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin WHERE roname LIKE 'pgduplex\\_"
            + name + "\\_%'");
  }
}
