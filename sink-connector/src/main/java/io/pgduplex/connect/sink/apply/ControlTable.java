package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.resolve.ControlLog;
import io.pgduplex.connect.sink.resolve.KeyColumns;
import io.pgduplex.connect.sink.statement.ControlSql;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pgduplex.control}: what is written there goes to the other side by the opposite direction. */
final class ControlTable implements ControlLog {

  private static final String TABLES = """
      SELECT table_schema, table_name, bool_or(kind = 'rewritten') FROM pgduplex.control
       WHERE link = ? AND direction = ? AND kind IN ('correction', 'rewritten') GROUP BY 1, 2""";

  private static final String ACKNOWLEDGED =
      "DELETE FROM pgduplex.control WHERE link = ? AND direction = ? AND id = ANY (?)";

  private static final String ACKNOWLEDGE = """
      INSERT INTO pgduplex.control (link, direction, kind, answers)
      SELECT ?, ?, 'acknowledgement', unnest(?::bigint[])""";

  private static final String DEFINITION = """
      INSERT INTO pgduplex.control (link, direction, kind, answers)
      SELECT ?, ?, 'definition', unnest(?::bigint[])""";

  private static final String REWRITTEN = """
      INSERT INTO pgduplex.control (link, direction, kind, table_schema, table_name)
      VALUES (?, ?, 'rewritten', ?, ?)""";

  /**
   * A table's own, and those of its partitions; by oid, since a table that is renamed keeps it. What has been there from the
   * first is numbered as its table is.
   */
  private static final String STORAGE = """
      WITH now AS (
        SELECT t.s AS table_schema, t.n AS table_name, r.oid, p.members, p.filenodes, p.remade
          FROM unnest(?::text[], ?::text[]) AS t (s, n)
          CROSS JOIN LATERAL (SELECT format('%I.%I', t.s, t.n)::regclass AS oid) AS r
          CROSS JOIN LATERAL (
            SELECT array_agg(p.oid) AS members, array_agg(f.filenode ORDER BY f.filenode) AS filenodes,
                   coalesce(array_agg(f.filenode) FILTER (WHERE f.filenode NOT IN (0, p.oid)), '{}') AS remade
              FROM (SELECT r.oid::oid UNION SELECT relid::oid FROM pg_partition_tree(r.oid)) AS p (oid)
              CROSS JOIN LATERAL (SELECT coalesce(pg_relation_filenode(p.oid), 0) AS filenode) AS f) AS p
      )""";

  private static final String CHANGED_STORAGE = STORAGE + """
       SELECT table_schema, table_name FROM now
        WHERE NOT remade <@ coalesce((
          SELECT filenodes FROM pgduplex.storage s
           WHERE s.link = ? AND s.table_oid = now.oid), '{}')""";

  /** Those where it was not statements that change tables which did it. */
  private static final String TRUNCATED = STORAGE.replace("WITH", "WITH RECURSIVE") + """
      , link AS (SELECT ?::text AS name), followed AS (
        SELECT (f ->> 0)::oid AS before, (f ->> 1)::oid AS after
          FROM link JOIN pgduplex.ddl_log l ON l.link = link.name AND l.phase = 'captured'
         CROSS JOIN LATERAL jsonb_array_elements(l.statement::jsonb -> 'storage') AS f
      ), known AS (
        SELECT now.oid, unnest(now.members || s.filenodes) AS filenode
          FROM now LEFT JOIN pgduplex.storage s ON s.link = (SELECT name FROM link) AND s.table_oid = now.oid
        UNION
        SELECT known.oid, followed.after FROM known JOIN followed ON followed.before = known.filenode
      )
      SELECT table_schema, table_name FROM now
       WHERE NOT remade <@ ARRAY(SELECT filenode FROM known WHERE known.oid = now.oid)""";

  private static final String KEEP_STORAGE = STORAGE + """
       INSERT INTO pgduplex.storage (link, table_oid, filenodes)
       SELECT ?, oid, filenodes FROM now
       ON CONFLICT (link, table_oid) DO UPDATE SET filenodes = excluded.filenodes""";

  /** What WAL holds of them is enough. */
  private static final String REMOVE_SENT =
      "DELETE FROM pgduplex.control WHERE link = ? AND direction = ? AND kind IN ('reassertion', 'deletion', 'acknowledgement', 'definition')";

  private final Connection connection;
  private final LinkDirection opposite;
  /** Whether the whole table is, by table; null where it has to be read. */
  private @Nullable Map<TableName, Boolean> disputedTables;

  /** @param link the direction that the sink applies */
  ControlTable(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.opposite = link.opposite();
  }

  /** After a rollback. */
  void forget() {
    disputedTables = null;
  }

  @Override
  public void correct(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException {
    write(ControlSql.correct(columns.table(), columns.lookup()), columns, rounds);
    if (disputedTables != null) {
      disputedTables.putIfAbsent(columns.table().name(), false);
    }
  }

  @Override
  public void reassert(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException {
    write(ControlSql.reassert(columns.table(), columns.lookup()), columns, rounds);
    removeSent();
  }

  @Override
  public void tellDeleted(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException {
    write(ControlSql.tellDeleted(columns.table(), columns.lookup()), columns, rounds);
    removeSent();
  }

  private void write(String sql, KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int next = bindKeys(insert, columns, rounds.keySet());
      insert.setArray(next, connection.createArrayOf("text", rounds.values().toArray()));
      bind(insert, next + 1);
      insert.executeUpdate();
    }
  }

  @Override
  public Collection<TargetTable> rewritten(Collection<TargetTable> tables) throws SQLException {
    Map<TableName, TargetTable> rewritten = new HashMap<>();
    tables.forEach(table -> rewritten.put(table.name(), table));
    Set<TableName> changed = named(CHANGED_STORAGE, rewritten.keySet());
    if (changed.isEmpty()) {
      return List.of();
    }
    boolean logged = PgduplexObjects.isThere(connection, PgduplexSchema.DDL_LOG);
    rewritten.keySet().retainAll(logged ? named(TRUNCATED, changed) : changed);
    keepStorage(changed);
    return rewritten.values();
  }

  /** Those of the tables that the query names. */
  private Set<TableName> named(String query, Collection<TableName> tables) throws SQLException {
    Set<TableName> names = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(query)) {
      bindStorage(select, tables);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          names.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
    }
    return names;
  }

  @Override
  public void keepStorage() throws SQLException {
    List<TableName> published = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(
        "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?")) {
      select.setString(1, opposite.objectName());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          published.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
    }
    keepStorage(published);
  }

  private void keepStorage(Collection<TableName> tables) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(KEEP_STORAGE)) {
      bindStorage(insert, tables);
      insert.executeUpdate();
    }
  }

  private void bindStorage(PreparedStatement statement, Collection<TableName> tables)
      throws SQLException {
    Object[] schemas = tables.stream().map(TableName::schema).toArray();
    Object[] names = tables.stream().map(TableName::name).toArray();
    statement.setArray(1, connection.createArrayOf("text", schemas));
    statement.setArray(2, connection.createArrayOf("text", names));
    statement.setString(3, opposite.link());
  }

  @Override
  public void tellRewritten(TargetTable table) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(REWRITTEN)) {
      int next = bind(insert, 1);
      insert.setString(next, table.name().schema());
      insert.setString(next + 1, table.name().name());
      insert.executeUpdate();
    }
    forget();
  }

  @Override
  public void acknowledge(Collection<Long> corrections) throws SQLException {
    execute(ACKNOWLEDGE, corrections);
    removeSent();
  }

  /** Tells that changes of tables have been made. */
  void tellDefinitions(Collection<Long> numbers) throws SQLException {
    execute(DEFINITION, numbers);
    removeSent();
  }

  private void removeSent() throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(REMOVE_SENT)) {
      bind(delete, 1);
      delete.executeUpdate();
    }
  }

  @Override
  public void acknowledged(Collection<Long> corrections) throws SQLException {
    execute(ACKNOWLEDGED, corrections);
    forget();
  }

  private void execute(String sql, Collection<Long> ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = bind(statement, 1);
      statement.setArray(next, connection.createArrayOf("bigint", ids.toArray()));
      statement.executeUpdate();
    }
  }

  @Override
  public boolean hasDisputed(TargetTable table) throws SQLException {
    return disputedTables().containsKey(table.name());
  }

  private Map<TableName, Boolean> disputedTables() throws SQLException {
    if (disputedTables == null) {
      Map<TableName, Boolean> read = new HashMap<>();
      try (PreparedStatement select = connection.prepareStatement(TABLES)) {
        bind(select, 1);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            read.put(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3));
          }
        }
      }
      disputedTables = read;
    }
    return disputedTables;
  }

  @Override
  public Collection<List<@Nullable Object>> disputed(
      KeyColumns columns, Collection<List<@Nullable Object>> keys) throws SQLException {
    if (disputedTables().getOrDefault(columns.table().name(), false)) {
      return keys;
    }
    List<List<@Nullable Object>> asked = new ArrayList<>(keys);
    List<List<@Nullable Object>> disputed = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(ControlSql.disputed(columns.table(), columns.lookup()))) {
      bind(select, bindKeys(select, columns, asked));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          disputed.add(asked.get(row.getInt(1) - 1));
        }
      }
    }
    return disputed;
  }

  /** Returns the number of the next parameter. */
  private int bindKeys(
      PreparedStatement statement, KeyColumns columns, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    int count = columns.lookup().columns().size();
    for (int i = 0; i < count; i++) {
      int column = i;
      Object[] values = keys.stream().map(key -> key.get(column)).toArray();
      statement.setArray(i + 1, connection.createArrayOf("text", values));
    }
    return count + 1;
  }

  private int bind(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, opposite.link());
    statement.setString(first + 1, opposite.direction().toString());
    return first + 2;
  }
}
