package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.database.CatalogComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/**
 * Random statements on A among random rows, while B writes rows of its own to the tables as it has them, and directions are
 * held up and begun anew, and the worker is killed: at rest both sides have the same tables and rows, and no change met another. The seed is printed;
 * {@code -Dpgduplex.it.seed} repeats a run as far as timing lets it, {@code -Dpgduplex.it.rounds} makes it longer.
 */
class RandomDdlIT {

  private static final long SEED = Long.getLong("pgduplex.it.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("pgduplex.it.rounds", 8);
  private static final int TRANSACTIONS = 25;

  private final Random random = new Random(SEED);

  @Test
  void bothSidesAreTheSameAtRest() throws Exception {
    System.out.println("RandomDdlIT: -Dpgduplex.it.seed=" + SEED);
    try (TestLink link = TestLink.named("random_ddl")) {
      PlainRole.followStatements(link.a());
      link.a()
          .execute(
              "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE kept (id int PRIMARY KEY, mood mood)");
      link.twoWay("public\\..*").with("forward-source", "ddl.sync", "true").start();
      Disturbance disturbance = new Disturbance(link, random);
      try (RandomSchemaWriter a = new RandomSchemaWriter(link.a(), 0, new Random(SEED));
          RandomSchemaWriter b = new RandomSchemaWriter(link.b(), 1, new Random(~SEED))) {
        for (int round = 0; round < ROUNDS; round++) {
          disturbance.disturb(round == ROUNDS - 1);
          both(() -> writeAll(a, true), () -> writeAll(b, false));
        }
        try {
          awaitRest(link);
          compare(link);
        } catch (Throwable e) {
          throw new AssertionFailedError(
              "Seed " + SEED + ": " + e.getMessage() + "\nA:\n" + a + "\nB:\n" + b, e);
        }
      }
    }
  }

  /** Statements of one side's. */
  @FunctionalInterface
  private interface Writes {
    void run() throws Exception;
  }

  private static void writeAll(RandomSchemaWriter writer, boolean definitions) throws SQLException {
    for (int i = 0; i < TRANSACTIONS; i++) {
      writer.write(definitions);
    }
  }

  private static void both(Writes one, Writes other) throws Exception {
    AtomicReference<Exception> failed = new AtomicReference<>();
    Thread thread = new Thread(() -> {
      try {
        other.run();
      } catch (Exception e) {
        failed.set(e);
      }
    });
    thread.start();
    try {
      one.run();
    } finally {
      thread.join();
    }
    if (failed.get() != null) {
      throw failed.get();
    }
  }

  /** What was on its way has come, there and back. */
  private static void awaitRest(TestLink link) {
    for (int mark = 1; mark <= 2; mark++) {
      int id = mark;
      link.a().execute("INSERT INTO kept VALUES (" + id + ")");
      link.await(
          "A's mark",
          () -> !link.b().column("SELECT 1 FROM kept WHERE id = " + id).isEmpty());
      link.b().execute("INSERT INTO kept VALUES (-" + id + ")");
      link.await(
          "B's mark",
          () -> !link.a().column("SELECT 1 FROM kept WHERE id = -" + id).isEmpty());
    }
  }

  private static void compare(TestLink link) throws SQLException {
    try (Connection a = link.a().connect();
        Connection b = link.b().connect()) {
      assertThat(CatalogComparison.differences(
              a, b, List.of("pgduplex", "pgduplex_ddl"), object -> true))
          .isEmpty();
    }
    assertThat(tables(link.b())).isEqualTo(tables(link.a()));
    for (String table : tables(link.a())) {
      String columns = link.a().columns(table);
      assertThat(link.b().rows(table, columns)).as(table).isEqualTo(link.a().rows(table, columns));
    }
    // A table that is written anew looks like one that was emptied: what B writes to it then is
    // settled.
    String conflicts =
        "SELECT c::text FROM pgduplex.conflicts c WHERE policy <> 'settlement' ORDER BY id";
    assertThat(link.a().column(conflicts)).as("conflicts at A").isEmpty();
    assertThat(link.b().column(conflicts)).as("conflicts at B").isEmpty();
  }

  private static Set<String> tables(Side side) {
    return new TreeSet<>(
        side.column(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"));
  }
}
