package io.pgduplex.it;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One side's writer of many small histories at once: each has a few keys, unique values and a table of plain rows, and each
 * row that it writes a value of its own. It commits under a replication origin of its own, which lets it say what time it is:
 * so the clocks of the two sides can be hours apart.
 */
final class RivalWriter implements AutoCloseable {

  /**
   * Histories are told by {@code g}. What users' sessions write is noted beside, versions made and versions that a later
   * change knew; a sink's session fires no triggers.
   */
  static final String TABLES = """
      CREATE TABLE plain (g int, id int, v text, PRIMARY KEY (g, id));
      CREATE TABLE emptied (LIKE plain INCLUDING ALL);
      CREATE TABLE uniques (g int, id int, u int, w int, v text, PRIMARY KEY (g, id), UNIQUE (g, u), UNIQUE (g, w));
      CREATE TABLE deferred (g int, id int, u int, w int, v text, PRIMARY KEY (g, id),
        UNIQUE (g, u) DEFERRABLE INITIALLY DEFERRED, UNIQUE (g, w) DEFERRABLE);
      ALTER TABLE plain REPLICA IDENTITY FULL;
      ALTER TABLE emptied REPLICA IDENTITY FULL;
      ALTER TABLE uniques REPLICA IDENTITY FULL;
      ALTER TABLE deferred REPLICA IDENTITY FULL;
      CREATE SCHEMA noted;
      CREATE TABLE noted.made (v text);
      CREATE TABLE noted.known (v text);
      CREATE FUNCTION noted.note() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'TRUNCATE' THEN
          INSERT INTO noted.known SELECT v FROM public.emptied;
          RETURN NULL;
        END IF;
        IF TG_OP <> 'DELETE' THEN INSERT INTO noted.made VALUES (NEW.v); END IF;
        IF TG_OP <> 'INSERT' THEN INSERT INTO noted.known VALUES (OLD.v); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON plain FOR EACH ROW EXECUTE FUNCTION noted.note();
      CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON emptied FOR EACH ROW EXECUTE FUNCTION noted.note();
      CREATE TRIGGER emptied BEFORE TRUNCATE ON emptied EXECUTE FUNCTION noted.note();
      CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON uniques FOR EACH ROW EXECUTE FUNCTION noted.note();
      CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON deferred FOR EACH ROW EXECUTE FUNCTION noted.note()""";

  private static final int KEYS = 3;
  private static final Set<String> GIVEN_UP = Set.of("23505", "40P01");

  private final Connection connection;
  private final String side;
  private final Random random;
  private final Duration skew;
  private int versions;

  RivalWriter(Side on, String side, Random random, Duration skew) throws SQLException {
    this.connection = on.connect();
    this.side = side;
    this.random = random;
    this.skew = skew;
    String origin = "rival_" + on.database();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      statement.execute("SELECT pg_replication_origin_create('" + origin + "')");
      statement.execute("SELECT pg_replication_origin_session_setup('" + origin + "')");
    }
    connection.setAutoCommit(false);
  }

  /** One transaction of a history; one that the side's own constraints forbid, or that meets a deadlock, is given up. */
  void write(int history) throws SQLException {
    commit(() -> {
      for (int i = random.nextInt(3); i >= 0; i--) {
        change(history);
      }
    });
  }

  /** Ends what all histories have in one of the tables. */
  void truncate() throws SQLException {
    commit(() -> execute("TRUNCATE emptied"));
  }

  /** Statements of one transaction. */
  @FunctionalInterface
  private interface Statements {
    void run() throws SQLException;
  }

  private void commit(Statements statements) throws SQLException {
    try {
      statements.run();
      try (PreparedStatement time = connection.prepareStatement(
          "SELECT pg_replication_origin_xact_setup('0/1', clock_timestamp() + ? * interval '1 second')")) {
        time.setLong(1, skew.toSeconds());
        time.execute();
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      if (!GIVEN_UP.contains(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void change(int g) throws SQLException {
    int id = random.nextInt(KEYS);
    String table = List.of("plain", "emptied", "uniques", "uniques", "deferred", "deferred")
        .get(random.nextInt(6));
    boolean plain = List.of("plain", "emptied").contains(table);
    String row = " WHERE g = " + g + " AND id = " + id;
    switch (random.nextInt(8)) {
      case 0, 1, 2 ->
        execute("INSERT INTO %s VALUES (%d, %d, %s'%s')%s"
            .formatted(
                table,
                g,
                id,
                plain ? "" : value() + ", " + value() + ", ",
                version(),
                // There is no such thing on a table with deferrable constraints.
                table.equals("deferred") ? "" : " ON CONFLICT DO NOTHING"));
      case 3, 4 ->
        execute("UPDATE " + table + " SET v = '" + version() + "'"
            + (plain ? "" : ", u = " + value() + ", w = " + value()) + row);
      case 5 -> execute("DELETE FROM " + table + row);
      case 6 ->
        execute("UPDATE " + table + " SET id = " + random.nextInt(KEYS) + ", v = '" + version()
            + "'" + row);
      default -> swap(g, table.equals("deferred") ? table : "uniques");
    }
  }

  /** Two rows' unique values change places, by way of none where each step is checked. */
  private void swap(int g, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT id, u FROM " + table + " WHERE g = " + g + " ORDER BY random() LIMIT 2")) {
      if (!row.next()) {
        return;
      }
      int one = row.getInt(1);
      String ofOne = row.getString(2);
      if (!row.next()) {
        return;
      }
      int two = row.getInt(1);
      String ofTwo = row.getString(2);
      String set = "UPDATE " + table + " SET u = %s, v = '%s' WHERE g = " + g + " AND id = %d";
      if (!table.equals("deferred")) {
        execute(set.formatted("NULL", version(), one));
      }
      execute(set.formatted(ofOne, version(), two));
      execute(set.formatted(ofTwo, version(), one));
    }
  }

  private String value() {
    return random.nextInt(3) == 0 ? "NULL" : String.valueOf(random.nextInt(KEYS));
  }

  private String version() {
    return side + versions++;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends the session, and takes its origin away. */
  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    execute("SELECT pg_replication_origin_session_reset()");
    execute("SELECT pg_replication_origin_drop('rival_" + connection.getCatalog() + "')");
    connection.close();
  }
}
