package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.PgduplexSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;

/** The schema {@code pgduplex} and what the source keeps in it: the epoch sequence and the heartbeat table. */
final class PgduplexObjects {

  static final String HEARTBEAT = Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.HEARTBEAT);

  private static final String EPOCH =
      Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.EPOCH_SEQUENCE);
  private static final String DENIED = "42501";

  private PgduplexObjects() {}

  /** Makes what is missing. Needs a connection in autocommit mode. */
  static void create(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + PgduplexSchema.DDL_LOCK + ")");
      create(
          statement,
          "to_regnamespace(%s)",
          Identifiers.quote(PgduplexSchema.NAME),
          "",
          "CREATE SCHEMA %s",
          "GRANT CREATE ON DATABASE");
      create(
          statement,
          "to_regclass(%s)",
          EPOCH,
          "",
          "CREATE SEQUENCE %s AS bigint",
          "GRANT CREATE, USAGE ON SCHEMA pgduplex");
      create(
          statement,
          "to_regclass(%s)",
          HEARTBEAT,
          """
           (
            link text NOT NULL,
            direction text NOT NULL,
            beat_at timestamptz NOT NULL,
            PRIMARY KEY (link, direction)
          ) WITH (fillfactor = 50)""",
          "CREATE TABLE %s",
          "GRANT CREATE, USAGE ON SCHEMA pgduplex");
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** The number of the run that begins. */
  static long nextEpoch(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT nextval(" + Identifiers.literal(EPOCH) + ")")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw explained(e, "use the sequence " + EPOCH, "GRANT USAGE ON SEQUENCE " + EPOCH);
    }
  }

  private static void create(
      Statement statement, String lookup, String name, String body, String create, String grant)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "SELECT " + lookup.formatted(Identifiers.literal(name)) + " IS NULL")) {
      row.next();
      if (!row.getBoolean(1)) {
        return;
      }
    }
    String sql = create.formatted(name) + body;
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw explained(e, "create " + name, grant);
    }
  }

  static RuntimeException explained(SQLException e, String action, String grant)
      throws SQLException {
    if (DENIED.equals(e.getSQLState())) {
      return new ConnectException(
          "The source's role may not " + action + "; run as an administrator: " + grant
              + " TO <database.user>. " + e.getMessage(),
          e);
    }
    throw e;
  }
}
