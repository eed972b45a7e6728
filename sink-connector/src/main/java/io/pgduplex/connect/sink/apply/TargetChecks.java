package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.database.PoolerCheck;
import io.pgduplex.connect.common.database.Rights;
import io.pgduplex.connect.common.database.ServerChecks;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.table.TablePrivileges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What keeps a database from being written to, as far as looking at it tells; changes nothing there. */
public final class TargetChecks {

  private static final int PARAMETERS_GRANTED_SINCE = 15;

  private static final List<String> ORIGIN_FUNCTIONS = List.of(
      "pg_replication_origin_create",
      "pg_replication_origin_session_setup",
      "pg_replication_origin_xact_setup");

  private final SinkConfig config;
  private final Connection connection;

  private TargetChecks(SinkConfig config, Connection connection) {
    this.config = config;
    this.connection = connection;
  }

  /** For validation: each problem on the option that is to be changed, or that leads to what is; empty when all is well. */
  public static List<Problem> problems(SinkConfig config) {
    try (Connection connection = TargetSession.connectAside(config)) {
      ServerChecks server = ServerChecks.of(connection);
      List<Problem> problems = new ArrayList<>(problems(config, connection, server));
      server.primary().ifPresent(problems::add);
      return problems;
    } catch (SQLException e) {
      return List.of(ServerChecks.unreachable(e));
    }
  }

  /** The same over a connection, without what may pass by itself. */
  static List<Problem> problems(SinkConfig config, Connection connection, ServerChecks server)
      throws SQLException {
    List<Problem> problems = new ArrayList<>();
    server.version().ifPresent(problems::add);
    server.encoding().ifPresent(problems::add);
    server.commitTimestamps().ifPresent(problems::add);
    PoolerCheck.problem(connection, () -> TargetSession.connectAside(config))
        .ifPresent(problems::add);
    problems.addAll(new TargetChecks(config, connection).rights());
    return problems;
  }

  private List<Problem> rights() throws SQLException {
    Rights rights = Rights.of(connection);
    replicaRole(rights);
    origin(rights);
    rights.requireObjects(Map.of(
        PgduplexSchema.PROGRESS, List.of("SELECT", "INSERT", "UPDATE"),
        PgduplexSchema.CONFLICTS, List.of("SELECT", "INSERT", "DELETE"),
        PgduplexSchema.SNAPSHOT_TABLES, List.of("SELECT", "INSERT", "UPDATE", "DELETE")));
    tables(rights);
    return rights.problems();
  }

  /** By trying: whether it is granted or comes with the role depends on the server's version and who runs it. */
  private void replicaRole(Rights rights) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TargetSession.REPLICA_ROLE);
    } catch (SQLException e) {
      if (!SqlErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      rights.lacks(
          "set session_replication_role",
          connection.getMetaData().getDatabaseMajorVersion() >= PARAMETERS_GRANTED_SINCE
              ? "GRANT SET ON PARAMETER session_replication_role TO " + rights.role()
              : "ALTER ROLE %s IN DATABASE %s SET session_replication_role = replica"
                  .formatted(rights.role(), rights.database()));
    }
  }

  private static void origin(Rights rights) {
    for (String function : ORIGIN_FUNCTIONS) {
      // Whatever its arguments: they grow with PostgreSQL's versions.
      rights.require(
          "(SELECT bool_and(has_function_privilege(oid, 'EXECUTE')) FROM pg_proc"
              + " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = '" + function
              + "')",
          "execute " + function,
          "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(function, rights.role()));
    }
  }

  /** As far as they are known: what the opposite direction publishes here should be what this one writes. */
  private void tables(Rights rights) throws SQLException {
    LinkDirection link = config.link();
    for (TablePrivileges lack : TablePrivileges.ofPublished(
        connection, link.opposite().objectName(), PgduplexSchema.NAME, link.direction())) {
      rights.lacks(lack.action(), lack.grant(rights.role()));
    }
  }
}
