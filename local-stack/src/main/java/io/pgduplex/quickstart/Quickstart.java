package io.pgduplex.quickstart;

import io.pgduplex.quickstart.BankWorkload.Branches;
import io.pgduplex.stack.PostgresServer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Starts two databases, a broker and a worker, links the databases both ways, writes on both sides at once and shows what
 * happens. {@code --check} does it for a bounded time and compares.
 */
public final class Quickstart {

  private static final int BRANCHES_EACH = 5;
  private static final int ACCOUNTS_EACH = 2_000;
  private static final int CLIENTS = 2;
  private static final Duration QUIET = Duration.ofMinutes(2);

  private final QuickstartOptions options;
  private final PrintStream out;
  private final boolean terminal;

  private Quickstart(QuickstartOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.terminal = Boolean.getBoolean("pgduplex.terminal");
  }

  /** Exits with 0, with 1 if the sides differ or something failed, with 2 if an argument is wrong. */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.println(QuickstartOptions.USAGE);
      return;
    }
    try {
      QuickstartOptions options = QuickstartOptions.parse(List.of(arguments));
      System.exit(
          new Quickstart(options, System.out).run(Path.of(System.getProperty("pgduplex.root", ".")))
              ? 0
              : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + QuickstartOptions.USAGE);
      System.exit(2);
    } catch (Exception e) {
      System.err.println("quickstart failed: " + e.getMessage());
      e.printStackTrace();
      System.exit(1);
    }
  }

  private boolean run(Path root) throws Exception {
    try (BankLink link = BankLink.start(root, options, this::line)) {
      line("Logs are in " + link.stack().logs());
      link.createDatabases(new Branches(1, 2 * BRANCHES_EACH, ACCOUNTS_EACH));
      line("A has tables and rows, B is empty");
      link.submit(this::line);
      link.awaitStreaming(this::line);
      line("Both directions stream");
      introduce(link);
      try (BankWorkload onA = workload(link.a(), 1);
          BankWorkload onB = workload(link.b(), 1 + BRANCHES_EACH)) {
        onA.start(CLIENTS, 1);
        onB.start(CLIENTS, 2);
        watch(link);
        return verdict(link, onA.stop(), onB.stop());
      }
    }
  }

  private BankWorkload workload(PostgresServer server, int firstBranch) {
    // A rate below the number of clients is rounded up to one transaction a second for each of
    // them.
    long each = options.rate() == 0 ? 0 : Math.max(1, options.rate() / CLIENTS);
    return new BankWorkload(
        () -> server.connect(BankLink.DATABASE),
        new Branches(firstBranch, BRANCHES_EACH, ACCOUNTS_EACH),
        each);
  }

  private void introduce(BankLink link) {
    out.println();
    for (PostgresServer server : List.of(link.a(), link.b())) {
      out.println("  " + server.name() + ", PostgreSQL " + server.version());
      out.println("    " + server.jdbcUrl(BankLink.DATABASE) + "?user=" + PostgresServer.USER
          + "&password=" + server.password());
      out.println("    psql postgresql://" + PostgresServer.USER + ":" + server.password() + "@"
          + server.host() + ":" + server.port() + "/" + BankLink.DATABASE);
    }
    out.println("  Kafka Connect REST: " + link.stack().worker().restUri());
    out.println(options.check() ? "" : "  Ctrl-C ends everything\n");
  }

  private void watch(BankLink link) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(options.seconds()).toNanos();
    Sample before = Sample.of(link);
    int drawn = 0;
    while (!options.check() || System.nanoTime() < end) {
      Thread.sleep(terminal ? 1_000 : 5_000);
      Sample now = Sample.of(link);
      if (terminal && drawn > 0) {
        out.print("\u001b[" + drawn + "A\u001b[J");
      }
      List<String> lines = LiveTable.lines(before, now);
      lines.forEach(out::println);
      drawn = lines.size();
      before = now;
    }
  }

  private boolean verdict(BankLink link, long transactionsOnA, long transactionsOnB)
      throws Exception {
    line("The writers have stopped; waiting until both sides are quiet");
    long rowsLoaded = 2L * BRANCHES_EACH * (1 + BankWorkload.TELLERS_PER_BRANCH + ACCOUNTS_EACH);
    long forward = rowsLoaded + transactionsOnA * BankWorkload.CHANGES_PER_TRANSACTION;
    long reverse = transactionsOnB * BankWorkload.CHANGES_PER_TRANSACTION;
    Sample last = awaitQuiet(link, forward, reverse);
    long mismatches = Comparison.mismatches(link);
    long looped =
        Math.abs(last.forward().changes() - forward) + Math.abs(last.reverse().changes() - reverse);
    out.printf(
        Locale.ROOT,
        "pgduplex check: rows A=%d B=%d, applied forward=%d reverse=%d, loop-backs dropped forward=%d reverse=%d, looped=%d,"
            + " mismatches=%d%n",
        Sample.rows(last.a()),
        Sample.rows(last.b()),
        last.forward().changes(),
        last.reverse().changes(),
        last.forward().dropped(),
        last.reverse().dropped(),
        looped,
        mismatches);
    return mismatches == 0 && looped == 0;
  }

  /** Quiet: everything that was written has been applied, and from one look to the next nothing moves. */
  private static Sample awaitQuiet(BankLink link, long forward, long reverse) throws Exception {
    long deadline = System.nanoTime() + QUIET.toNanos();
    Sample before = Sample.of(link);
    while (true) {
      Thread.sleep(3_000);
      Sample now = Sample.of(link);
      boolean moved = now.forward().changes() != before.forward().changes()
          || now.reverse().changes() != before.reverse().changes()
          || now.forward().dropped() != before.forward().dropped()
          || now.reverse().dropped() != before.reverse().dropped();
      boolean applied = now.forward().changes() >= forward && now.reverse().changes() >= reverse;
      if ((applied && !moved) || System.nanoTime() > deadline) {
        return now;
      }
      before = now;
    }
  }

  private void line(String text) {
    out.println("» " + text);
  }
}
