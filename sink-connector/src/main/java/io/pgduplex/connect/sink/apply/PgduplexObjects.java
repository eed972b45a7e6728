package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.sink.error.SqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;

/** The tables of schema {@code pgduplex} that the sink keeps in the target, made where they are missing. */
final class PgduplexObjects {

  private static final String[] TABLES = {
    "progress",
    "conflicts",
    "conflict_counts",
    "snapshot_tables",
    "schema_sync",
    "control",
    "disputed",
    "storage"
  };

  /** The lock keeps the connectors of both directions from making the schema at the same time. */
  private static final String CREATE =
      """
      BEGIN;
      SELECT pg_advisory_xact_lock(%d);
      CREATE SCHEMA IF NOT EXISTS pgduplex;
      CREATE TABLE IF NOT EXISTS pgduplex.progress (
        link text NOT NULL,
        direction text NOT NULL,
        topic text NOT NULL,
        next_offset bigint NOT NULL,
        last_end pg_lsn,
        epoch bigint NOT NULL,
        seq bigint NOT NULL,
        snapshot_epoch bigint NOT NULL,
        fence bigint NOT NULL,
        transactions bigint NOT NULL DEFAULT 0,
        changes bigint NOT NULL DEFAULT 0,
        source_committed_at timestamptz,
        applied_at timestamptz,
        tables text[],
        PRIMARY KEY (link, direction)
      );
      CREATE TABLE IF NOT EXISTS pgduplex.conflicts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        link text NOT NULL,
        direction text NOT NULL,
        table_schema text NOT NULL,
        table_name text NOT NULL,
        type text NOT NULL,
        policy text NOT NULL,
        outcome text NOT NULL,
        key jsonb,
        incoming jsonb,
        local jsonb,
        local_committed_at timestamptz,
        source_lsn pg_lsn,
        source_committed_at timestamptz,
        topic_offset bigint NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      ALTER TABLE pgduplex.conflicts ADD COLUMN IF NOT EXISTS local_committed_at timestamptz;
      CREATE INDEX IF NOT EXISTS conflicts_by_table ON pgduplex.conflicts (table_schema, table_name, recorded_at);
      CREATE INDEX IF NOT EXISTS conflicts_by_time ON pgduplex.conflicts (recorded_at);
      CREATE INDEX IF NOT EXISTS conflicts_by_key ON pgduplex.conflicts USING gin (key jsonb_path_ops);
      CREATE OR REPLACE VIEW pgduplex.conflict_counts AS
        SELECT link, direction, table_schema, table_name, type, outcome, count(*) AS conflicts,
               min(recorded_at) AS first_at, max(recorded_at) AS last_at
          FROM pgduplex.conflicts
         GROUP BY link, direction, table_schema, table_name, type, outcome;
      CREATE TABLE IF NOT EXISTS pgduplex.storage (
        link text NOT NULL,
        table_oid oid NOT NULL,
        filenodes oid[] NOT NULL,
        PRIMARY KEY (link, table_oid)
      );
      CREATE TABLE IF NOT EXISTS pgduplex.renamed (
        link text NOT NULL,
        relation oid NOT NULL,
        PRIMARY KEY (link, relation)
      );
      CREATE TABLE IF NOT EXISTS pgduplex.snapshot_tables (
        link text NOT NULL,
        direction text NOT NULL,
        table_schema text NOT NULL,
        table_name text NOT NULL,
        epoch bigint NOT NULL,
        PRIMARY KEY (link, direction, table_schema, table_name)
      );
      CREATE TABLE IF NOT EXISTS pgduplex.schema_sync (
        link text NOT NULL,
        direction text NOT NULL,
        ordinal int NOT NULL,
        phase text NOT NULL,
        object_kind text NOT NULL,
        object_schema text NOT NULL,
        object_name text NOT NULL,
        statement text NOT NULL,
        outcome text NOT NULL,
        PRIMARY KEY (link, direction, ordinal)
      );
      %s;
      CREATE OR REPLACE VIEW pgduplex.disputed AS
        SELECT link, table_schema, table_name, jsonb_object(key_columns, key_values) AS key,
               count(*) AS corrections, min(written_at) AS since
          FROM pgduplex.control
         WHERE kind IN ('correction', 'rewritten')
         GROUP BY link, table_schema, table_name, key_columns, key_values;
      COMMIT""".formatted(PgduplexSchema.DDL_LOCK, PgduplexSchema.CREATE_CONTROL);

  private PgduplexObjects() {}

  static void create(Connection connection) throws SQLException {
    if (areThere(connection)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
    } catch (SQLException e) {
      if (SqlErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new ConnectException(
            "The role of database.user may not make schema pgduplex and its tables ("
                + e.getMessage() + "). Run GRANT CREATE ON DATABASE \"" + connection.getCatalog()
                + "\" TO the role, then restart the task.",
            e);
      }
      throw e;
    }
  }

  /** Whether all of them are there. */
  static boolean areThere(Connection connection) throws SQLException {
    for (String table : TABLES) {
      if (!isThere(connection, table)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a table of the schema is there, whoever makes it. */
  static boolean isThere(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT to_regclass('pgduplex." + table + "') IS NOT NULL")) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
