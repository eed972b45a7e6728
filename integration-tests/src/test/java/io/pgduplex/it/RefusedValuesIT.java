package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A value that cannot be held as it is stops the direction with its place; nothing is guessed, nothing is left out. */
@Tag(TestLink.BOTH_WRITE_PATHS)
@TestMethodOrder(OrderAnnotation.class)
class RefusedValuesIT {

  private static final TestLink LINK =
      TestLink.between("refused", SharedStack.postgres(18), SharedStack.postgres(14));

  @BeforeAll
  static void startLink() {
    int number = 0;
    for (RefusedValue refused : RefusedValue.all()) {
      String table = "r" + ++number;
      LINK.a().execute(refused.source().formatted(table));
      LINK.b().execute(refused.target().formatted(table));
    }
    LINK.onBoth("CREATE TABLE bytes (id int PRIMARY KEY, v \"char\")");
    // What B lacks is to stay away.
    LINK.twoWay("public\\..*").with("forward-source", "sync.schema", "false").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @Test
  @Order(1)
  void stopsAndGoesOnWhenTheTargetCanHoldIt() {
    int number = 0;
    for (RefusedValue refused : RefusedValue.all()) {
      String table = "r" + ++number;
      // Where the table has no such column, the rows around it have none to be refused.
      LINK.a()
          .execute("INSERT INTO " + table + " SELECT g, CASE g WHEN 13 THEN v END FROM (VALUES (("
              + refused.value() + ")::" + typeOf(table)
              + ")) AS x (v), generate_series(1, 20) g");
      String trace = LINK.awaitFailure("forward-sink").replaceAll("offset \\d+", "offset N");
      assertThat(trace).as(refused.what()).contains(refused.message().formatted(table));
      if (refused.isServers()) {
        assertThat(trace)
            .contains(
                "The INSERT of public." + table + " with (id) = (13) at offset N is refused: ")
            .contains("Nothing of the transaction was applied. ")
            .contains("then restart the task.");
      }
      assertThat(LINK.b().value("SELECT count(*) FROM " + table)).isEqualTo("0");
      LINK.b().execute(refused.remedy().formatted(table));
      LINK.rest().restart(LINK.connector("forward-sink"));
      LINK.awaitEqual(table);
    }
  }

  private static String typeOf(String table) {
    return LINK.a()
        .value("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '"
            + table + "'::regclass AND attname = 'v'");
  }

  /** What PostgreSQL 14 makes of a character that does not fit. */
  @Test
  @Order(2)
  void bytesThatAreNoTextStopTheSource() {
    LINK.b().execute("INSERT INTO bytes VALUES (1, 'a'), (2, 'é')");
    assertThat(LINK.awaitFailure("reverse-source"))
        .contains(
            "Column public.bytes.v holds bytes that are no UTF-8, as a \"char\" may before PostgreSQL 16");
    assertThat(LINK.a().value("SELECT count(*) FROM bytes")).isEqualTo("0");
  }
}
