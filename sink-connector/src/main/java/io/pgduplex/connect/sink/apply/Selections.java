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

  /**
   * Keys that a sequence gives out in steps of one; {@code tables} are the direction's.
   */
  private static final String COUNTED_KEYS = """
      SELECT string_agg(DISTINCT format('%I.%I.%I', n.nspname, c.relname, a.attname), ', ')
        FROM pgduplex.progress p
        CROSS JOIN LATERAL unnest(p.tables) t
        JOIN pg_class c ON c.oid = to_regclass(t)
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
        JOIN pg_depend d
          ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
          OR d.deptype = 'i' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
             AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
        JOIN pg_sequence s ON s.seqrelid = CASE WHEN d.deptype = 'i' THEN d.objid ELSE d.refobjid END
       WHERE p.link = ? AND p.direction = ? AND abs(s.seqincrement) = 1""";

  private final LinkDirection link;
  private final boolean twoWay;
  private final Connection connection;
  private final Stopwatch sinceCheck = new Stopwatch();
  private boolean noted;

  /** @param twoWay whether applications write to this side too */
  Selections(LinkDirection link, boolean twoWay, Connection connection) {
    this.link = link;
    this.twoWay = twoWay;
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

  /** Says what only one direction has, and once which keys both sides would count alike. */
  void check() throws SQLException {
    if (noted && twoWay) {
      warnOfCountedKeys();
    }
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

  private void warnOfCountedKeys() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(COUNTED_KEYS)) {
      select.setString(1, link.link());
      select.setString(2, link.direction().toString());
      try (ResultSet row = select.executeQuery()) {
        if (row.next() && row.getString(1) != null) {
          LOG.warn(
              "Direction {}: sequences count these keys up by one, here and likely on the other side too, so that both sides"
                  + " give the same keys to different rows: {}. Let them take odd and even numbers, as docs/ddl.md says",
              link,
              row.getString(1));
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
