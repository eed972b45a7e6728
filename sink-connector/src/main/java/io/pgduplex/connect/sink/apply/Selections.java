package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares which tables the two directions of a link carry: what is changed in a table that only one of them has never
 * reaches the other side. No connector sees both selections, but a sink hears its own direction's with the changes and finds
 * the opposite one's publication in its database. It warns, and does not stop: while tables are added the two differ for a
 * while.
 */
final class Selections {

  private static final Logger LOG = LoggerFactory.getLogger(Selections.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private static final String DIFFERENCE = """
      WITH sent AS (
        SELECT unnest(tables) AS name FROM pgduplex.progress WHERE link = ? AND direction = ? AND tables IS NOT NULL
      ), back AS (
        SELECT format('%%I.%%I', n.nspname, c.relname) AS name
          FROM pg_publication p
          JOIN pg_publication_rel r ON r.prpubid = p.oid
          JOIN pg_class c ON c.oid = r.prrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE p.pubname = ? AND n.nspname <> '%s'
      )
      SELECT (SELECT string_agg(name, ', ' ORDER BY name) FROM (TABLE sent EXCEPT TABLE back) x),
             (SELECT string_agg(name, ', ' ORDER BY name) FROM (TABLE back EXCEPT TABLE sent) y)
       WHERE EXISTS (TABLE sent) AND EXISTS (SELECT FROM pg_publication WHERE pubname = ?)""".formatted(PgduplexSchema.NAME);

  private final LinkDirection link;
  private final Connection connection;
  private final Stopwatch sinceCheck = new Stopwatch();
  private boolean noted;

  Selections(LinkDirection link, Connection connection) {
    this.link = link;
    this.connection = connection;
  }

  /** Keeps what the source says of itself, in the transaction of the changes around it. */
  void note(String tables) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(
        "UPDATE pgduplex.progress SET tables = ?::text[] WHERE link = ? AND direction = ?")) {
      update.setString(1, tables);
      update.setString(2, link.link());
      update.setString(3, link.direction().toString());
      update.executeUpdate();
    }
    noted = true;
  }

  boolean isCheckDue() {
    return noted || sinceCheck.hasPassed(INTERVAL);
  }

  /** Says what only one direction has. */
  void check() throws SQLException {
    noted = false;
    sinceCheck.restart();
    try (PreparedStatement select = connection.prepareStatement(DIFFERENCE)) {
      select.setString(1, link.link());
      select.setString(2, link.direction().toString());
      select.setString(3, link.opposite().objectName());
      select.setString(4, link.opposite().objectName());
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          warn(link, row.getString(1));
          warn(link.opposite(), row.getString(2));
        }
      }
    }
  }

  private static void warn(LinkDirection only, @Nullable String tables) {
    if (tables != null) {
      LOG.warn(
          "Only direction {} carries {}: what is changed there the other way never arrives. Give both sources of the"
              + " link the same table.include.list and schema.include.list, then restart both",
          only,
          tables);
    }
  }
}
