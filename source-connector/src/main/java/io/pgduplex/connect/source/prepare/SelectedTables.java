package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.source.options.Selection;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the catalog and keeps what the selection includes. */
final class SelectedTables {

  private static final String QUERY = """
      SELECT c.oid, n.nspname, c.relname, c.relkind = 'p', c.relispartition, c.relpersistence = 'u', c.relreplident::text,
             CASE c.relreplident
               WHEN 'f' THEN true
               WHEN 'd' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
               WHEN 'i' THEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid)
               ELSE false
             END,
             ARRAY(SELECT a.attname::text FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = 's'),
             ARRAY(SELECT a.attname::text FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = 'v'),
             ARRAY(SELECT string_agg(a.attname, ' and ' ORDER BY a.attnum) FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    GROUP BY lower(a.attname::text COLLATE pg_catalog."default") HAVING count(*) > 1),
             ARRAY(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a
                       ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                    WHERE i.indrelid = c.oid AND a.attgenerated <> ''
                      AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END),
             (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
         AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
       ORDER BY n.nspname, c.relname
      """;

  private SelectedTables() {}

  /**
   * Reads tables.
   *
   * @param followed oids of tables that belong to it under whatever name
   */
  static List<Table> read(Connection connection, Selection selection, Set<Long> followed)
      throws SQLException {
    Map<Long, Row> rows = new HashMap<>();
    List<Row> ordered = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(QUERY)) {
      while (result.next()) {
        Row row = row(result);
        rows.put(row.oid, row);
        ordered.add(row);
      }
    }
    List<Table> tables = new ArrayList<>();
    for (Row row : ordered) {
      if (selection.includes(row.table.schema(), row.table.name())) {
        tables.add(row.table);
      } else if (followed.contains(row.oid) && !followed.contains(row.parent)) {
        tables.add(row.table);
      } else if (isBelowSelected(row, rows, selection)) {
        tables.add(row.belowSelected());
      }
    }
    return tables;
  }

  /** About how many rows they have, as far as they were analysed. */
  static long estimatedRows(Connection connection, List<Table> tables) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class"
            // One that has been dropped meanwhile has none.
            + " WHERE relkind = 'r' AND oid IN (SELECT to_regclass(t) FROM unnest(?::text[]) t)")) {
      select.setArray(
          1, connection.createArrayOf("text", tables.stream().map(Table::quoted).toArray()));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static boolean isBelowSelected(Row row, Map<Long, Row> rows, Selection selection) {
    for (Row above = rows.get(row.parent); above != null; above = rows.get(above.parent)) {
      if (selection.includes(above.table.schema(), above.table.name())) {
        return true;
      }
    }
    return false;
  }

  private static Row row(ResultSet result) throws SQLException {
    return new Row(
        result.getLong(1),
        result.getLong(13),
        new Table(
            result.getString(2),
            result.getString(3),
            result.getBoolean(4),
            result.getBoolean(5),
            false,
            result.getBoolean(6),
            result.getString(7).charAt(0),
            result.getBoolean(8),
            names(result.getArray(9)),
            names(result.getArray(10)),
            names(result.getArray(11)),
            names(result.getArray(12))));
  }

  private static List<String> names(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
  }

  private record Row(long oid, long parent, Table table) {
    Table belowSelected() {
      return new Table(
          table.schema(),
          table.name(),
          table.partitioned(),
          table.partition(),
          true,
          table.unlogged(),
          table.replicaIdentity(),
          table.hasIdentity(),
          table.generatedStored(),
          table.generatedVirtual(),
          table.sameButCase(),
          table.generatedInIdentity());
    }
  }
}
