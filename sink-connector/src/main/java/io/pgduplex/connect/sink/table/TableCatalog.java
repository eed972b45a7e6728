package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.sink.record.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;

/** Reads tables from the target's catalogs, once each: a new session, and so every error, begins anew. */
public final class TableCatalog {

  private static final String COLUMNS = """
      WITH RECURSIVE base (attnum, oid, typname, typbasetype) AS (
        SELECT a.attnum, t.oid, t.typname, t.typbasetype
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attnum, t.oid, t.typname, t.typbasetype
        FROM base b JOIN pg_type t ON t.oid = b.typbasetype
        WHERE b.typbasetype <> 0
      )
      SELECT a.attnum, a.attname, format_type(b.oid, -1) AS type, a.attgenerated <> '' AS generated,
             a.attidentity = 'a' AS identity_always, a.attnotnull, b.typname,
             t.typtype = 'e' OR t.typname IN ('text', 'varchar', 'name') AND l.collisdeterministic AS exact_text
      FROM base b
      JOIN pg_attribute a ON a.attnum = b.attnum
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = b.oid
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
      WHERE n.nspname = ? AND c.relname = ? AND b.typbasetype = 0
      ORDER BY a.attnum""";

  private static final String INDEXES = """
      SELECT i.indkey::int2[] AS columns, i.indnkeyatts, i.indisprimary,
             i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AS plain
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND (i.indisunique OR i.indisexclusion)
      ORDER BY i.indisreplident DESC, i.indisprimary DESC, i.indexrelid""";

  /**
   * Types whose equality tells any two values apart that differ in their text; texts do too unless their collation says
   * otherwise.
   */
  private static final Set<String> EXACT = Set.of(
      "int2",
      "int4",
      "int8",
      "oid",
      "bool",
      "uuid",
      "date",
      "time",
      "timestamp",
      "timestamptz",
      "bytea");

  private final Map<TableName, TargetTable> tables = new HashMap<>();

  /** The table, or throws saying that it is not there. */
  public TargetTable get(Connection connection, TableName name) throws SQLException {
    TargetTable table = tables.get(name);
    if (table == null) {
      table = read(connection, name);
      tables.put(name, table);
    }
    return table;
  }

  private static TargetTable read(Connection connection, TableName name) throws SQLException {
    List<TargetColumn> columns = new ArrayList<>();
    Set<String> generated = new HashSet<>();
    Map<Integer, Integer> positions = new HashMap<>();
    Set<Integer> notNull = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      bindTwice(statement, name);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getBoolean("generated")) {
            generated.add(row.getString("attname"));
            continue;
          }
          positions.put(row.getInt("attnum"), columns.size());
          if (row.getBoolean("attnotnull")) {
            notNull.add(row.getInt("attnum"));
          }
          columns.add(column(row));
        }
      }
    }
    if (columns.isEmpty() && generated.isEmpty()) {
      throw new ConnectException(
          "Table " + name + " is not in database " + connection.getCatalog()
              + " (or not visible to role " + connection.getMetaData().getUserName()
              + "). Create it as on the other side, then restart the task; nothing was applied and nothing is lost.");
    }
    return withKey(
        connection, name, List.copyOf(columns), Set.copyOf(generated), positions, notNull);
  }

  private static TargetColumn column(ResultSet row) throws SQLException {
    return new TargetColumn(
        row.getString("attname"),
        row.getString("type"),
        row.getBoolean("identity_always"),
        EXACT.contains(row.getString("typname")) || row.getBoolean("exact_text"));
  }

  private static TargetTable withKey(
      Connection connection,
      TableName name,
      List<TargetColumn> columns,
      Set<String> generated,
      Map<Integer, Integer> positions,
      Set<Integer> notNull)
      throws SQLException {
    List<Integer> key = List.of();
    List<List<Integer>> uniques = new ArrayList<>();
    boolean otherUnique = false;
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, name.schema());
      statement.setString(2, name.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Array array = row.getArray("columns");
          List<Integer> attributes = new ArrayList<>();
          for (Object attribute : (Object[]) array.getArray()) {
            attributes.add(((Number) attribute).intValue());
          }
          attributes = attributes.subList(0, row.getInt("indnkeyatts"));
          if (row.getBoolean("plain") && positions.keySet().containsAll(attributes)) {
            uniques.add(attributes.stream().map(positions::get).toList());
          }
          if (key.isEmpty()
              && row.getBoolean("plain")
              && positions.keySet().containsAll(attributes)
              && notNull.containsAll(attributes)) {
            key = attributes.stream().map(positions::get).toList();
          } else {
            otherUnique = true;
          }
        }
      }
    }
    Lookup lookup = key.isEmpty()
        ? new Lookup(IntStream.range(0, columns.size()).boxed().toList(), false)
        : new Lookup(key, true);
    return new TargetTable(name, columns, generated, lookup, List.copyOf(uniques), otherUnique);
  }

  private static void bindTwice(PreparedStatement statement, TableName name) throws SQLException {
    statement.setString(1, name.schema());
    statement.setString(2, name.name());
    statement.setString(3, name.schema());
    statement.setString(4, name.name());
  }
}
