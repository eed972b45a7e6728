package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.PgduplexSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;

/** The schema {@code pgduplex} and what the source keeps in it: the epoch sequence, and the tables whose rows go to the other side. */
final class PgduplexObjects {

  static final String HEARTBEAT = Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.HEARTBEAT);

  static final String SELECTION = Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.SELECTION);

  static final String DDL_LOG = Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.DDL_LOG);

  static final String CONTROL = Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.CONTROL);

  private static final String SCHEMA = Identifiers.quote(PgduplexSchema.NAME);
  private static final String EPOCH =
      Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.EPOCH_SEQUENCE);

  /** By it the reverse sink finds with each commit what the other side has not made yet. */
  private static final String PENDING = "ddl_log_pending";

  private static final String DENIED = "42501";

  private PgduplexObjects() {}

  /** Makes what is missing, under the lock that all of pgduplex's connectors take for it. */
  static void create(Connection connection) throws SQLException {
    String inDatabase = "GRANT CREATE ON DATABASE " + Identifiers.quote(connection.getCatalog());
    String inSchema = "GRANT CREATE, USAGE ON SCHEMA " + SCHEMA;
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + PgduplexSchema.DDL_LOCK + ")");
      create(statement, "to_regnamespace", SCHEMA, "CREATE SCHEMA " + SCHEMA, inDatabase);
      create(statement, "to_regclass", EPOCH, "CREATE SEQUENCE " + EPOCH + " AS bigint", inSchema);
      create(statement, "to_regclass", HEARTBEAT, """
          CREATE TABLE %s (
            link text NOT NULL,
            direction text NOT NULL,
            beat_at timestamptz NOT NULL,
            streaming_since timestamptz,
            PRIMARY KEY (link, direction)
          ) WITH (fillfactor = 50)""".formatted(HEARTBEAT), inSchema);
      create(statement, "to_regclass", SELECTION, """
          CREATE TABLE %s (
            link text NOT NULL,
            direction text NOT NULL,
            tables text[] NOT NULL,
            PRIMARY KEY (link, direction)
          )""".formatted(SELECTION), inSchema);
      create(statement, "to_regclass", DDL_LOG, """
          CREATE TABLE %s (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            link text NOT NULL,
            direction text NOT NULL,
            phase text NOT NULL,
            ordinal int NOT NULL,
            object_kind text NOT NULL,
            object_schema text NOT NULL,
            object_name text NOT NULL,
            statement text NOT NULL,
            logged_at timestamptz NOT NULL,
            applied_at timestamptz
          )""".formatted(DDL_LOG), inSchema);
      create(
          statement,
          "to_regclass",
          Identifiers.quote(PgduplexSchema.NAME, PENDING),
          "CREATE INDEX %s ON %s (link, phase, applied_at) INCLUDE (id)"
              .formatted(PENDING, DDL_LOG),
          inSchema);
      create(statement, "to_regclass", CONTROL, PgduplexSchema.CREATE_CONTROL, inSchema);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /**
   * The number of the run that begins: higher than any before it, also after a crash of the server. Sinks pass over lower
   * ones without a word, so the clock lifts it above what was given out by a sequence that is gone, or that a restored
   * backup set back.
   */
  static long nextEpoch(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // Else two runs that begin at once could get one number.
      statement.execute("SELECT pg_advisory_xact_lock(" + PgduplexSchema.DDL_LOCK + ")");
      // Without it a crash could take the sequence back to numbers that were given out.
      statement.execute("SET LOCAL synchronous_commit = on");
      long epoch;
      try (ResultSet row = statement.executeQuery("""
          SELECT setval(%1$s, greatest(nextval(%1$s), extract(epoch FROM clock_timestamp())::bigint))""".formatted(Identifiers.literal(EPOCH)))) {
        row.next();
        epoch = row.getLong(1);
      }
      connection.commit();
      connection.setAutoCommit(true);
      return epoch;
    } catch (SQLException e) {
      throw explained(e, "use the sequence " + EPOCH, "GRANT USAGE, UPDATE ON SEQUENCE " + EPOCH);
    }
  }

  private static void create(
      Statement statement, String lookup, String name, String sql, String grant)
      throws SQLException {
    try {
      if (isMissing(statement, lookup, name)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw explained(e, "use or create " + name, grant);
    }
  }

  private static boolean isMissing(Statement statement, String lookup, String name)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "SELECT %s(%s) IS NULL".formatted(lookup, Identifiers.literal(name)))) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** Says what to grant, if that is what is missing; throws {@code e} otherwise. */
  static ConnectException explained(SQLException e, String action, String grant)
      throws SQLException {
    if (DENIED.equals(e.getSQLState())) {
      return new ConnectException(
          "The source's role may not %s; run as an administrator: %s TO <the role in database.user>. %s"
              .formatted(action, grant, e.getMessage()),
          e);
    }
    throw e;
  }
}
