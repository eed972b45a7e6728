package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Identifiers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the link's publication: exactly the selected tables and pgduplex's own. It is altered, never dropped or made anew:
 * a slot that has decoded without its publication skips changes or cannot be read any more.
 */
final class Publication {

  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
  /** A table or its schema has another name, or is gone, or has come into the publication or out of it. */
  private static final Set<String> HAVE_CHANGED = Set.of("42P01", "3F000", "42704", "42710");

  private static final int GENERATED_COLUMNS_SINCE = 180_000;

  private final Connection connection;
  private final String name;
  private final int serverVersion;

  Publication(Connection connection, String name) throws SQLException {
    this.connection = connection;
    this.name = name;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
      row.next();
      this.serverVersion = row.getInt(1);
    }
  }

  /**
   * Its tables, quoted, each with whether only a part of it is published; empty where there is no publication yet. To be
   * asked before the selected tables are: what is made in between is then taken for none of those that do not belong to it.
   */
  Optional<Map<String, Boolean>> members() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) {
        return Optional.empty();
      }
      Map<String, Boolean> members = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery(membersSql())) {
        while (rows.next()) {
          members.put(Identifiers.quote(rows.getString(1), rows.getString(2)), rows.getBoolean(3));
        }
      }
      return Optional.of(members);
    }
  }

  /**
   * Makes the publication, or makes it fit. A partition belongs to it by the table above; one that the selection includes
   * by itself is named too, so that it stays when it is detached.
   *
   * @param members what it had before the tables were looked up
   */
  void keep(List<Table> selected, Direction direction, Optional<Map<String, Boolean>> members)
      throws SQLException {
    Set<String> wanted = selected.stream()
        .filter(table -> !table.belowSelected())
        .map(Table::quoted)
        .collect(Collectors.toCollection(TreeSet::new));
    wanted.add(PgduplexObjects.HEARTBEAT);
    wanted.add(PgduplexObjects.SELECTION);
    wanted.add(PgduplexObjects.CONTROL);
    if (direction == Direction.FORWARD) {
      wanted.add(PgduplexObjects.DDL_LOG);
    }
    try (Statement statement = connection.createStatement()) {
      // A table that somebody holds a strong lock on is worth a later try, not an endless wait.
      statement.execute("SET lock_timeout = '10s'");
      if (members.isPresent()) {
        alter(statement, wanted, members.get());
      } else {
        execute(
            statement,
            "CREATE PUBLICATION %s FOR TABLE %s WITH (%s)"
                .formatted(Identifiers.quote(name), list(wanted), parameters()));
      }
    } catch (SQLException e) {
      throw HAVE_CHANGED.contains(e.getSQLState())
          ? new SQLException("tables were changed while the publication was kept", "40001", e)
          : e;
    }
  }

  /** Never as a whole: a table that comes in meanwhile, by others, would be taken out again. */
  private void alter(Statement statement, Set<String> wanted, Map<String, Boolean> members)
      throws SQLException {
    Set<String> removed = new TreeSet<>();
    members.forEach((table, narrowed) -> {
      if (narrowed || !wanted.contains(table)) {
        removed.add(table);
      }
    });
    Set<String> added = new TreeSet<>(wanted);
    added.removeIf(table -> members.containsKey(table) && !removed.contains(table));
    String alter = "ALTER PUBLICATION " + Identifiers.quote(name);
    connection.setAutoCommit(false);
    if (!removed.isEmpty()) {
      execute(statement, alter + " DROP TABLE " + list(removed));
    }
    if (!added.isEmpty()) {
      execute(statement, alter + " ADD TABLE " + list(added));
    }
    execute(statement, alter + " SET (" + parameters() + ")");
    connection.commit();
    connection.setAutoCommit(true);
    added.removeAll(members.keySet());
    if (!added.isEmpty()) {
      LOG.warn(
          "Publication {}: added {}. Their changes are sent from now on; rows that they already have are not.",
          name,
          added);
    }
  }

  /** ONLY: children of plain inheritance are tables of their own; partitions belong to their table anyway. */
  private static String list(Set<String> tables) {
    return tables.stream().map("ONLY "::concat).collect(Collectors.joining(", "));
  }

  private boolean exists(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "SELECT puballtables FROM pg_publication WHERE pubname = " + Identifiers.literal(name))) {
      if (!row.next()) {
        return false;
      }
      if (row.getBoolean(1)) {
        throw new ConnectException(
            "The publication " + name
                + " is FOR ALL TABLES, but must hold the selected tables only."
                + " Somebody else made it; drop it, and its slot with it, before the link's first start");
      }
      return true;
    }
  }

  private String membersSql() {
    // Row filters and column lists came with PostgreSQL 15.
    String narrowed =
        serverVersion >= 150_000 ? "r.prqual IS NOT NULL OR r.prattrs IS NOT NULL" : "false";
    return """
        SELECT n.nspname, c.relname, %s
          FROM pg_publication p
          JOIN pg_publication_rel r ON r.prpubid = p.oid
          JOIN pg_class c ON c.oid = r.prrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE p.pubname = %s""".formatted(narrowed, Identifiers.literal(name));
  }

  private String parameters() {
    Stream<String> always = Stream.of(
        "publish = 'insert, update, delete, truncate'", "publish_via_partition_root = false");
    Stream<String> generated = serverVersion >= GENERATED_COLUMNS_SINCE
        ? Stream.of("publish_generated_columns = stored")
        : Stream.of();
    return Stream.concat(always, generated).collect(Collectors.joining(", "));
  }

  private void execute(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
      LOG.debug("{}", sql);
    } catch (SQLException e) {
      throw PgduplexObjects.explained(
          e,
          "keep the publication " + name
              + ": it needs CREATE on the database and must own every published table, "
              + String.join(
                  ", ",
                  PgduplexObjects.HEARTBEAT,
                  PgduplexObjects.SELECTION,
                  PgduplexObjects.CONTROL,
                  PgduplexObjects.DDL_LOG)
              + " included",
          "GRANT CREATE ON DATABASE " + Identifiers.quote(connection.getCatalog())
              + " and GRANT <the role that owns the tables>");
    }
  }
}
