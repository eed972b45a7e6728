package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
             coalesce(CASE a.attgenerated WHEN 'v' THEN NULL ELSE pg_get_expr(d.adbin, d.adrelid) END,
               pg_get_expr(declared.typdefaultbin, 0), 'NULL') AS expression,
             format_type(a.atttypid, a.atttypmod) AS declared_type,
             CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %I.%I', ls.nspname, l.collname) ELSE '' END
               AS collate,
             a.attidentity = 'a' AS identity_always, a.attnotnull, c.relkind = 'p' AS partitioned,
             CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname ELSE '' END AS typname,
             a.atttypid <> b.oid AS domain, coalesce(e.name, '=') AS equals,
             current_setting('server_version_num')::int < 160000 AND EXISTS (
               WITH RECURSIVE part AS (
                 SELECT b.oid
                 UNION
                 SELECT inner_type.oid
                 FROM part
                 JOIN pg_type p ON p.oid = part.oid
                 CROSS JOIN LATERAL (
                   SELECT p.typelem AS oid WHERE p.typcategory = 'A'
                   UNION ALL
                   SELECT p.typbasetype
                   UNION ALL
                   SELECT f.atttypid FROM pg_attribute f WHERE f.attrelid = p.typrelid AND f.attnum > 0
                 ) AS inner_type
               )
               SELECT FROM part WHERE oid = '"char"'::regtype
             ) AS ascii_only,
             t.typtype = 'e' OR t.typname IN ('text', 'varchar', 'name') AND l.collisdeterministic AS exact_text
      FROM base b
      JOIN pg_attribute a ON a.attnum = b.attnum
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = b.oid
      JOIN pg_type declared ON declared.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
      LEFT JOIN pg_namespace ls ON ls.oid = l.collnamespace
      LEFT JOIN LATERAL (
        SELECT format('OPERATOR(%I.%s)', s.nspname, o.oprname) AS name
        FROM pg_opclass k
        JOIN pg_am m ON m.oid = k.opcmethod AND m.amname = 'btree'
        JOIN pg_amop f ON f.amopfamily = k.opcfamily AND f.amoplefttype = b.oid AND f.amoprighttype = b.oid
             AND f.amopstrategy = 3
        JOIN pg_operator o ON o.oid = f.amopopr
        JOIN pg_namespace s ON s.oid = o.oprnamespace AND s.nspname <> 'pg_catalog'
        WHERE k.opcintype = b.oid AND k.opcdefault
      ) e ON true
      WHERE n.nspname = ? AND c.relname = ? AND b.typbasetype = 0
      ORDER BY a.attnum""";

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
      TablePrivileges.requireRows(connection, name);
      tables.put(name, table);
    }
    return table;
  }

  /** Forgets what was read, since tables have been made or changed. */
  public void clear() {
    tables.clear();
  }

  /** The same, but for some that have stayed as they were. */
  public void retain(Set<TableName> same) {
    tables.keySet().retainAll(same);
  }

  private static TargetTable read(Connection connection, TableName name) throws SQLException {
    Reading reading = new Reading(name);
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, name.schema());
      statement.setString(2, name.name());
      statement.setString(3, name.schema());
      statement.setString(4, name.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          reading.column(row);
        }
      }
    }
    if (reading.isEmpty()) {
      throw new ConnectException(
          "Table " + name + " is not in database " + connection.getCatalog()
              + " (or not visible to role " + connection.getMetaData().getUserName()
              + "). Create it as on the other side, then restart the task; nothing was applied and nothing is lost.");
    }
    return reading.table(connection);
  }

  /** One table, as its rows come from the catalogs: columns first, then what keeps rows apart. */
  private static final class Reading {
    private final TableName name;
    private final List<TargetColumn> columns = new ArrayList<>();
    private final Map<String, String> generated = new LinkedHashMap<>();
    private final Map<Integer, Integer> positions = new HashMap<>();
    private final Set<Integer> notNull = new HashSet<>();
    private boolean partitioned;

    Reading(TableName name) {
      this.name = name;
    }

    boolean isEmpty() {
      return columns.isEmpty() && generated.isEmpty();
    }

    void column(ResultSet row) throws SQLException {
      partitioned = row.getBoolean("partitioned");
      if (row.getBoolean("generated")) {
        generated.put(
            row.getString("attname"),
            "(" + row.getString("expression") + ")::" + row.getString("declared_type")
                + row.getString("collate"));
        return;
      }
      positions.put(row.getInt("attnum"), columns.size());
      if (row.getBoolean("attnotnull")) {
        notNull.add(row.getInt("attnum"));
      }
      columns.add(new TargetColumn(
          row.getString("attname"),
          row.getString("type"),
          row.getBoolean("domain"),
          row.getString("equals"),
          row.getString("collate"),
          row.getString("expression"),
          row.getBoolean("ascii_only"),
          row.getBoolean("identity_always"),
          EXACT.contains(row.getString("typname")) || row.getBoolean("exact_text")));
    }

    TargetTable table(Connection connection) throws SQLException {
      UniqueRules rules = new UniqueRules(positions, notNull);
      rules.read(connection, name);
      Lookup lookup = rules
          .key()
          .map(key -> new Lookup(key, true))
          .orElseGet(() -> new Lookup(IntStream.range(0, columns.size()).boxed().toList(), false));
      return new TargetTable(
          name,
          partitioned,
          List.copyOf(columns),
          Collections.unmodifiableMap(generated),
          lookup,
          rules.plain(),
          rules.checked(),
          rules.deferrable(),
          rules.others());
    }
  }
}
