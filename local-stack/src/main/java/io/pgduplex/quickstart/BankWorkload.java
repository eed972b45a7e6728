package io.pgduplex.quickstart;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * pgbench's TPC-B-like transaction on pgbench's four tables: three updates, one of them of a hot row, a select and an
 * insert into {@code pgbench_history}, which has no key.
 *
 * <p>Each side works on branches of its own, so that the two sides do not write the same row at the same time.
 */
public final class BankWorkload implements AutoCloseable {

  /** The tables, in the order in which they are filled. */
  public static final List<String> TABLES =
      List.of("pgbench_branches", "pgbench_tellers", "pgbench_accounts", "pgbench_history");

  static final int TELLERS_PER_BRANCH = 10;

  /** Rows written by one transaction. */
  static final int CHANGES_PER_TRANSACTION = 4;

  private final Connector connector;
  private final Branches branches;
  private final long transactionsPerSecond;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Opens a connection to the side that is worked on. */
  @FunctionalInterface
  public interface Connector {
    Connection connect() throws SQLException;
  }

  /**
   * A range of branches.
   *
   * @param first the first, from 1
   * @param count how many
   * @param accountsEach accounts in each of them
   */
  public record Branches(int first, int count, int accountsEach) {}

  /**
   * @param transactionsPerSecond of each client, 0 for as many as it can
   */
  public BankWorkload(Connector connector, Branches branches, long transactionsPerSecond) {
    this.connector = connector;
    this.branches = branches;
    this.transactionsPerSecond = transactionsPerSecond;
  }

  /** Makes the four tables. */
  public static void createTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("""
          CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88));
          CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84));
          CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
          CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
          ALTER TABLE pgbench_branches REPLICA IDENTITY FULL;
          ALTER TABLE pgbench_tellers REPLICA IDENTITY FULL;
          ALTER TABLE pgbench_accounts REPLICA IDENTITY FULL;
          ALTER TABLE pgbench_history REPLICA IDENTITY FULL""");
    }
  }

  /** Fills them as pgbench does. */
  public static void fill(Connection connection, Branches all) throws SQLException {
    int last = all.first() + all.count() - 1;
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO pgbench_branches SELECT g, 0 FROM generate_series(%d, %d) g"
          .formatted(all.first(), last));
      statement.execute(
          "INSERT INTO pgbench_tellers SELECT g, (g - 1) / %d + 1, 0 FROM generate_series(%d, %d) g"
              .formatted(
                  TELLERS_PER_BRANCH,
                  (all.first() - 1) * TELLERS_PER_BRANCH + 1,
                  last * TELLERS_PER_BRANCH));
      statement.execute(
          "INSERT INTO pgbench_accounts SELECT g, (g - 1) / %d + 1, 0, '' FROM generate_series(%d, %d) g"
              .formatted(
                  all.accountsEach(),
                  (all.first() - 1) * all.accountsEach() + 1,
                  last * all.accountsEach()));
    }
  }

  /** Starts that many clients. */
  public BankWorkload start(int clients, long seed) {
    for (int i = 0; i < clients; i++) {
      SplittableRandom random = new SplittableRandom(seed + i);
      Thread thread = new Thread(() -> run(random), "bank-client-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    return this;
  }

  /** Transactions committed so far. */
  public long transactions() {
    return transactions.get();
  }

  /** Stops the clients, each after its transaction; throws if one of them failed. Returns the transactions committed. */
  public long stop() {
    running.set(false);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException(
          "A client of the workload failed: " + thrown.getMessage(), thrown);
    }
    return transactions();
  }

  @Override
  public void close() {
    stop();
  }

  private void run(SplittableRandom random) {
    long pause = transactionsPerSecond == 0 ? 0 : 1_000_000_000L / transactionsPerSecond;
    long next = System.nanoTime();
    try (Connection connection = connector.connect()) {
      connection.setAutoCommit(false);
      while (running.get()) {
        transact(connection, random);
        transactions.incrementAndGet();
        next += pause;
        long wait = next - System.nanoTime();
        if (pause > 0 && wait > 0) {
          Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
      }
    } catch (SQLException | InterruptedException e) {
      failure.compareAndSet(null, e);
      running.set(false);
    }
  }

  private void transact(Connection connection, SplittableRandom random) throws SQLException {
    int branch = branches.first() + random.nextInt(branches.count());
    int teller = (branch - 1) * TELLERS_PER_BRANCH + 1 + random.nextInt(TELLERS_PER_BRANCH);
    int account =
        (branch - 1) * branches.accountsEach() + 1 + random.nextInt(branches.accountsEach());
    int delta = random.nextInt(-5000, 5001);
    update(
        connection,
        "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
        delta,
        account);
    try (PreparedStatement select =
        connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?")) {
      select.setInt(1, account);
      try (ResultSet row = select.executeQuery()) {
        row.next();
      }
    }
    update(
        connection,
        "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?",
        delta,
        teller);
    update(
        connection,
        "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?",
        delta,
        branch);
    update(
        connection,
        "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, clock_timestamp())",
        teller,
        branch,
        account,
        delta);
    connection.commit();
  }

  private static void update(Connection connection, String sql, int... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
