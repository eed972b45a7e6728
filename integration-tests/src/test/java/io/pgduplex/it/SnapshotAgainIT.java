package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A source that has lost its position copies everything again; what it copied before goes first. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class SnapshotAgainIT {

  @Test
  void replacesWhatTheAttemptBeforeWroteAndKeepsTheRowsOfOthers() {
    try (TestLink link = TestLink.named("snapshot_again")) {
      link.onBoth("""
          CREATE TABLE keyed (id int PRIMARY KEY, v text);
          CREATE TABLE keyless (v text);
          ALTER TABLE keyless REPLICA IDENTITY FULL""");
      link.a()
          .execute("INSERT INTO keyed SELECT g, 'a' FROM generate_series(1, 100) g;"
              + " INSERT INTO keyless SELECT 'a' FROM generate_series(1, 50)");
      link.oneWay("public\\..*").start();
      link.awaitEqual("keyed", "keyless");
      link.b().execute("INSERT INTO keyed VALUES (1000, 'b')");

      link.copyAgain(() ->
          link.a().execute("DELETE FROM keyed WHERE id <= 10; INSERT INTO keyless VALUES ('new')"));
      link.await(
          "the second copy",
          () -> link.b().value("SELECT count(*) FROM keyless").equals("51"));
      link.await(
          "rows that A no longer has to be gone",
          () -> link.b().value("SELECT count(*) FROM keyed").equals("91"));
      assertThat(link.b().column("SELECT v FROM keyed WHERE id = 1000")).containsExactly("b");

      link.b().execute("INSERT INTO keyless VALUES ('of B')");
      link.copyAgain(() -> {});
      String sink = link.connector("forward-sink");
      Awaitility.await("the sink to stop")
          .atMost(Duration.ofSeconds(90))
          .until(() -> link.rest().status(sink).hasFailed());
      assertThat(link.describe())
          .contains("A snapshot of table public.keyless begins, but the target has rows in it");
      assertThat(link.b().value("SELECT count(*) FROM keyless WHERE v = 'of B'"))
          .isEqualTo("1");

      link.b().execute("DELETE FROM keyless");
      link.rest().restart(sink);
      Awaitility.await("the copy to go on")
          .atMost(Duration.ofSeconds(90))
          .until(() -> link.b().value("SELECT count(*) FROM keyless").equals("51"));
    }
  }
}
