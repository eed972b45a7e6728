package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A two-way link with a bit of everything, whose worker is killed while half of a large transaction is on its way; both
 * sides end equal, with nothing lost and nothing doubled.
 */
final class KilledLink {

  private static final int LARGE = 40_000;

  private static final String TABLES = """
      CREATE TABLE account (id int PRIMARY KEY, owner text NOT NULL, balance numeric NOT NULL, changed timestamptz);
      CREATE TABLE journal (account int, note text);
      CREATE TABLE large (id int PRIMARY KEY, v text);
      ALTER TABLE account REPLICA IDENTITY FULL;
      ALTER TABLE journal REPLICA IDENTITY FULL;
      ALTER TABLE large REPLICA IDENTITY FULL""";

  private KilledLink() {}

  /** Leaves the link running, so that more can be asked of it. */
  static void run(TestLink link, ConnectWorker worker) {
    link.onBoth(TABLES)
        .on(worker)
        .twoWay("public\\..*")
        .with("forward-sink", "transaction.buffer.rows", "1000")
        .start();
    write(link, 1);
    link.awaitEqual("account", "journal");

    killWithinLargeTransaction(link, worker);
    write(link, 2);

    link.awaitEqual("account", "journal", "large");
    assertThat(link.b().value("SELECT count(*) FROM large")).isEqualTo(Integer.toString(LARGE));
    assertThat(link.b().value("SELECT count(*) FROM journal")).isEqualTo("160");
    assertThat(link.conflicts(link.a())).isEmpty();
    assertThat(link.conflicts(link.b())).isEmpty();
  }

  /** Each side has rows of its own: even ones are A's, odd ones B's. */
  private static void write(TestLink link, int round) {
    write(link.a(), round, 0);
    write(link.b(), round, 1);
  }

  private static void write(Side side, int round, int parity) {
    int base = round * 1000 + parity;
    side.execute("INSERT INTO account SELECT " + base
        + " + 2 * g, 'ö' || g, g / 3.0, now() FROM generate_series(1, 40) g");
    side.execute(
        "BEGIN; UPDATE account SET balance = balance + 1, changed = NULL WHERE id % 2 = " + parity
            + "; INSERT INTO journal SELECT id, 'raised' FROM account WHERE id > " + round * 1000
            + " AND id % 2 = " + parity
            + "; UPDATE journal SET note = note || ' twice' WHERE account % 4 = " + parity
            + "; DELETE FROM account WHERE id % 10 = " + parity + "; COMMIT");
  }

  private static void killWithinLargeTransaction(TestLink link, ConnectWorker worker) {
    try (Topic topic = new Topic(link.topic("forward"))) {
      long before = topic.end();
      link.a()
          .execute(
              "INSERT INTO large SELECT g, md5(g::text) FROM generate_series(1, " + LARGE + ") g");
      Awaitility.await("a part of the large transaction in the topic")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> topic.end() > before + LARGE / 20);
      worker.kill();
      assertThat(topic.end()).as("end of the topic").isLessThan(before + LARGE);
    }
    assertThat(link.b().value("SELECT count(*) FROM large")).isEqualTo("0");
    worker.start();
  }
}
