package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.table.UniqueRule.Key;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the unique indexes and exclusion constraints of a table from the catalogs; those that single partitions have of
 * their own hold for the rows that belong there.
 */
final class UniqueRules {

  /**
   * {@code plain}: at most one row has any values, none null, in its columns. {@code usual}: as their types' {@code =} and
   * their collations tell. {@code applies}: not while it is being built; and an expression over a whole row names the
   * table, which does not fit a row that is not there yet.
   */
  private static final String INDEXES = """
      SELECT i.indkey::int2[] AS columns, i.indnkeyatts,
             own AND i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid AS plain,
             own AND x.operators IS NULL AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT d.nulls_equal AND k.usual AS usual,
             NOT i.indimmediate AS deferrable, d.nulls_equal,
             i.indisready AND concat(i.indexprs, i.indpred) NOT LIKE '%:varattno 0 %' AS applies,
             concat_ws(' AND ', '(' || pg_get_expr(i.indpred, i.indrelid) || ')',
               CASE WHEN NOT own THEN '(' || pg_get_partition_constraintdef(i.indrelid) || ')' END) AS predicate,
             k.expressions, k.operators, k.collates
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (
        SELECT c.oid, true
        UNION ALL
        SELECT relid, false FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p' AND level > 0
      ) r (oid, own)
      -- OFFSET: thousands of partitions are expected of each table, for which all indexes would be read.
      CROSS JOIN LATERAL (
        SELECT * FROM pg_index
        WHERE indrelid = r.oid AND (indisunique OR indisexclusion)
          AND (own OR NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = indexrelid))
        OFFSET 0
      ) i
      -- Before PostgreSQL 15 there is no such column.
      CROSS JOIN LATERAL (
        SELECT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS nulls_equal
      ) d
      LEFT JOIN LATERAL (
        SELECT conexclop AS operators FROM pg_constraint
        WHERE conrelid = i.indrelid AND conindid = i.indexrelid AND conexclop IS NOT NULL
      ) x ON true
      CROSS JOIN LATERAL (
        SELECT array_agg(format('(%s)::%s', pg_get_indexdef(i.indexrelid, a.attnum, true),
                 format_type(CASE l.typtype WHEN 'p' THEN b.oid ELSE l.oid END, -1)) ORDER BY a.attnum) AS expressions,
               array_agg(format('OPERATOR(%I.%s)', os.nspname, o.oprname) ORDER BY a.attnum) AS operators,
               array_agg(CASE WHEN e.oid IS NULL THEN '' ELSE format(' COLLATE %I.%I', es.nspname, e.collname) END
                 ORDER BY a.attnum) AS collates,
               bool_and(f.opcdefault AND i.indcollation[a.attnum - 1] = t.attcollation) AS usual
        FROM pg_attribute a
        JOIN pg_opclass f ON f.oid = i.indclass[a.attnum - 1]
        JOIN pg_operator o ON o.oid = coalesce(x.operators[a.attnum], (
          SELECT amopopr FROM pg_amop
          WHERE amopfamily = f.opcfamily AND amoplefttype = f.opcintype AND amoprighttype = f.opcintype
            AND amopstrategy = 3))
        JOIN pg_namespace os ON os.oid = o.oprnamespace
        JOIN pg_type l ON l.oid = o.oprleft
        CROSS JOIN LATERAL (
          WITH RECURSIVE base AS (
            SELECT oid, typbasetype FROM pg_type WHERE oid = a.atttypid
            UNION ALL
            SELECT t.oid, t.typbasetype FROM base JOIN pg_type t ON t.oid = base.typbasetype
          )
          SELECT oid FROM base WHERE typbasetype = 0
        ) b
        LEFT JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attnum = i.indkey[a.attnum - 1]
        LEFT JOIN pg_collation e ON e.oid = i.indcollation[a.attnum - 1]
        LEFT JOIN pg_namespace es ON es.oid = e.collnamespace
        WHERE a.attrelid = i.indexrelid AND a.attnum <= i.indnkeyatts
      ) k
      WHERE n.nspname = ? AND c.relname = ?
      ORDER BY i.indisreplident DESC, i.indisprimary DESC, i.indexrelid""";

  private final Map<Integer, Integer> positions;
  private final Set<Integer> notNull;
  private final List<List<Integer>> plain = new ArrayList<>();
  private final List<UniqueRule> checked = new ArrayList<>();
  private final List<UniqueRule> deferrable = new ArrayList<>();
  private @Nullable List<Integer> key;
  private boolean others;

  /**
   * @param positions those of the columns that can be written, by their numbers in the catalog
   * @param notNull numbers of those that hold no null
   */
  UniqueRules(Map<Integer, Integer> positions, Set<Integer> notNull) {
    this.positions = new HashMap<>(positions);
    this.notNull = Set.copyOf(notNull);
  }

  void read(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          index(row);
        }
      }
    }
  }

  private void index(ResultSet row) throws SQLException {
    List<Integer> attributes = new ArrayList<>();
    for (Object attribute : array(row.getArray("columns"))) {
      attributes.add(((Number) attribute).intValue());
    }
    attributes = attributes.subList(0, row.getInt("indnkeyatts"));
    boolean ofColumns = positions.keySet().containsAll(attributes);
    List<Integer> columns =
        ofColumns ? attributes.stream().map(positions::get).toList() : List.of();
    boolean isPlain = row.getBoolean("plain") && ofColumns;
    if (isPlain) {
      plain.add(columns);
    }
    if (isPlain && key == null && notNull.containsAll(attributes)) {
      key = columns;
    } else {
      others = true;
    }
    if (row.getBoolean("applies")) {
      (row.getBoolean("deferrable") ? deferrable : checked)
          .add(rule(row, row.getBoolean("usual") ? columns : List.of()));
    }
  }

  private static UniqueRule rule(ResultSet row, List<Integer> columns) throws SQLException {
    Object[] expressions = array(row.getArray("expressions"));
    Object[] operators = array(row.getArray("operators"));
    Object[] collates = array(row.getArray("collates"));
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < expressions.length; i++) {
      keys.add(new Key((String) expressions[i], (String) operators[i], (String) collates[i]));
    }
    return new UniqueRule(
        columns, List.copyOf(keys), row.getString("predicate"), row.getBoolean("nulls_equal"));
  }

  private static Object[] array(Array array) throws SQLException {
    return (Object[]) array.getArray();
  }

  /** The columns that tell rows apart. */
  Optional<List<Integer>> key() {
    return Optional.ofNullable(key);
  }

  /** The columns of the indexes by which a row can be looked up. */
  List<List<Integer>> plain() {
    return List.copyOf(plain);
  }

  /** Those that are checked with each row. */
  List<UniqueRule> checked() {
    return List.copyOf(checked);
  }

  List<UniqueRule> deferrable() {
    return List.copyOf(deferrable);
  }

  /** Whether there is one besides the key. */
  boolean others() {
    return others;
  }
}
