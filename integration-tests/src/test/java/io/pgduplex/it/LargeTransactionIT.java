package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A transaction that does not fit the buffers goes through in pieces, and is seen whole or not at all. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class LargeTransactionIT {

  private static final int ROWS = 60_000;

  @Test
  void streamsThroughAndIsNeverSeenInPart() {
    try (TestLink link = TestLink.named("large")) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE keyless (v text);"
          + " ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE keyless REPLICA IDENTITY FULL");
      link.twoWay("public\\..*")
          .with("forward-sink", "transaction.buffer.rows", "1000")
          .with("forward-sink", "batch.size", "500")
          .start();
      link.a()
          .execute(
              "BEGIN; INSERT INTO t SELECT g, md5(g::text) FROM generate_series(1, " + ROWS + ") g;"
                  + " INSERT INTO keyless SELECT v FROM t WHERE id % 10 = 0; UPDATE t SET id = -id WHERE id % 100 = 0;"
                  + " UPDATE t SET v = 'x' WHERE id % 50 = 1; COMMIT");
      List<String> seen = new ArrayList<>();
      link.await("all rows", () -> {
        seen.add(link.b().value("SELECT count(*) FROM t"));
        return seen.get(seen.size() - 1).equals(Integer.toString(ROWS));
      });
      assertThat(seen).isSubsetOf("0", Integer.toString(ROWS));
      link.awaitEqual("t", "keyless");
    }
  }
}
