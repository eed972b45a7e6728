package io.pgduplex.it;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Writes rows on B to the tables of all kinds, round after round, under the names that B knows them by at that moment. */
final class DdlKindsWriter implements AutoCloseable {

  private static final String ABSENT = "(?s).*\\((42P01|42703)\\).*";
  private static final String DROPPED = "(?s).*\\(42P01\\).*";
  private static final String NOTHING = "";

  /** As fast as it could write it would hold up A, which is to do all its statements meanwhile. */
  private static final Duration APART = Duration.ofMillis(4);

  private final Connection connection;
  private final List<DdlKind> kinds;
  private final Map<String, List<String>> failures = new HashMap<>();
  private final Thread thread = new Thread(this::run, "ddl-kinds-writer");
  private volatile boolean stopped;
  private volatile int next;

  /** @param first the number of the first row of each kind */
  DdlKindsWriter(Side on, List<DdlKind> kinds, int first) throws SQLException {
    this.connection = on.connect();
    this.kinds = kinds;
    this.next = first;
  }

  /** A row of each. */
  void round() {
    int number = next;
    kinds.forEach(kind -> write(kind, number));
    next = number + 1;
  }

  void start() {
    thread.start();
  }

  /** Waits until one has begun and ended. */
  void awaitRound() {
    int now = next;
    Awaitility.await("B's writer")
        .atMost(Duration.ofMinutes(2))
        .until(() -> next > now + 1 || !thread.isAlive());
  }

  void stop() {
    stopped = true;
    Awaitility.await("B's writer to end")
        .atMost(Duration.ofMinutes(2))
        .until(() -> !thread.isAlive());
  }

  /** What could not be written, by kinds. */
  Map<String, List<String>> failures() {
    return failures;
  }

  private void run() {
    while (!stopped) {
      round();
    }
  }

  private void write(DdlKind kind, int number) {
    LockSupport.parkNanos(APART.toNanos());
    List<String> errors = new ArrayList<>();
    // Between the first and the second the change may come.
    for (String row : List.of(kind.after(), kind.before(), kind.after())) {
      if (row.isEmpty()) {
        continue;
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(kind.path()
            + DdlKind.insert(row, number)
            + DdlKind.update(row, number - 1, number)
            + DdlKind.delete(row, number - 3));
        return;
      } catch (SQLException e) {
        errors.add("on B: " + e.getMessage() + " (" + e.getSQLState() + ") in " + row);
      }
    }
    // Not there yet, or not any more.
    String absence = kind.before().isEmpty() ? ABSENT : kind.after().isEmpty() ? DROPPED : NOTHING;
    if (!errors.stream().allMatch(error -> error.matches(absence))) {
      failures.computeIfAbsent(kind.name(), any -> new ArrayList<>()).addAll(errors);
    }
  }

  @Override
  public void close() throws SQLException {
    stop();
    connection.close();
  }
}
