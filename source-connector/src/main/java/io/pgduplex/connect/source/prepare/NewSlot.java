package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.DebeziumConfig;
import io.pgduplex.connect.source.options.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Makes the slot of a direction that copies no rows, and looks at the tables as they are at the very point where the slot
 * begins: what is not there yet will be sent, so nothing can fall between.
 */
final class NewSlot {

  private static final int FAILOVER_SINCE = 17;

  /** Transactions that are under way have to end first; after this long the next try waits again. */
  private static final int LONGEST_WAIT_MS = 90_000;

  private static final int NO_LIMIT = 0;

  private final Database database;
  private final Settings settings;

  NewSlot(Database database, Settings settings) {
    this.database = database;
    this.settings = settings;
  }

  /** Makes it; returns why it must not be used, if it must not. */
  Optional<Problem> create(List<Table> tables) throws SQLException {
    try (Connection replication = database.connectForReplication();
        Statement statement = replication.createStatement()) {
      replication.setNetworkTimeout(Runnable::run, LONGEST_WAIT_MS);
      String snapshot;
      try (ResultSet row = statement.executeQuery(command(replication))) {
        row.next();
        snapshot = row.getString("snapshot_name");
      }
      // The snapshot is there until the next command of its session.
      return RowsBefore.matter(settings) ? rowsBefore(snapshot, tables) : Optional.empty();
    }
  }

  private String command(Connection replication) throws SQLException {
    String create = "CREATE_REPLICATION_SLOT "
        + Identifiers.quote(settings.link().objectName()) + " LOGICAL pgoutput ";
    boolean failover =
        Boolean.parseBoolean(DebeziumConfig.of(settings, List.of()).get("slot.failover"))
            && replication.getMetaData().getDatabaseMajorVersion() >= FAILOVER_SINCE;
    return create + (failover ? "(SNAPSHOT 'export', FAILOVER)" : "EXPORT_SNAPSHOT");
  }

  private Optional<Problem> rowsBefore(String snapshot, List<Table> tables) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      // A table with many rows of the other side has to be read to its end, once.
      connection.setNetworkTimeout(Runnable::run, NO_LIMIT);
      connection.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(snapshot));
      return RowsBefore.problem(connection, settings, tables);
    }
  }
}
