package io.pgduplex.quickstart;

import io.pgduplex.stack.ConnectorStatus;
import io.pgduplex.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a link looks like at one moment.
 *
 * @param nanos when, by {@link System#nanoTime}
 * @param a tables of A by name
 * @param b tables of B by name
 * @param forward the direction from A to B
 * @param reverse the direction from B to A
 */
record Sample(
    long nanos, Map<String, Content> a, Map<String, Content> b, Flow forward, Flow reverse) {

  /**
   * A table's content.
   *
   * @param checksum over all rows, whatever their order
   */
  record Content(long rows, String checksum) {}

  /**
   * A direction.
   *
   * @param transactions applied so far
   * @param changes applied so far
   * @param lagMillis from the commit at the source to the commit at the target, of the last transaction applied
   * @param dropped loop-backs dropped so far
   * @param source state of the source connector and its task
   * @param sink state of the sink connector and its task
   */
  record Flow(
      long transactions, long changes, long lagMillis, long dropped, String source, String sink) {}

  static Sample of(BankLink link) throws SQLException {
    return new Sample(
        System.nanoTime(),
        contents(link.a()),
        contents(link.b()),
        flow(link, "forward", link.b()),
        flow(link, "reverse", link.a()));
  }

  boolean isEqual() {
    return a.equals(b);
  }

  static long rows(Map<String, Content> side) {
    return side.values().stream().mapToLong(Content::rows).sum();
  }

  private static Map<String, Content> contents(PostgresServer server) throws SQLException {
    Map<String, Content> contents = new LinkedHashMap<>();
    try (Connection connection = server.connect(BankLink.DATABASE);
        Statement statement = connection.createStatement()) {
      for (String table : BankWorkload.TABLES) {
        try (ResultSet row = statement.executeQuery(
            "SELECT count(*), abs(coalesce(sum(hashtextextended(t::text, 0)), 0)) % 100000000 FROM "
                + table + " t")) {
          row.next();
          contents.put(table, new Content(row.getLong(1), row.getString(2)));
        }
      }
    }
    return contents;
  }

  private static Flow flow(BankLink link, String direction, PostgresServer target)
      throws SQLException {
    long dropped = (long) link.stack()
        .worker()
        .metrics()
        .droppedByTransforms("bank-" + direction + "-source")
        .orElse(0);
    try (Connection connection = target.connect(BankLink.DATABASE);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT transactions, changes, extract(epoch FROM applied_at - source_committed_at) * 1000"
                + " FROM pgduplex.progress WHERE direction = '" + direction + "'")) {
      row.next();
      return new Flow(
          row.getLong(1),
          row.getLong(2),
          Math.max(0, row.getLong(3)),
          dropped,
          state(link, "bank-" + direction + "-source"),
          state(link, "bank-" + direction + "-sink"));
    }
  }

  private static String state(BankLink link, String connector) {
    ConnectorStatus status = link.rest().status(connector);
    List<String> tasks =
        status.tasks().stream().map(ConnectorStatus.Part::state).toList();
    return status.connector().state() + "/" + String.join(",", tasks);
  }
}
