package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.resolve.ControlLog;
import io.pgduplex.connect.sink.statement.ControlSql;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pgduplex.control}: what is written there goes to the other side by the opposite direction. */
final class ControlTable implements ControlLog {

  private static final String TABLES = """
      SELECT DISTINCT table_schema, table_name FROM pgduplex.control
       WHERE link = ? AND direction = ? AND kind = 'correction'""";

  private static final String ACKNOWLEDGED =
      "DELETE FROM pgduplex.control WHERE link = ? AND direction = ? AND id = ANY (?)";

  private static final String ACKNOWLEDGE = """
      INSERT INTO pgduplex.control (link, direction, kind, correction)
      SELECT ?, ?, 'acknowledgement', unnest(?::bigint[])""";

  /** What WAL holds of them is enough. */
  private static final String REMOVE_SENT =
      "DELETE FROM pgduplex.control WHERE link = ? AND direction = ? AND kind <> 'correction'";

  private final Connection connection;
  private final LinkDirection opposite;
  /** Null where it has to be read. */
  private @Nullable Set<TableName> disputedTables;

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
  public void correct(TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    write(ControlSql.correct(table, lookup), lookup, keys);
    if (disputedTables != null) {
      disputedTables.add(table.name());
    }
  }

  @Override
  public void reassert(TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    write(ControlSql.reassert(table, lookup), lookup, keys);
    removeSent();
  }

  private void write(String sql, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      bind(insert, bindKeys(insert, lookup, keys));
      insert.executeUpdate();
    }
  }

  @Override
  public void acknowledge(Collection<Long> corrections) throws SQLException {
    execute(ACKNOWLEDGE, corrections);
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
    if (disputedTables == null) {
      disputedTables = new HashSet<>();
      try (PreparedStatement select = connection.prepareStatement(TABLES)) {
        bind(select, 1);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            disputedTables.add(new TableName(row.getString(1), row.getString(2)));
          }
        }
      }
    }
    return disputedTables.contains(table.name());
  }

  @Override
  public Collection<List<@Nullable Object>> disputed(
      TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    List<List<@Nullable Object>> asked = new ArrayList<>(keys);
    List<List<@Nullable Object>> disputed = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(ControlSql.disputed(table, lookup))) {
      bind(select, bindKeys(select, lookup, asked));
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
      PreparedStatement statement, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException {
    int columns = lookup.columns().size();
    for (int i = 0; i < columns; i++) {
      int column = i;
      Object[] values = keys.stream().map(key -> key.get(column)).toArray();
      statement.setArray(i + 1, connection.createArrayOf("text", values));
    }
    return columns + 1;
  }

  private int bind(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, opposite.link());
    statement.setString(first + 1, opposite.direction().toString());
    return first + 2;
  }
}
