package io.pgduplex.it;

import io.pgduplex.it.CrashLink.Pace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes tables on A in the crash test, between rows, while B writes rows to the same tables as it has them: those are
 * committed when A has changed the tables, and before B can have heard of it.
 */
final class CrashDefinitions implements AutoCloseable {

  static final List<String> TABLES = List.of("shifting", "taken");

  /** A dropped column counts as well, and a table can have 1,600. */
  private static final int PASSES_OF_A_TABLE = 20;

  /** Of A; of which each is always as the column that was added last. */
  private static final int ROWS = 60;

  private static final int KEPT = 20;

  private static final String SHIFTING = """
      CREATE TABLE shifting (id bigint PRIMARY KEY, side text NOT NULL, v bigint NOT NULL, one text, two text, extra bigint DEFAULT 0);
      ALTER TABLE shifting REPLICA IDENTITY FULL;
      """;

  private static final String BUILD = "CREATE INDEX CONCURRENTLY taken_by_id ON taken (id)";

  static final String CREATE = SHIFTING + """
      CREATE TABLE taken (id int, note text);
      ALTER TABLE taken REPLICA IDENTITY FULL;
      CREATE INDEX taken_by_id ON taken (id)""";

  static final String FILL = rows(1, ROWS, 0);

  /** Rows and the definition that they were written with are seen together, or neither is. */
  static final String INVARIANT =
      "(SELECT count(*) FROM shifting WHERE side = 'A' AND extra IS NOT DISTINCT FROM v)";

  static final String INVARIANT_HOLDS = String.valueOf(ROWS);

  private final Connection onA;
  private final @Nullable Connection onB;
  private Pace pace = Pace.FAST;
  private long pass;
  private long nextOfB = 1_000_000;

  /** @param b null where nobody writes to it */
  CrashDefinitions(Side a, @Nullable Side b) throws SQLException {
    this.onA = a.connect();
    this.onB = b == null ? null : b.connect();
  }

  /** Goes through everything once. */
  void run(Pace newPace) throws SQLException {
    pace = newPace;
    pass++;
    // Keeps the sink on B from changing the table before B's rows are written.
    onB(
        "BEGIN; INSERT INTO shifting (id, side, v, one, two) SELECT g, 'B', 0, 'one ' || g, 'two ' || g"
            + " FROM generate_series(%1$d, %1$d + 4) g".formatted(nextOfB));
    shift();
    onB("""
        UPDATE shifting SET one = one || ' changed' WHERE id = %d; DELETE FROM shifting WHERE side = 'B' AND id < %d;
        UPDATE shifting SET v = v + 1 WHERE side = 'B'; COMMIT""".formatted(nextOfB, nextOfB - KEPT));
    nextOfB += 5;
    take();
    onB(
        "DO $$ BEGIN INSERT INTO taken VALUES (%d, 'of B'); EXCEPTION WHEN undefined_table THEN NULL; END $$"
            .formatted(nextOfB));
  }

  /** Rows that are more than the sink's buffer has room for, with statements among them. */
  private void shift() throws SQLException {
    String begin = pass % PASSES_OF_A_TABLE == 0
        ? "DROP TABLE shifting; " + SHIFTING
        : "DELETE FROM shifting WHERE side = 'A';";
    onA("BEGIN; " + begin + rows(1, ROWS / 2, pass) + """
        ;
        ALTER TABLE shifting DROP COLUMN extra;
        ALTER TABLE shifting RENAME one TO three; ALTER TABLE shifting RENAME two TO one; ALTER TABLE shifting RENAME three TO two;
        ALTER TABLE shifting ADD COLUMN extra bigint DEFAULT %d;
        """.formatted(pass)
        + rows(ROWS / 2 + 1, ROWS, pass)
        + "; UPDATE shifting SET two = one WHERE side = 'A' AND id % 7 = 0; COMMIT");
  }

  private static String rows(int from, int to, long v) {
    return "INSERT INTO shifting (id, side, v, one, two) SELECT g, 'A', %d, 'one ' || g, 'two ' || g FROM generate_series(%d, %d) g"
        .formatted(v, from, to);
  }

  private void take() throws SQLException {
    onA("DROP INDEX taken_by_id");
    onA("DROP TABLE taken");
    // Before a link has begun nobody else gives it whole rows.
    onA(
        "BEGIN; CREATE TABLE taken AS SELECT g AS id, 'taken %d' AS note FROM generate_series(1, 5) g;"
                .formatted(pass)
            + " ALTER TABLE taken REPLICA IDENTITY FULL; COMMIT");
    onA(BUILD);
    onA("UPDATE taken SET note = 'changed' WHERE id = 2");
  }

  private void onA(String sql) throws SQLException {
    run(onA, sql);
  }

  private void onB(String sql) throws SQLException {
    if (onB != null) {
      run(onB, sql);
    }
  }

  private void run(Connection connection, String sql) throws SQLException {
    pace.run(connection, sql);
  }

  @Override
  public void close() {
    List<Connection> connections = new ArrayList<>(List.of(onA));
    if (onB != null) {
      connections.add(onB);
    }
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing is lost with it.
      }
    }
  }
}
