package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/**
 * Indexes that are no constraint's, and what ties an index of either sort to a table: the index of the partitioned table,
 * the replica identity, the order of CLUSTER. An index that CREATE INDEX CONCURRENTLY has not finished is none yet.
 */
final class Indexes {

  private static final String FROM = """
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
        LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE i.indrelid = ANY (?) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
      """;

  private static final String ORDER = """
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C\"""";

  private static final String NO_CONSTRAINT = """
         AND NOT EXISTS (SELECT FROM pg_constraint k
               WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
      """;

  /** Names ONLY the partitioned table, for the indexes of its partitions to be attached by their names. */
  private static final String CREATE =
      "SELECT n.nspname, c.relname, pg_get_indexdef(i.indexrelid)\n" + FROM + NO_CONSTRAINT;

  private static final String ATTACH = """
      SELECT n.nspname, c.relname, format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, xn.nspname, x.relname)
      """ + FROM + " AND p.oid IS NOT NULL";

  private static final String STATISTICS = """
      SELECT n.nspname, c.relname, format('ALTER INDEX %I.%I %s', xn.nspname, x.relname,
             (SELECT string_agg(format('ALTER COLUMN %s SET STATISTICS %s', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
                FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0))
      """ + FROM + """
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)
      """;

  private static final String UNIQUE = " AND i.indisunique\n";

  private static final String NOT_UNIQUE = " AND NOT i.indisunique\n";

  private static final String REPLICA_IDENTITY = """
      SELECT n.nspname, c.relname, format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, c.relname, x.relname)
      """ + FROM + " AND i.indisreplident\n";

  private static final String CLUSTER = """
      SELECT n.nspname, c.relname, format('ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, c.relname, x.relname)
      """ + FROM + " AND i.indisclustered\n";

  private static final String UNFINISHED = """
      SELECT n.nspname, c.relname, x.relname
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE i.indrelid = ANY (?) AND NOT (i.indislive AND (i.indisvalid OR x.relkind = 'I'))
      """ + ORDER;

  private Indexes() {}

  static List<SchemaStatement> unique(Catalog catalog, Scope scope) throws SQLException {
    return statements(catalog, scope, Phase.BEFORE_ROWS, "index", CREATE + UNIQUE);
  }

  static List<SchemaStatement> others(Catalog catalog, Scope scope) throws SQLException {
    return statements(catalog, scope, Phase.AFTER_ROWS, "index", CREATE + NOT_UNIQUE);
  }

  /** Once the unique ones are there, constraints' included. */
  static List<SchemaStatement> tieUnique(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements =
        statements(catalog, scope, Phase.BEFORE_ROWS, "index", ATTACH + UNIQUE);
    statements.addAll(statements(catalog, scope, Phase.BEFORE_ROWS, "table", REPLICA_IDENTITY));
    return statements;
  }

  /** Once all are there, constraints' included. */
  static List<SchemaStatement> tieOthers(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements =
        statements(catalog, scope, Phase.AFTER_ROWS, "index", ATTACH + NOT_UNIQUE);
    statements.addAll(statements(catalog, scope, Phase.AFTER_ROWS, "index", STATISTICS));
    statements.addAll(statements(catalog, scope, Phase.AFTER_ROWS, "table", CLUSTER));
    return statements;
  }

  static List<LeftOut> unfinished(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        UNFINISHED,
        row -> new LeftOut(
            new TableName(row.getString(1), row.getString(2)),
            "index",
            row.getString(3),
            "it is not valid, so that nothing uses it"),
        scope.tables().keySet());
  }

  private static List<SchemaStatement> statements(
      Catalog catalog, Scope scope, Phase phase, String kind, String sql) throws SQLException {
    return catalog.statements(phase, kind, sql + ORDER, scope.tables().keySet());
  }
}
