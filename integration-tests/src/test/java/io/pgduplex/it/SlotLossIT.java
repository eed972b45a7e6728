package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slot that no longer has what follows the source's position stops the source; it never goes on with a gap. */
class SlotLossIT {

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
      dropped  | pg_drop_replication_slot(slot_name)                         | is gone, and with it the changes since
      moved    | pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) | somebody moved it or made it anew""")
  void stopsTheSource(String name, String act, String message) {
    try (TestLink link = TestLink.named("slot_" + name)) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY)");
      link.oneWay("public\\..*").start();
      link.stop("forward-source");
      link.a().execute("INSERT INTO t VALUES (1)");
      String slot = "'pgduplex_slot_" + name + "_forward'";
      link.await(
          "the slot to be free",
          () -> link.a()
              .column("SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = " + slot)
              .isEmpty());
      link.a().column("SELECT " + act + " FROM pg_replication_slots WHERE slot_name = " + slot);
      link.rest().resume(link.connector("forward-source"));
      assertThat(link.awaitFailure("forward-source"))
          .contains("The slot pgduplex_slot_" + name + "_forward")
          .contains(message)
          .contains("Take the link away and set it up anew");
      assertThat(link.b().column("SELECT id FROM t")).isEmpty();
    }
  }
}
