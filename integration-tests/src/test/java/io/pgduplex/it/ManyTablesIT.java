package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.database.CatalogComparison;
import io.pgduplex.stack.ConnectWorker;
import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A link of many tables starts with an empty B, follows rows and statements, starts again, and is measured meanwhile. Only by
 * hand: {@code -Dpgduplex.it.tables=5000}, see docs/benchmarks.md.
 */
@EnabledIfSystemProperty(named = ManyTablesIT.COUNT, matches = "\\d+")
class ManyTablesIT {

  static final String COUNT = "pgduplex.it.tables";

  private static final ManyTables TABLES = new ManyTables(Integer.getInteger(COUNT, 10));

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final List<String> DOCUMENTS =
      List.of("reverse-source", "forward-source", "forward-sink", "reverse-sink");

  private final Figures figures = new Figures();

  @TempDir
  private Path folder;

  @Test
  void startsFollowsAndStartsAgain() throws SQLException {
    PostgresServer a = SharedStack.get().addPostgres("many-a", server());
    PostgresServer b = SharedStack.get().addPostgres("many-b", server());
    Path collections = folder.resolve("gc.log");
    ConnectWorker worker = SharedStack.get()
        .addWorker(SharedStack.worker()
            .group("many-tables")
            .jvmArguments(Footprint.logOfCollections(collections))
            .build());
    try {
      figures.add("tables", Integer.toString(TABLES.count()));
      measureStatementsWithFew(TestLink.between("few", a, b).on(worker));
      try (TestLink link = TestLink.between("many", a, b).on(worker)) {
        run(link);
        figures.addBytes(
            "heap of the worker, most after a collection", Footprint.heap(collections));
        Footprint.resident(worker)
            .ifPresent(bytes -> figures.addBytes("memory of the worker's process, most", bytes));
      }
    } finally {
      worker.stop();
      System.out.println(figures.markdown());
    }
  }

  /** A copy holds a lock on each table and each of its indexes. */
  private static PostgresSettings server() {
    return PostgresSettings.major(18)
        .with("max_locks_per_transaction", Integer.toString(Math.max(64, TABLES.count() / 10)));
  }

  /** What they cost where the link has only a few tables. */
  private void measureStatementsWithFew(TestLink link) {
    ManyTables few = new ManyTables(10);
    try (link) {
      few.create(link.a());
      StatementCost without = costWithoutTriggers(link);
      prepare(link);
      DOCUMENTS.forEach(link::resubmit);
      awaitBothWays(link, few, "first");
      measureStatements(link, "10 tables", without);
    }
  }

  private void run(TestLink link) throws SQLException {
    figures.time("making the tables on A", () -> TABLES.create(link.a()));
    StatementCost without = costWithoutTriggers(link);
    prepare(link);
    start(link);
    compare(link);
    changeRows(link);
    compare(link);
    changeTables(link);
    compare(link);
    figures.time("restart of all connectors until both directions follow", () -> {
      DOCUMENTS.forEach(document -> link.rest().restart(link.connector(document)));
      awaitBothWays(link, TABLES, "again");
    });
    measureStatements(link, TABLES.count() + " tables", without);
    figures.time("resuming after these statements", () -> awaitBothWays(link, TABLES, "last"));
    compare(link);
    figures.addBytes("forward topic", Footprint.topic(link.topic("forward")));
    figures.addBytes("reverse topic", Footprint.topic(link.topic("reverse")));
    figures.addBytes("pgduplex.ddl_log", Footprint.table(link.a(), "pgduplex.ddl_log"));
    figures.addBytes("pgduplex_ddl.tables", Footprint.table(link.a(), "pgduplex_ddl.tables"));
    figures.addBytes("pgduplex.schema_sync", Footprint.table(link.b(), "pgduplex.schema_sync"));
  }

  private static StatementCost costWithoutTriggers(TestLink link) {
    link.a().execute("CREATE SCHEMA outside");
    return StatementCost.in(link.a(), "outside");
  }

  private static void prepare(TestLink link) {
    PlainRole.followStatements(link.a());
    link.twoWay(ManyTables.SELECTION)
        .with("forward-source", "ddl.sync", "true")
        .with("forward-sink", "target.tables.existing", "fail");
  }

  private void start(TestLink link) {
    figures.time("start of the sources", () -> {
      DOCUMENTS.forEach(link::resubmit);
      await(
          link,
          "the forward slot",
          () -> !link.a()
              .column(
                  "SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = 'pgduplex_many_forward'")
              .isEmpty());
    });
    figures.time(
        "first copy, until the rows are on B",
        () -> await(
            link,
            "rows on B",
            () -> hasStatement(link, "phase = 'after_rows' AND outcome = 'done'")));
    figures.time(
        "indexes, foreign keys and others after the rows",
        () -> await(link, "end of the copy", () -> !hasStatement(link, "outcome = 'pending'")));
    figures.time(
        "from there until both directions stream", () -> awaitBothWays(link, TABLES, "first"));
  }

  private static boolean hasStatement(TestLink link, String condition) {
    return !link.b()
            .column("SELECT 1 WHERE to_regclass('pgduplex.schema_sync') IS NOT NULL")
            .isEmpty()
        && !link.b()
            .column("SELECT 1 FROM pgduplex.schema_sync WHERE " + condition + " LIMIT 1")
            .isEmpty();
  }

  private void changeRows(TestLink link) {
    figures.time("two rows in each table on A", () -> TABLES.writeRows(link.a(), "A", 1));
    figures.time(
        "until they are on B", () -> awaitMark(link, TABLES, link.a(), link.b(), "rows of A"));
    figures.time("two rows in each table on B", () -> TABLES.writeRows(link.b(), "B", 2));
    figures.time(
        "until they are on A", () -> awaitMark(link, TABLES, link.b(), link.a(), "rows of B"));
  }

  private void changeTables(TestLink link) {
    figures.time(
        "new columns and indexes in " + TABLES.changed() + " tables on A",
        () -> TABLES.change(link.a()));
    figures.time(
        "until they are on B, and both directions follow",
        () -> awaitBothWays(link, TABLES, "statements"));
    TABLES.writeRows(link.b(), "B again", 5);
    awaitBothWays(link, TABLES, "after statements");
  }

  private void measureStatements(TestLink link, String of, StatementCost without) {
    DOCUMENTS.forEach(link::stop);
    StatementCost.in(link.a(), "outside").report(figures, "outside of the link's " + of, without);
    StatementCost.in(link.a(), "public").report(figures, "in the link of " + of, without);
    DOCUMENTS.forEach(document -> link.rest().resume(link.connector(document)));
  }

  private static void awaitBothWays(TestLink link, ManyTables tables, String mark) {
    awaitMark(link, tables, link.a(), link.b(), mark + " from A");
    awaitMark(link, tables, link.b(), link.a(), mark + " from B");
  }

  private static void awaitMark(TestLink link, ManyTables tables, Side from, Side to, String mark) {
    tables.mark(from, mark);
    await(link, mark, () -> tables.isMarked(to, mark));
  }

  private static void await(TestLink link, String what, Callable<Boolean> condition) {
    link.await(what, PATIENCE, condition);
  }

  private static void compare(TestLink link) throws SQLException {
    assertThat(TABLES.digests(link.b())).isEqualTo(TABLES.digests(link.a()));
    try (Connection a = link.a().connect();
        Connection b = link.b().connect()) {
      assertThat(CatalogComparison.differences(
              a, b, List.of("pgduplex", "pgduplex_ddl", "outside"), object -> true))
          .isEmpty();
    }
    assertThat(link.conflicts(link.a())).isEmpty();
    assertThat(link.conflicts(link.b())).isEmpty();
  }
}
