package io.pgduplex.it;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Reads a link's two sides all the time and notes what no committed state may show. */
final class TornWatcher implements AutoCloseable {

  private static final int PAUSE_MS = 150;

  private final List<Side> sides;
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::watch, "torn-watcher");
  private volatile boolean closed;

  TornWatcher(Side... sides) {
    this.sides = List.of(sides);
    thread.setDaemon(true);
    thread.start();
  }

  /** What was seen that must not be. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  private void watch() {
    try (Connection a = sides.get(0).connect();
        Connection b = sides.get(1).connect()) {
      while (!closed) {
        look(a, "A");
        look(b, "B");
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (SQLException e) {
      violations.add("The watcher stopped: " + e);
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void look(Connection connection, String side) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CrashWorkload.INVARIANT)) {
      row.next();
      if (!row.getString(1).equals(CrashWorkload.INVARIANT_HOLDS)) {
        violations.add("On " + side + " was " + row.getString(1) + " to be seen, and only "
            + CrashWorkload.INVARIANT_HOLDS + " may be");
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
