package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds indexes while others write to their tables, as the source did. That takes several transactions: it is done before the
 * one that says that it has been done, and what an earlier attempt has left is looked for first.
 */
final class ConcurrentIndexes {

  private static final Logger LOG = LoggerFactory.getLogger(ConcurrentIndexes.class);

  /** As the source writes it: with all names quoted. */
  private static final Pattern NAME =
      Pattern.compile("^CREATE (?:UNIQUE )?INDEX CONCURRENTLY \"((?:[^\"]|\"\")+)\" ON ");

  /** An index of that name on that table. */
  private static final String SUCH = """
      SELECT i.indexrelid::regclass::text, i.indisvalid AND i.indislive
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
       WHERE i.indrelid = to_regclass(?) AND x.relname = ?""";

  private final Connection connection;
  private final Optional<String> owner;
  private final String direction;

  ConcurrentIndexes(Connection connection, SinkConfig config) {
    this.connection = connection;
    this.owner = config.owner();
    this.direction = config.link().toString();
  }

  /** Builds those of a transaction, of which nothing has been written yet. */
  void build(List<DataChange> changes) throws SQLException {
    for (DataChange change : changes) {
      if (change instanceof Ddl ddl && ddl.phase() == DdlPhase.CONCURRENTLY) {
        connection.rollback();
        connection.setAutoCommit(true);
        build(ddl);
        connection.setAutoCommit(false);
      }
    }
  }

  private void build(Ddl ddl) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      // Nobody waits behind it, and to begin again costs more than to wait for others.
      statement.execute(
          "SELECT set_config('pgduplex.lock_timeout', current_setting('lock_timeout'), false)");
      statement.execute("SET lock_timeout = 0");
      if (owner.isPresent()) {
        statement.execute("SET ROLE " + Identifiers.quote(owner.get()));
      }
      if (!isThere(ddl, statement)) {
        statement.execute(ddl.statement());
      }
      statement.execute("RESET ROLE");
      statement.execute(
          "SELECT set_config('lock_timeout', current_setting('pgduplex.lock_timeout'), false)");
    } catch (SQLException e) {
      throw new RefusedStatement(ddl.kind(), ddl.object(), ddl.statement(), e);
    }
  }

  /** One that was not finished is taken away. */
  private boolean isThere(Ddl ddl, Statement statement) throws SQLException {
    Matcher name = NAME.matcher(ddl.statement());
    if (!name.find()) {
      return false;
    }
    try (PreparedStatement select = connection.prepareStatement(SUCH)) {
      select.setString(1, ddl.object().quoted());
      select.setString(2, name.group(1).replace("\"\"", "\""));
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return false;
        }
        String index = row.getString(1);
        if (row.getBoolean(2)) {
          LOG.info("Direction {}: index {} is there already and stays as it is", direction, index);
          return true;
        }
        LOG.info("Direction {}: index {} was not finished and is built again", direction, index);
        statement.execute("DROP INDEX CONCURRENTLY " + index);
        return false;
      }
    }
  }
}
