package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The slot moves on whatever is written, and slot and publication outlive every change of the selection. */
class SourceSlotIT {

  private static final TestLink LINK = TestLink.named("slots");

  @BeforeAll
  static void startLink() {
    LINK.onBoth("""
        CREATE TABLE t (id int PRIMARY KEY, v text);
        CREATE TABLE renamed (id int PRIMARY KEY);
        CREATE TABLE unselected (id int)""");
    LINK.twoWay("public\\.(t|renamed|later)").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  private static void awaitSlot(Side side, String slot) {
    String written = side.value("SELECT pg_current_wal_lsn()");
    LINK.await(
        "slot " + slot + " to pass " + written,
        () -> !side.column("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + slot
                + "' AND confirmed_flush_lsn >= '" + written + "'::pg_lsn")
            .isEmpty());
  }

  @Test
  void theSlotMovesOnThoughOnlyOtherTablesAreWritten() {
    LINK.a().execute("INSERT INTO unselected SELECT generate_series(1, 1000)");
    awaitSlot(LINK.a(), "pgduplex_slots_forward");
  }

  @Test
  void theSlotMovesOnThoughEveryChangeIsALoopBack() {
    LINK.a().execute("INSERT INTO t SELECT g, 'from a' FROM generate_series(1, 100) g");
    LINK.awaitEqual("t");
    awaitSlot(LINK.b(), "pgduplex_slots_reverse");
  }

  @Test
  void aRenamedTableStaysInSync() {
    LINK.a().execute("INSERT INTO renamed VALUES (1)");
    LINK.awaitEqual("renamed");
    LINK.onBoth("ALTER TABLE renamed RENAME TO other_name");
    LINK.a().execute("INSERT INTO other_name VALUES (2)");
    LINK.b().execute("INSERT INTO other_name VALUES (3)");
    LINK.awaitEqual("other_name");
    assertThat(LINK.b().value("SELECT count(*) FROM other_name")).isEqualTo("3");
    LINK.onBoth("ALTER TABLE other_name RENAME TO renamed");
  }

  @Test
  void aNewTableJoinsThePublicationWhichStaysTheSame() {
    String identity =
        "SELECT p.oid || ' ' || s.catalog_xmin IS NOT NULL FROM pg_publication p, pg_replication_slots s"
            + " WHERE p.pubname = 'pgduplex_slots_forward' AND s.slot_name = p.pubname";
    String before = LINK.a().value(identity);
    LINK.onBoth("CREATE TABLE later (id int PRIMARY KEY)");
    LINK.rest().restart(LINK.connector("forward-source"));
    LINK.rest().restart(LINK.connector("reverse-source"));
    for (Side side : new Side[] {LINK.a(), LINK.b()}) {
      LINK.await(
          "the table to be published",
          () -> !side.column("SELECT 1 FROM pg_publication_tables WHERE tablename = 'later'")
              .isEmpty());
    }
    LINK.a().execute("INSERT INTO later VALUES (1)");
    LINK.b().execute("INSERT INTO later VALUES (2)");
    LINK.awaitEqual("later");
    assertThat(LINK.b().value("SELECT count(*) FROM later")).isEqualTo("2");
    assertThat(LINK.a().value(identity)).isEqualTo(before);
  }
}
