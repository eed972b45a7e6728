package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.database.ServerChecks;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.transaction.Group;
import io.pgduplex.connect.sink.transaction.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that writes: a replica session under the direction's replication origin, whose settings do not
 * depend on the server's or the role's. Transactions are begun by the first statement.
 */
final class TargetSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

  /**
   * PostgreSQL 14 lets only a superuser SET session_replication_role, but a role can come with it (ALTER ROLE … SET).
   */
  static final String REPLICA_ROLE = """
      SELECT set_config('session_replication_role', 'replica', false)
        WHERE current_setting('session_replication_role') <> 'replica'""";

  /** Statements of the source's definitions rely on these too: they name each schema, and know no other way to write a value. */
  private static final String SETTINGS = REPLICA_ROLE + """
      ;
      SET search_path = pg_catalog;
      SET synchronous_commit = off;
      SET lock_timeout = %d;
      SET statement_timeout = 0;
      SET idle_in_transaction_session_timeout = 0;
      SET client_connection_check_interval = 5000;
      SET default_transaction_isolation = 'read committed';
      SET default_transaction_read_only = off;
      SET row_security = off;
      SET check_function_bodies = off;
      SET jit = off;
      SET xmloption = content;
      SET standard_conforming_strings = on;
      SET DateStyle = ISO, YMD;
      SET IntervalStyle = postgres;
      SET TimeZone = UTC;
      SET extra_float_digits = 1;
      SET bytea_output = hex;
      SET lc_monetary = 'C';
      SET client_min_messages = warning""";

  private static final String SETTINGS_17 = """
      SELECT set_config('transaction_timeout', '0', false) WHERE current_setting('server_version_num')::int >= 170000""";

  private final Connection connection;
  private final ProgressStore store;
  /** Read by the task's thread while another one may be committing. */
  private volatile Progress committed;

  private TargetSession(Connection connection, ProgressStore store, Progress committed) {
    this.connection = connection;
    this.store = store;
    this.committed = committed;
  }

  /** Connects, becomes the only writer of the direction, and reads how far it has been applied. */
  static TargetSession open(SinkConfig config, String topic) throws SQLException {
    Connection connection = connect(config, config.link().objectName());
    try {
      ServerChecks server = ServerChecks.of(connection);
      requirePrimary(server);
      refuse(TargetChecks.problems(config, connection, server));
      configure(connection, config);
      PgduplexObjects.create(connection);
      setUpOrigin(connection, config.link().origin());
      // Only now: before, an older task of this direction might still have committed.
      ProgressStore store = new ProgressStore(config.link(), topic);
      connection.setAutoCommit(false);
      Progress progress = store.acquire(connection);
      connection.commit();
      return new TargetSession(connection, store, progress);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** A connection beside the one that writes; under another name, or ending an old session would end this one too. */
  static Connection connectAside(SinkConfig config) throws SQLException {
    return connect(config, config.link().objectName() + " aside");
  }

  /** Settings that do not depend on the server's or the role's. */
  static void configure(Connection connection, SinkConfig config) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS.formatted(config.lockTimeout().toMillis()));
      statement.execute(SETTINGS_17);
    }
  }

  private static Connection connect(SinkConfig config, String applicationName) throws SQLException {
    Properties properties = config.jdbcProperties();
    properties.setProperty("ApplicationName", applicationName);
    Connection connection = new Driver().connect(config.jdbcUrl(), properties);
    if (connection == null) {
      throw new SQLException("Not a JDBC address of PostgreSQL: " + config.jdbcUrl(), "08001");
    }
    return connection;
  }

  private static void requirePrimary(ServerChecks server) throws SQLException {
    if (server.primary().isPresent()) {
      // A failover may be under way, so this is worth another try.
      throw new SQLException(server.primary().get().toString(), "57P03");
    }
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ConnectException(problems.stream()
          .map(Problem::toString)
          .collect(Collectors.joining(
              "\n",
              "The database cannot be written to as it is:\n",
              "\nMend that, then restart the task; nothing was applied and nothing is lost.")));
    }
  }

  private static void setUpOrigin(Connection connection, String origin) throws SQLException {
    try (PreparedStatement create = connection.prepareStatement("""
        SELECT pg_replication_origin_create(?)
        WHERE NOT EXISTS (SELECT FROM pg_replication_origin WHERE roname = ?)""")) {
      create.setString(1, origin);
      create.setString(2, origin);
      create.execute();
    } catch (SQLException e) {
      if (!SqlErrors.UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
    }
    try (PreparedStatement setup =
        connection.prepareStatement("SELECT pg_replication_origin_session_setup(?)")) {
      setup.setString(1, origin);
      setup.execute();
    } catch (SQLException e) {
      if (SqlErrors.OBJECT_IN_USE.equals(e.getSQLState())) {
        terminateOldBackend(connection, origin);
      }
      throw e;
    }
  }

  /** An earlier task's backend may not have noticed that its client is gone, and holds the origin until it does. */
  private static void terminateOldBackend(Connection connection, String origin)
      throws SQLException {
    try (PreparedStatement terminate = connection.prepareStatement("""
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE application_name = ? AND datname = current_database() AND usename = current_user
          AND pid <> pg_backend_pid()""")) {
      terminate.setString(1, origin);
      try (ResultSet row = terminate.executeQuery()) {
        row.next();
        LOG.info(
            "Origin {} is held by an earlier session; terminated {} backend(s)",
            origin,
            row.getLong(1));
      }
    }
  }

  Connection connection() {
    return connection;
  }

  /** The server's process. */
  int process() throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  /** What is committed. */
  Progress committed() {
    return committed;
  }

  /**
   * Commits what was written since the last commit, together with the progress it means.
   *
   * @param streamedChanges how many changes were written before, while their transaction was still open
   */
  void commit(Group group, long streamedChanges) throws SQLException {
    store.save(connection, committed, group, streamedChanges);
    connection.commit();
    committed = group.progress();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends the statement that may be running on another thread, and disconnects. */
  void abort() {
    try {
      // Else the server notices only after a while, and keeps its locks until then.
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      LOG.debug("Cancelling the statement failed", e);
    }
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("Aborting the connection failed", e);
    }
  }

  /** Rolls back what is open and disconnects. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("Closing the connection failed; the server rolls back what was open", e);
    }
  }
}
