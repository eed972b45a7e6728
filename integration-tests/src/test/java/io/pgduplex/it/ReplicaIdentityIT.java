package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows are found by what the source knew them by, and what it knew them by is right at each change. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class ReplicaIdentityIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final TestLink LINK = TestLink.named("identities");
  private static final String SOURCE = LINK.connector("forward-source");
  private static final String SINK = LINK.connector("forward-sink");

  /** Rows of {@code t} change under each identity in turn; some values are out of line. */
  private static final List<String> CHANGES = """
      INSERT INTO t SELECT g, g, 'v', repeat('x', 5000) FROM generate_series(1, 10) g;
      UPDATE t SET v = 'default' WHERE id = 1;
      ALTER TABLE t REPLICA IDENTITY FULL;
      UPDATE t SET v = NULL WHERE id = 2;
      DELETE FROM t WHERE id = 3;
      ALTER TABLE t REPLICA IDENTITY USING INDEX t_u_key;
      UPDATE t SET id = 40 WHERE id = 4;
      UPDATE t SET id = 4 WHERE id = 5;
      DELETE FROM t WHERE id = 6;
      UPDATE t SET u = 70 WHERE id = 7;
      ALTER TABLE t REPLICA IDENTITY DEFAULT;
      UPDATE t SET u = 80, v = NULL WHERE id = 8;
      UPDATE t SET id = 90 WHERE id = 9;
      DELETE FROM t WHERE id = 10""".lines().toList();

  /** What the topic holds of them: operation, identity, and which columns of the row before have a value. */
  private static final List<String> CHANGES_IN_TOPIC = List.of(
      "u id null",
      "u * id,u,v,big",
      "d * id,u,v,big",
      "u u null",
      "u u null",
      "d u u",
      "d u u",
      "c u null",
      "u id null",
      "d id id",
      "c id null",
      "d id id");

  @BeforeAll
  static void startLink() {
    LINK.onBoth("""
        CREATE TABLE by_default (id int PRIMARY KEY, v text, n int);
        CREATE TABLE by_full (LIKE by_default INCLUDING ALL);
        ALTER TABLE by_full REPLICA IDENTITY FULL;
        CREATE TABLE by_index (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text);
        CREATE TABLE only_index (u int NOT NULL UNIQUE, v text);
        CREATE TABLE all_key (a int, b int, PRIMARY KEY (b, a));
        CREATE TABLE at_once (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text, big text);
        ALTER TABLE at_once ALTER big SET STORAGE EXTERNAL;
        CREATE TABLE in_turn (LIKE at_once INCLUDING ALL);
        CREATE TABLE late (LIKE at_once INCLUDING ALL);
        CREATE TABLE rekeyed (id int PRIMARY KEY, k int NOT NULL UNIQUE, v text);
        CREATE TABLE silenced (id int PRIMARY KEY, v text)""");
    LINK.a().execute("""
        ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_u_key;
        ALTER TABLE only_index REPLICA IDENTITY USING INDEX only_index_u_key;
        CREATE TABLE wider (id int PRIMARY KEY, region int NOT NULL, v text, UNIQUE (region, id));
        ALTER TABLE wider REPLICA IDENTITY USING INDEX wider_region_id_key;
        CREATE TABLE not_unique_there (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text);
        ALTER TABLE not_unique_there REPLICA IDENTITY USING INDEX not_unique_there_u_key""");
    LINK.b().execute("""
        CREATE TABLE wider (id int PRIMARY KEY, region int, v text);
        CREATE TABLE not_unique_there (id int PRIMARY KEY, u int, v text)""");
    LINK.oneWay("public\\..*").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @Test
  void theTopicSaysByWhichColumnsAndHowCompletely() {
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      long from = topic.end();
      LINK.a().execute("""
          INSERT INTO by_default VALUES (1, NULL, NULL), (2, NULL, NULL);
          INSERT INTO by_full SELECT * FROM by_default;
          INSERT INTO all_key VALUES (1, 1);
          UPDATE by_default SET n = 1 WHERE id = 1;
          UPDATE by_full SET n = 1 WHERE id = 1;
          DELETE FROM by_default WHERE id = 2;
          DELETE FROM by_full WHERE id = 2;
          DELETE FROM all_key""");
      LINK.awaitEqual("by_default", "by_full", "all_key");
      // Of the image before, both deletes look alike: id and nulls.
      assertThat(changes(topic, from, "by_default")).containsExactly("u id null", "d id id");
      assertThat(changes(topic, from, "by_full")).containsExactly("u * id", "d * id");
      assertThat(changes(topic, from, "all_key")).containsExactly("d a,b a,b");
    }
  }

  @Test
  void anIndexIsAsGoodAsAKey() {
    LINK.a().execute("""
        INSERT INTO by_index SELECT g, g + 100, 'v' FROM generate_series(1, 40) g;
        INSERT INTO only_index SELECT g, 'v' FROM generate_series(1, 40) g;
        INSERT INTO wider SELECT g, g % 3, 'v' FROM generate_series(1, 40) g""");
    LINK.a().execute("""
        UPDATE by_index SET v = 'w' WHERE id % 2 = 0;
        UPDATE by_index SET id = id + 1000 WHERE id <= 10;
        UPDATE by_index SET u = u + 1000 WHERE id BETWEEN 11 AND 20;
        UPDATE by_index SET u = -u, id = -id WHERE id BETWEEN 21 AND 25;
        DELETE FROM by_index WHERE id BETWEEN 26 AND 30;
        UPDATE only_index SET v = 'w' WHERE u <= 20;
        UPDATE only_index SET u = -u WHERE u BETWEEN 5 AND 10;
        DELETE FROM only_index WHERE u > 30;
        UPDATE wider SET v = 'w' WHERE id <= 20;
        UPDATE wider SET region = 7 WHERE id BETWEEN 5 AND 10;
        UPDATE wider SET id = -id WHERE id BETWEEN 11 AND 15;
        DELETE FROM wider WHERE id > 30""");
    // By the key each of these would hit the other row.
    LINK.a().execute("""
        BEGIN;
        UPDATE by_index SET id = -1 WHERE u = 131;
        UPDATE by_index SET id = 31 WHERE u = 132;
        UPDATE by_index SET id = 32 WHERE u = 131;
        UPDATE by_index SET v = 'was 31' WHERE id = 32;
        DELETE FROM by_index WHERE id = 31;
        COMMIT""");
    LINK.awaitEqual("by_index", "only_index", "wider");
    assertThat(LINK.conflicts(LINK.b())).isEmpty();
  }

  @Test
  void theIdentityChangesWithinATransaction() {
    changesArriveAs("at_once", () -> LINK.a().execute(String.join("\n", of("at_once"))));
  }

  @Test
  void theIdentityChangesBetweenTransactions() {
    changesArriveAs("in_turn", () -> of("in_turn").forEach(LINK.a()::execute));
  }

  /** All of it lies in the WAL, under catalogs that are no longer today's, when the source comes back. */
  @Test
  void theIdentityChangesWhileTheSourceIsStopped() {
    changesArriveAs("late", () -> {
      LINK.rest().stop(SOURCE);
      LINK.await(
          "the slot to be free",
          () -> LINK.a()
              .column(
                  "SELECT 1 FROM pg_replication_slots WHERE active AND database = current_database()")
              .isEmpty());
      of("late").forEach(LINK.a()::execute);
      LINK.a().execute("ALTER TABLE late REPLICA IDENTITY FULL");
      LINK.rest().resume(SOURCE);
    });
  }

  private static List<String> of(String table) {
    return CHANGES.stream()
        .map(
            change -> change.replace(" t ", " " + table + " ").replace("t_u_key", table + "_u_key"))
        .toList();
  }

  private static void changesArriveAs(String table, Runnable change) {
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      long from = topic.end();
      change.run();
      LINK.awaitEqual(table);
      assertThat(changes(topic, from, table)).isEqualTo(CHANGES_IN_TOPIC);
      assertThat(LINK.conflicts(LINK.b())).isEmpty();
    }
  }

  @Test
  void anotherPrimaryKeyIsAnotherIdentity() {
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      long from = topic.end();
      LINK.a().execute("INSERT INTO rekeyed SELECT g, g + 100, 'v' FROM generate_series(1, 9) g");
      LINK.a().execute("UPDATE rekeyed SET v = 'by id' WHERE id = 1");
      LINK.a().execute("ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey");
      assertThatThrownBy(() -> LINK.a().execute("UPDATE rekeyed SET v = 'by nothing'"))
          .hasStackTraceContaining(
              "cannot update table \"rekeyed\" because it does not have a replica identity");
      LINK.a().execute("INSERT INTO rekeyed VALUES (10, 110, 'without')");
      LINK.a().execute("ALTER TABLE rekeyed ADD PRIMARY KEY (k)");
      LINK.a().execute("UPDATE rekeyed SET id = -id, v = 'by k' WHERE k IN (102, 103)");
      LINK.a().execute("DELETE FROM rekeyed WHERE k = 104");
      LINK.awaitEqual("rekeyed");
      assertThat(changes(topic, from, "rekeyed"))
          .containsExactly("u id null", "u k null", "u k null", "d k k");
    }
  }

  /** PostgreSQL refuses updates and deletes then, so that none is missed; the source says what to do when it starts. */
  @Test
  void nothingIsLostWhereTheIdentityBecomesNothing() {
    LINK.a().execute("INSERT INTO silenced VALUES (1, 'v'), (2, 'v')");
    LINK.a().execute("ALTER TABLE silenced REPLICA IDENTITY NOTHING");
    LINK.a().execute("INSERT INTO silenced VALUES (3, 'inserted under NOTHING')");
    LINK.awaitEqual("silenced");
    assertThatThrownBy(() -> LINK.a().execute("DELETE FROM silenced"))
        .hasStackTraceContaining(
            "cannot delete from table \"silenced\" because it does not have a replica identity");
    LINK.rest().restart(SOURCE);
    awaitFailure(SOURCE, "public.silenced has no replica identity (it is NOTHING)");
    LINK.a().execute("ALTER TABLE silenced REPLICA IDENTITY FULL");
    LINK.a().execute("DELETE FROM silenced WHERE id = 1; UPDATE silenced SET v = 'w' WHERE id = 2");
    restart(SOURCE);
    LINK.awaitEqual("silenced");
  }

  @Test
  void stopsWhereTheSourcesColumnsAreNotUniqueAndGoesOnOnceTheyAre() {
    LINK.a().execute("INSERT INTO not_unique_there SELECT g, g, 'v' FROM generate_series(1, 20) g");
    LINK.awaitEqual("not_unique_there");
    LINK.a().execute("UPDATE not_unique_there SET v = 'w', id = -id WHERE u > 10");
    awaitFailure(
        SINK,
        "The UPDATE of public.not_unique_there at offset",
        "the source knows the row by (u), and the target has no unique index over these columns or some of them (its"
            + " key is (id)). Give the target one, CREATE UNIQUE INDEX ON \"public\".\"not_unique_there\" (\"u\"), then"
            + " restart the task.");
    LINK.b().execute("CREATE UNIQUE INDEX ON public.not_unique_there (u)");
    restart(SINK);
    LINK.awaitEqual("not_unique_there");
  }

  /** Before PostgreSQL 18 generated columns are never sent, and FULL leaves them out. */
  @Test
  void theOldestServerSaysTheSame() {
    try (TestLink link = TestLink.between(
            "identities_14", SharedStack.postgres(14), SharedStack.get().b());
        Topic topic = new Topic(link.topic("forward"))) {
      link.onBoth("""
          CREATE TYPE mood AS ENUM ('fine');
          CREATE TABLE stored (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, m mood, v text);
          CREATE TABLE t (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text, big text);
          ALTER TABLE t ALTER big SET STORAGE EXTERNAL""");
      link.a().execute("ALTER TABLE stored REPLICA IDENTITY FULL");
      link.oneWay("public\\..*").start();
      long from = topic.end();
      CHANGES.forEach(link.a()::execute);
      link.a().execute("INSERT INTO stored (id, m, v) VALUES (1, 'fine', 'one'), (2, NULL, 'two')");
      link.onBoth("ALTER TYPE mood ADD VALUE 'fresh'");
      link.a().execute("INSERT INTO stored (id, m, v) VALUES (3, 'fresh', 'three')");
      link.a()
          .execute("UPDATE stored SET m = 'fresh' WHERE id < 3; DELETE FROM stored WHERE id = 2");
      link.awaitEqual("t", "stored");
      assertThat(changes(topic, from, "t")).isEqualTo(CHANGES_IN_TOPIC);
      assertThat(changes(topic, from, "stored"))
          .containsExactly("u * id,m,v", "u * id,v", "d * id,m,v");
    }
  }

  private static void restart(String connector) {
    LINK.rest().restart(connector);
    Awaitility.await(connector + " to run")
        .atMost(PATIENCE)
        .until(() -> LINK.rest().status(connector).isRunning());
  }

  private static void awaitFailure(String connector, String... messages) {
    Awaitility.await(connector + " to fail")
        .atMost(PATIENCE)
        .until(() -> LINK.rest().status(connector).hasFailed());
    assertThat(LINK.describe()).contains(messages);
  }

  /** The changes of a table since an offset, save the inserts that are none of a change of key. */
  private static List<String> changes(Topic topic, long from, String table) {
    List<JsonNode> rows = topic.userRows(from).stream()
        .filter(row -> row.at("/source/table").asText().equals(table))
        .toList();
    return rows.stream()
        .filter(row -> !row.get("op").asText().equals("c")
            || rows.stream()
                .anyMatch(other -> other.get("op").asText().equals("d")
                    && other.at("/source/lsn").equals(row.at("/source/lsn"))))
        .map(row -> row.get("op").asText() + " "
            + row.at("/source/replica_identity").asText() + " " + valuesOf(row.get("before")))
        .toList();
  }

  private static String valuesOf(JsonNode image) {
    return image.isNull()
        ? "null"
        : String.join(
            ",",
            image.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(field -> field.getKey())
                .toList());
  }
}
