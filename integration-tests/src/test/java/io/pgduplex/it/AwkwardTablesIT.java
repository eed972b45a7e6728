package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables that consist of several, or that compute columns, and TRUNCATE of tables that depend on each other. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class AwkwardTablesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final TestLink LINK = TestLink.named("awkward");

  @BeforeAll
  static void startLink() {
    LINK.onBoth("""
        CREATE TABLE spans (id int, at int, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE spans_1 PARTITION OF spans FOR VALUES FROM (0) TO (10);
        CREATE TABLE spans_2 PARTITION OF spans FOR VALUES FROM (10) TO (20);
        ALTER TABLE spans REPLICA IDENTITY FULL;
        CREATE TABLE above (id int PRIMARY KEY, v text);
        CREATE TABLE below (PRIMARY KEY (id)) INHERITS (above);
        CREATE TABLE stored (id int PRIMARY KEY, w int, twice int GENERATED ALWAYS AS (w * 2) STORED, v text);
        ALTER TABLE stored REPLICA IDENTITY FULL;
        CREATE TYPE mood AS ENUM ('fine');
        CREATE TABLE virtual (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) VIRTUAL, m mood, v text);
        CREATE TABLE plans (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE plans_1 PARTITION OF plans FOR VALUES FROM (0) TO (10);
        CREATE TABLE plans_2 PARTITION OF plans FOR VALUES FROM (10) TO (20);
        CREATE TABLE steps (id int PRIMARY KEY, plan int REFERENCES plans) PARTITION BY RANGE (id);
        CREATE TABLE steps_1 PARTITION OF steps FOR VALUES FROM (0) TO (20);
        CREATE TABLE papers (id int PRIMARY KEY);
        CREATE TABLE pages (id int PRIMARY KEY, paper int REFERENCES papers);
        CREATE SCHEMA aside;
        CREATE TABLE aside.notes (id int PRIMARY KEY, paper int REFERENCES papers)""");
    LINK.a().execute("INSERT INTO spans SELECT g, g, 'v' FROM generate_series(1, 19) g");
    LINK.twoWay("public\\..*").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  /** The identity of the partitioned table does not reach its partitions: theirs is the key, and so it is sent. */
  @Test
  void partitionsThatComeAndGo() {
    LINK.awaitEqual("spans", "spans_1", "spans_2");
    LINK.b().execute("CREATE TABLE spans_3 PARTITION OF spans FOR VALUES FROM (20) TO (30)");
    LINK.a().execute("""
        CREATE TABLE spans_3 (gone text, v text, at int NOT NULL, id int NOT NULL);
        ALTER TABLE spans_3 DROP COLUMN gone;
        ALTER TABLE spans ATTACH PARTITION spans_3 FOR VALUES FROM (20) TO (30)""");
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      long from = topic.end();
      LINK.a().execute("""
          INSERT INTO spans SELECT g, g, 'attached' FROM generate_series(20, 29) g;
          UPDATE spans SET at = at + 10 WHERE id IN (5, 15, 16);
          UPDATE spans SET id = -id, v = NULL WHERE at >= 25;
          DELETE FROM spans WHERE id = 20""");
      LINK.awaitEqual("spans", "spans_1", "spans_2", "spans_3");
      assertThat(topic.userRows(from))
          .extracting(row -> row.at("/source/replica_identity").asText())
          .containsOnly("id,at", "at,id");
    }
    LINK.onBoth("ALTER TABLE spans DETACH PARTITION spans_1");
    LINK.a().execute("UPDATE spans_1 SET v = 'detached'; DELETE FROM spans_1 WHERE id = 1");
    LINK.a().execute("INSERT INTO spans_1 VALUES (100, 100, 'beyond the bounds that it had')");
    LINK.awaitEqual("spans", "spans_1");
    LINK.b().execute("UPDATE spans_1 SET v = 'detached, from b' WHERE id = 2");
    LINK.awaitEqual("spans", "spans_1");
    assertThat(LINK.a().value("SELECT v FROM spans_1 WHERE id = 2")).isEqualTo("detached, from b");
    assertThat(LINK.conflicts(LINK.b())).isEmpty();
  }

  /** One key may be in both, and an UPDATE of the parent means the child's row too, on the source and nowhere else. */
  @Test
  void tablesThatInheritHaveRowsOfTheirOwn() {
    LINK.a().execute("""
        INSERT INTO above SELECT g, 'above' FROM generate_series(1, 20) g;
        INSERT INTO below SELECT g, 'below' FROM generate_series(1, 20) g""");
    LINK.awaitEqual("above", "below");
    LINK.a().execute("UPDATE above SET v = 'both' WHERE id <= 5");
    LINK.a().execute("UPDATE ONLY above SET v = 'only above' WHERE id BETWEEN 6 AND 10");
    LINK.a().execute("DELETE FROM ONLY above WHERE id > 15; DELETE FROM below WHERE id = 11");
    LINK.awaitEqual("above", "below");
    LINK.a().execute("TRUNCATE ONLY above");
    LINK.awaitEqual("above", "below");
    assertThat(LINK.b().value("SELECT count(*) FROM below")).isEqualTo("19");
  }

  /** PostgreSQL 18 allows it only if the publication has the column; the value that comes along is left to the target. */
  @Test
  void storedGeneratedColumnsUnderFull() {
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      long from = topic.end();
      LINK.a()
          .execute("INSERT INTO stored (id, w, v) SELECT g, g, 'v' FROM generate_series(1, 30) g");
      LINK.a()
          .execute(
              "UPDATE stored SET w = w + 1 WHERE id <= 10; UPDATE stored SET id = -id WHERE id = 11");
      LINK.a().execute("DELETE FROM stored WHERE id > 20");
      LINK.awaitEqual("stored");
      assertThat(LINK.b().column("SELECT twice FROM stored WHERE id <= 2 ORDER BY id"))
          .containsExactly("22", "4", "6");
      assertThat(topic.userRows(from))
          .allSatisfy(
              row -> assertThat(row.at("/source/replica_identity").asText()).isEqualTo("*"));
    }
    LINK.b().execute("UPDATE stored SET w = 100 WHERE id = 1; DELETE FROM stored WHERE id = 2");
    LINK.awaitEqual("stored");
    assertThat(LINK.a().value("SELECT twice FROM stored WHERE id = 1")).isEqualTo("200");
  }

  /** Debezium reads the table anew for the enum's new value, and finds a column there that the rows do not have. */
  @Test
  void anEnumGrowsWhereAColumnIsNotSent() {
    LINK.a().execute("INSERT INTO virtual (id, m, v) VALUES (1, 'fine', 'one')");
    LINK.b().execute("ALTER TYPE mood ADD VALUE 'fresh'");
    LINK.a().execute("ALTER TYPE mood ADD VALUE 'fresh'");
    LINK.a().execute("INSERT INTO virtual (id, m, v) VALUES (2, 'fresh', 'two')");
    LINK.a().execute("INSERT INTO virtual (id, m, v) VALUES (3, 'fresh', 'three')");
    LINK.a().execute("UPDATE virtual SET v = 'uno', m = 'fresh' WHERE id = 1");
    LINK.a().execute("UPDATE virtual SET id = 30 WHERE id = 3");
    LINK.awaitEqual("virtual");
  }

  /** Of partitioned tables only the partitions are published, so what refers to them is not in the statement. */
  @Test
  void truncateOfPartitionedTablesThatReferToEachOther() {
    String rows =
        "INSERT INTO plans SELECT generate_series(1, 19); INSERT INTO steps SELECT g, g FROM generate_series(1, 19) g";
    LINK.a().execute(rows);
    LINK.awaitEqual("plans", "steps");
    LINK.a().execute("TRUNCATE plans, steps; INSERT INTO plans VALUES (7)");
    LINK.awaitEqual("plans", "steps");
    assertThat(LINK.b().value("SELECT count(*) FROM plans_1")).isEqualTo("1");
  }

  @Test
  void truncateThatCascadesToATableThatIsNotCarried() {
    String rows = "INSERT INTO papers VALUES (1), (2); INSERT INTO pages VALUES (1, 1), (2, 2)";
    LINK.a().execute(rows + "; INSERT INTO aside.notes VALUES (1, 1)");
    LINK.awaitEqual("papers", "pages");
    LINK.a().execute("TRUNCATE papers CASCADE");
    LINK.awaitEqual("papers", "pages");

    LINK.a().execute(rows);
    LINK.awaitEqual("papers", "pages");
    LINK.b().execute("INSERT INTO aside.notes VALUES (1, 1)");
    LINK.a().execute("TRUNCATE papers CASCADE; INSERT INTO papers VALUES (3)");
    String sink = LINK.connector("forward-sink");
    Awaitility.await("the sink to fail")
        .atMost(PATIENCE)
        .until(() -> LINK.rest().status(sink).hasFailed());
    assertThat(LINK.describe())
        .contains(
            "The TRUNCATE of public.papers, public.pages at offset",
            "cannot be applied: foreign keys of aside.notes refer to it, and these have rows in the target",
            "(TRUNCATE aside.notes, or drop the foreign keys), then restart the task");
    assertThat(LINK.b().column("SELECT count(*) FROM papers")).isEqualTo(List.of("2"));
    LINK.b().execute("TRUNCATE aside.notes");
    LINK.rest().restart(sink);
    Awaitility.await("the sink to run")
        .atMost(PATIENCE)
        .until(() -> LINK.rest().status(sink).isRunning());
    LINK.awaitEqual("papers", "pages");
    assertThat(LINK.b().column("SELECT id FROM papers")).containsExactly("3");
  }
}
