package io.pgduplex.it;

import io.pgduplex.it.CrashLink.Pace;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * What an application does on one side in the crash test: few rows, and each thing that a stop could tear, lose or double.
 * Both sides change rows of their own only, so there is no conflict.
 */
final class CrashWorkload implements AutoCloseable {

  /** Tables that must end equal. */
  static final List<String> TABLES = List.of(
      "accounts",
      "tellers",
      "ledger",
      "items",
      "documents",
      "batches",
      "wiped",
      "wiped_too",
      "marker");

  /** Rows of a transaction that does not fit the sink's buffer. */
  static final int BATCH = 150;

  private static final Duration APART = Duration.ofMillis(50);

  static final String CREATE = """
      CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL, n bigint NOT NULL);
      ALTER TABLE accounts REPLICA IDENTITY FULL;
      CREATE TABLE tellers (id int PRIMARY KEY, balance bigint NOT NULL);
      CREATE TABLE ledger (side text NOT NULL, pass bigint NOT NULL, delta bigint NOT NULL);
      ALTER TABLE ledger REPLICA IDENTITY FULL;
      CREATE TABLE items (id bigint PRIMARY KEY, side text NOT NULL, v bigint, note text);
      CREATE TABLE documents (id int PRIMARY KEY, v bigint NOT NULL, body text NOT NULL);
      ALTER TABLE documents ALTER body SET STORAGE EXTERNAL;
      CREATE TABLE batches (side text, batch bigint, n int, PRIMARY KEY (side, batch, n));
      CREATE TABLE wiped (id bigint PRIMARY KEY, v text);
      CREATE TABLE wiped_too (v text);
      ALTER TABLE wiped_too REPLICA IDENTITY FULL;
      CREATE TABLE marker (side text PRIMARY KEY, n bigint NOT NULL);
      CREATE INDEX items_by_side ON items (side);
      COMMENT ON TABLE items IS 'come and go';
      CREATE TABLE unpublished (id int)""";

  /** What B has before the link starts, which makes the other tables there. */
  static final String ONLY_HERE = "CREATE TABLE unpublished (id int)";

  /** The rows that A has before the link starts, for both sides. */
  static final String FILL = """
      INSERT INTO accounts SELECT g, 0, 0 FROM generate_series(1, 8) g;
      INSERT INTO tellers SELECT g, 0 FROM generate_series(1, 8) g;
      INSERT INTO documents SELECT g, 0, repeat(md5(g::text), 200) FROM generate_series(1, 8) g;
      INSERT INTO marker VALUES ('A', 0), ('B', 0);
      INSERT INTO batches SELECT s, 0, g FROM unnest('{A,B}'::text[]) s, generate_series(1, %d) g""".formatted(BATCH);

  /**
   * In one statement, so in one snapshot: money is only moved, each transfer is counted and in the ledger, a document is
   * never away while its key changes, and of a large transaction is all there or nothing.
   */
  static final String INVARIANT = """
      SELECT concat_ws(' ', (SELECT sum(balance) FROM accounts) + (SELECT sum(balance) FROM tellers),
        (SELECT sum(n) FROM accounts) - (SELECT count(*) FROM ledger WHERE delta <> 0),
        (SELECT count(*) FROM documents),
        (SELECT string_agg(side || c, ',' ORDER BY side, c) FROM (SELECT side, count(*) AS c FROM batches GROUP BY side, batch) b))""";

  static final String INVARIANT_HOLDS = "0 0 8 A%1$d,B%1$d".formatted(BATCH);

  private final String side;
  private final boolean truncates;
  private final int firstId;
  private final Connection one;
  private final Connection other;
  private Pace pace = Pace.FAST;
  private long pass;
  private long nextItem;
  private long ledgerRows;

  CrashWorkload(Side database, String side) throws SQLException {
    this.side = side;
    this.truncates = side.equals("A");
    this.firstId = truncates ? 1 : 5;
    this.nextItem = truncates ? 1 : 1_000_000_000L;
    this.one = database.connect();
    this.other = database.connect();
  }

  /** How many rows of this side the ledger must have. */
  long ledgerRows() {
    return ledgerRows;
  }

  /** {@code A} or {@code B}. */
  String side() {
    return side;
  }

  /** Goes through everything once. */
  void run(Pace newPace) throws SQLException {
    pace = newPace;
    pass++;
    touch();
    manyRows();
    transfers();
    run(one, """
        UPDATE items SET v = v + 1 WHERE side = '%1$s' AND id >= %2$d;
        DELETE FROM items WHERE id IN (SELECT id FROM items WHERE side = '%1$s' ORDER BY id DESC OFFSET 80)""".formatted(side, nextItem - 30));
    documents();
    run(
        one,
        "SELECT pg_current_xact_id(); INSERT INTO unpublished VALUES (1); DELETE FROM unpublished");
    run(one, "BEGIN; SELECT pg_current_xact_id(); COMMIT");
    if (truncates && pass % 3 == 0) {
      run(one, """
          BEGIN; TRUNCATE wiped, wiped_too; INSERT INTO wiped SELECT g, '%1$d' FROM generate_series(1, 5) g;
          INSERT INTO wiped_too SELECT '%1$d' FROM generate_series(1, 3); COMMIT""".formatted(pass));
    }
    run(one, """
        BEGIN; DELETE FROM batches WHERE side = '%1$s'; INSERT INTO accounts VALUES (%4$d, 0, 0);
        INSERT INTO batches SELECT '%1$s', %2$d, g FROM generate_series(1, %3$d) g; DELETE FROM accounts WHERE id = %4$d;
        COMMIT""".formatted(side, pass, BATCH, firstId + 100));
  }

  /** Changes nothing, alone, under a key that is a text. */
  private void touch() throws SQLException {
    run(one, "UPDATE marker SET n = n WHERE side = '%s'".formatted(side));
  }

  /** The last thing that the other side must have seen. */
  void mark(long number) throws SQLException {
    run(one, "UPDATE marker SET n = %d WHERE side = '%s'".formatted(number, side));
  }

  private void manyRows() throws SQLException {
    run(
        one,
        "INSERT INTO items SELECT g, '%s', %d, md5(g::text) FROM generate_series(%d, %d) g"
            .formatted(side, pass, nextItem, nextItem + 19));
    long from = nextItem + 20;
    nextItem += 40;
    String rows = IntStream.range(0, 20)
        .mapToObj(i -> (from + i) + "\t" + side + "\t" + pass + "\t\\N\n")
        .collect(Collectors.joining());
    try {
      one.unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY items FROM STDIN", new StringReader(rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two that overlap, begun and committed in different orders, then one alone. */
  private void transfers() throws SQLException {
    run(one, "BEGIN; " + transfer(0, 7));
    run(other, "BEGIN; " + transfer(1, 11));
    run(one, "INSERT INTO ledger SELECT '%s', 0, 0 FROM generate_series(1, 3)".formatted(side));
    run(other, transfer(2, 13) + "; COMMIT");
    run(one, "COMMIT");
    run(one, "BEGIN; " + transfer(3, 5) + "; " + """
        DELETE FROM ledger WHERE ctid = (SELECT ctid FROM ledger WHERE side = '%s' AND delta = 0 LIMIT 1); COMMIT""".formatted(side));
    ledgerRows += 6;
  }

  private String transfer(int account, int delta) {
    return """
        UPDATE accounts SET balance = balance - %1$d, n = n + 1 WHERE id = %2$d;
        UPDATE tellers SET balance = balance + %1$d WHERE id = %2$d;
        INSERT INTO ledger VALUES ('%3$s', %4$d, %1$d)""".formatted(delta, firstId + account, side, pass);
  }

  /** Changes without the large value, changes of key without it, and a new one. */
  private void documents() throws SQLException {
    run(one, "UPDATE documents SET v = v + 1 WHERE abs(id) = %d".formatted(firstId));
    run(
        one,
        "UPDATE documents SET id = -id, v = v + 1 WHERE abs(id) IN (%d, %d)"
            .formatted(firstId + 1, firstId + 2));
    run(
        one,
        "UPDATE documents SET body = repeat(md5('%d'), 200) WHERE abs(id) = %d"
            .formatted(pass, firstId + 3));
  }

  private void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    if (pace == Pace.SLOW) {
      LockSupport.parkNanos(APART.toNanos());
    }
  }

  @Override
  public void close() {
    for (Connection connection : List.of(one, other)) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing is lost with it.
      }
    }
  }
}
