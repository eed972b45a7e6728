package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables of every shape, in one link; each test has tables of its own, rows before and after the link begins. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class RowShapesIT {

  private static final TestLink LINK = TestLink.named("row_shapes");

  @BeforeAll
  static void startLink() {
    LINK.onBoth("""
        CREATE TABLE composite (b text, a int, v text, PRIMARY KEY (a, b));
        CREATE TABLE keyless (a int, v text, n numeric);
        ALTER TABLE keyless REPLICA IDENTITY FULL;
        CREATE SCHEMA "Odd Schema";
        CREATE TABLE "Odd Schema"."Order ""Lines"".x" ("Select" int PRIMARY KEY, "a b" text, "Ünïcode" text, "q""q" text);
        CREATE TABLE computed (id int PRIMARY KEY, w int, h int, area int GENERATED ALWAYS AS (w * h) STORED);
        CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
        CREATE TABLE numbered_aside (id int PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, v text);
        CREATE TABLE ranges (id int, at date, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE ranges_2025 PARTITION OF ranges FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE ranges_2026 PARTITION OF ranges FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE TABLE defaults (id int PRIMARY KEY, n int DEFAULT 7, t text DEFAULT 'x', b boolean DEFAULT true);
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent);
        CREATE TABLE toasted (id int PRIMARY KEY, big text, n int);
        CREATE TABLE uniques (id int PRIMARY KEY, u int UNIQUE, v text);
        CREATE TABLE only_key (a int, b int, PRIMARY KEY (a, b))""");
    LINK.a().execute("CREATE TABLE reordered (id int PRIMARY KEY, one text, two int)");
    LINK.b()
        .execute(
            "CREATE TABLE reordered (two int, extra text DEFAULT 'from the target', id int PRIMARY KEY, one text)");
    LINK.a().execute("""
        INSERT INTO composite SELECT 'b' || g % 3, g, 'v' || g FROM generate_series(1, 30) g;
        INSERT INTO keyless SELECT g % 5, 'same', 1.50 FROM generate_series(1, 20) g;
        INSERT INTO defaults VALUES (1, NULL, NULL, NULL), (2, DEFAULT, DEFAULT, DEFAULT);
        INSERT INTO ranges SELECT g, date '2025-06-01' + g, 'v' FROM generate_series(1, 400) g;
        INSERT INTO reordered SELECT g, 'one ' || g, g * 2 FROM generate_series(1, 10) g;
        INSERT INTO toasted SELECT g, repeat(md5(g::text), 20000), 0 FROM generate_series(1, 3) g""");
    LINK.twoWay("public\\..*,Odd Schema\\..*").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @Test
  void compositeKeysAndChangesOfKey() {
    LINK.awaitEqual("composite");
    LINK.a().execute("""
        UPDATE composite SET v = v || '!' WHERE a % 2 = 0;
        DELETE FROM composite WHERE a % 7 = 0;
        UPDATE composite SET a = a + 1000 WHERE a % 5 = 0;
        INSERT INTO composite VALUES ('again', 7, 'x'), ('again', 14, 'y')""");
    LINK.awaitEqual("composite");
    LINK.b().execute("UPDATE composite SET b = b || '-from-b' WHERE a IN (1, 2, 3)");
    LINK.awaitEqual("composite");
    assertThat(LINK.a().column("SELECT count(*) FROM composite WHERE b LIKE '%-from-b'"))
        .containsExactly("3");
  }

  @Test
  void tablesWithoutKeyChangeOneRowForEachChange() {
    LINK.awaitEqual("keyless");
    LINK.a().execute("""
        DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a = 1);
        UPDATE keyless SET v = NULL WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a = 2);
        INSERT INTO keyless VALUES (1, NULL, 1.5), (1, NULL, 1.500), (NULL, NULL, NULL), (NULL, NULL, NULL);
        DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a IS NULL);
        UPDATE keyless SET n = 2 WHERE n::text = '1.500'""");
    LINK.b().execute("INSERT INTO keyless VALUES (99, 'b', 0), (99, 'b', 0)");
    LINK.awaitEqual("keyless");
    assertThat(LINK.b().value("SELECT count(*) FROM keyless WHERE a = 1 AND v = 'same'"))
        .isEqualTo("3");
  }

  @Test
  void namesThatNeedQuotes() {
    LINK.a().execute("""
        INSERT INTO "Odd Schema"."Order ""Lines"".x" VALUES (1, 'a', 'ü', 'q'), (2, 'b', 'ï', E'tab\\tnew\\nline\\\\');
        UPDATE "Odd Schema"."Order ""Lines"".x" SET "a b" = '\\N', "q""q" = '' WHERE "Select" = 1""");
    LINK.b()
        .execute(
            "INSERT INTO \"Odd Schema\".\"Order \"\"Lines\"\".x\" VALUES (3, NULL, '😀', '\"')");
    LINK.awaitEqual("\"Odd Schema\".\"Order \"\"Lines\"\".x\"");
    LINK.a().execute("DELETE FROM \"Odd Schema\".\"Order \"\"Lines\"\".x\" WHERE \"Select\" = 3");
    LINK.awaitEqual("\"Odd Schema\".\"Order \"\"Lines\"\".x\"");
  }

  @Test
  void generatedColumnsAreComputedThere() {
    LINK.a()
        .execute("INSERT INTO computed (id, w, h) SELECT g, g, 2 FROM generate_series(1, 50) g;"
            + " UPDATE computed SET w = w + 1 WHERE id <= 25");
    LINK.b().execute("INSERT INTO computed (id, w, h) VALUES (100, 3, 3)");
    LINK.awaitEqual("computed");
    assertThat(LINK.b().value("SELECT sum(area) FROM computed"))
        .isEqualTo(LINK.a().value("SELECT sum(area) FROM computed"));
  }

  @Test
  void identitiesAreKeptAsTheyAre() {
    LINK.a().execute("""
        INSERT INTO numbered (v) SELECT 'v' || g FROM generate_series(1, 20) g;
        INSERT INTO numbered_aside (id, v) SELECT g, 'v' || g FROM generate_series(1, 20) g;
        UPDATE numbered SET v = 'changed' WHERE id <= 10;
        UPDATE numbered SET id = DEFAULT WHERE id = 20;
        UPDATE numbered_aside SET v = 'changed', n = DEFAULT WHERE id <= 10;
        DELETE FROM numbered WHERE id = 1""");
    LINK.awaitEqual("numbered", "numbered_aside");
  }

  @Test
  void partitionsAndRowsThatMoveBetweenThem() {
    LINK.awaitEqual("ranges", "ranges_2025", "ranges_2026");
    LINK.a().execute("""
        UPDATE ranges SET at = at + interval '1 year' WHERE id <= 10;
        UPDATE ranges SET v = 'w' WHERE id > 390;
        DELETE FROM ranges WHERE id BETWEEN 100 AND 110;
        INSERT INTO ranges VALUES (1000, '2026-12-31', 'new')""");
    LINK.b().execute("INSERT INTO ranges VALUES (2000, '2025-12-31', 'new on b')");
    LINK.awaitEqual("ranges", "ranges_2025", "ranges_2026");
    LINK.a().execute("TRUNCATE ranges_2025");
    LINK.awaitEqual("ranges");
    assertThat(LINK.b().value("SELECT count(*) FROM ranges_2025")).isEqualTo("0");
  }

  @Test
  void nullIsNotReplacedByTheDefault() {
    LINK.awaitEqual("defaults");
    LINK.a()
        .execute(
            "INSERT INTO defaults VALUES (3, NULL, NULL, NULL); UPDATE defaults SET t = NULL WHERE id = 2");
    LINK.b().execute("INSERT INTO defaults VALUES (4, NULL, NULL, NULL)");
    LINK.awaitEqual("defaults");
    assertThat(LINK.b().column("SELECT id FROM defaults WHERE t IS NULL ORDER BY id"))
        .containsExactly("1", "2", "3", "4");
    assertThat(LINK.a().value("SELECT count(*) FROM defaults WHERE n IS NULL")).isEqualTo("3");
  }

  @Test
  void columnsInAnotherOrderAndColumnsThatOnlyTheTargetHas() {
    LINK.awaitEqual("reordered");
    LINK.a()
        .execute(
            "INSERT INTO reordered VALUES (11, 'eleven', 11); UPDATE reordered SET two = NULL WHERE id = 1");
    LINK.awaitEqual("reordered");
    assertThat(LINK.b().value("SELECT count(*) FROM reordered WHERE extra = 'from the target'"))
        .isEqualTo("11");
  }

  @Test
  void truncateOfSeveralTablesWithForeignKeys() {
    LINK.a().execute("INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1), (2, 2)");
    LINK.awaitEqual("parent", "child");
    LINK.a().execute("TRUNCATE parent, child; INSERT INTO parent VALUES (3)");
    LINK.awaitEqual("parent", "child");
    assertThat(LINK.b().column("SELECT id FROM parent")).containsExactly("3");
  }

  @Test
  void valuesThatAnUpdateDidNotTouchStay() {
    LINK.awaitEqual("toasted");
    LINK.a().execute("UPDATE toasted SET n = n + 1");
    LINK.b()
        .execute(
            "INSERT INTO toasted SELECT 10, repeat(md5('b'), 20000), 0; UPDATE toasted SET n = 5 WHERE id = 10");
    LINK.awaitEqual("toasted");
    LINK.a().execute("UPDATE toasted SET id = id + 100 WHERE id <= 3");
    LINK.awaitEqual("toasted");
  }

  @Test
  void uniqueValuesThatMoveOnToAnotherRow() {
    LINK.a().execute("INSERT INTO uniques SELECT g, g, 'v' FROM generate_series(1, 20) g");
    LINK.awaitEqual("uniques");
    LINK.a().execute("""
        BEGIN;
        UPDATE uniques SET u = -1 WHERE id = 1;
        UPDATE uniques SET u = 1 WHERE id = 2;
        UPDATE uniques SET u = 2 WHERE id = 1;
        DELETE FROM uniques WHERE id = 3;
        INSERT INTO uniques VALUES (30, 3, 'took over');
        COMMIT""");
    LINK.awaitEqual("uniques");
  }

  @Test
  void tablesThatAreAllKey() {
    LINK.a()
        .execute(
            "INSERT INTO only_key SELECT g, g FROM generate_series(1, 10) g;"
                + " UPDATE only_key SET a = a WHERE a < 5; UPDATE only_key SET b = b + 100 WHERE a > 5; DELETE FROM only_key WHERE a = 5");
    LINK.awaitEqual("only_key");
  }
}
