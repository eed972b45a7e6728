package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
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

  /** The key of what it comes and goes with. */
  private static final String OBJECT = """
             coalesce((SELECT 'constraint:' || k.oid FROM pg_constraint k
                        WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')),
                      'index:' || x.oid)""";

  private static final String UNIQUE = " AND i.indisunique\n";

  private static final String NOT_UNIQUE = " AND NOT i.indisunique\n";

  /** Names ONLY the partitioned table, for the indexes of its partitions to be attached by their names. */
  private static final String CREATE = """
      SELECT n.nspname AS schema, c.relname AS name, pg_get_indexdef(i.indexrelid) AS sql,
             'index:' || x.oid AS key,
             format('%s %s %s %s %s %s %s %s %s %s %s', i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts, i.indisunique,
                    i.indexprs::text, i.indpred::text, to_jsonb(i) ->> 'indnullsnotdistinct', x.relam, x.reloptions) AS raw,
             format('%I', x.relname) AS part, coalesce('index:' || p.oid, '') AS of, format('DROP INDEX IF EXISTS %I.%I', xn.nspname, x.relname) AS undo
      """ + FROM + NO_CONSTRAINT;

  private static final String ATTACH = """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, xn.nspname, x.relname) AS sql,
             'partition of index:' || x.oid AS key, p.oid::text AS raw, '' AS part, '' AS of, '' AS undo
      """ + FROM + " AND p.oid IS NOT NULL\n";

  private static final Query CREATE_UNIQUE =
      Query.of("unique indexes", CREATE + UNIQUE + ORDER, Of.TABLES);

  private static final Query CREATE_OTHERS =
      Query.of("indexes", CREATE + NOT_UNIQUE + ORDER, Of.TABLES);

  private static final Query ATTACH_UNIQUE =
      Query.of("partitions of unique indexes", ATTACH + UNIQUE + ORDER, Of.TABLES);

  private static final Query ATTACH_OTHERS =
      Query.of("partitions of indexes", ATTACH + NOT_UNIQUE + ORDER, Of.TABLES);

  private static final Query STATISTICS =
      Query.of("index statistics", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER INDEX %I.%I %s', xn.nspname, x.relname,
               (SELECT string_agg(format('ALTER COLUMN %s SET STATISTICS %s', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)) AS sql,
             'index statistics:' || x.oid AS key,
             (SELECT string_agg(a.attnum || ' ' || a.attstattarget, ' ' ORDER BY a.attnum)
                FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0) AS raw, '' AS part, 'index:' || x.oid AS of,
             format('ALTER INDEX %I.%I %s', xn.nspname, x.relname,
               (SELECT string_agg(format('ALTER COLUMN %s SET STATISTICS -1', a.attnum), ', ' ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)) AS undo
      """ + FROM + """
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)
      """ + ORDER, Of.TABLES);

  private static final Query REPLICA_IDENTITY = Query.of(
      "replica identity by index",
      """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, c.relname, x.relname) AS sql,
             'replica identity:' || c.oid AS key, x.oid::text AS raw, '' AS part,
""" + OBJECT + """
              AS of,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', n.nspname, c.relname) AS undo
      """ + FROM + " AND i.indisreplident\n" + ORDER,
      Of.TABLES);

  private static final Query CLUSTER = Query.of(
      "clusters", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, c.relname, x.relname) AS sql,
             'cluster:' || c.oid AS key, x.oid::text AS raw, '' AS part,
""" + OBJECT + """
              AS of,
             format('ALTER TABLE ONLY %I.%I SET WITHOUT CLUSTER', n.nspname, c.relname) AS undo
      """ + FROM + " AND i.indisclustered\n" + ORDER, Of.TABLES);

  private static final Query UNFINISHED = Query.of("unfinished indexes", """
      SELECT n.nspname AS schema, c.relname AS name, x.relname AS part
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE i.indrelid = ANY (?) AND NOT (i.indislive AND (i.indisvalid OR x.relkind = 'I'))
      """ + ORDER, Of.TABLES);

  static final List<Query> QUERIES = List.of(
      CREATE_UNIQUE,
      CREATE_OTHERS,
      ATTACH_UNIQUE,
      ATTACH_OTHERS,
      STATISTICS,
      REPLICA_IDENTITY,
      CLUSTER,
      UNFINISHED);

  private Indexes() {}

  static List<Piece> unique(Catalog catalog, Scope scope) throws SQLException {
    return pieces(catalog, scope, Phase.BEFORE_ROWS, "index", CREATE_UNIQUE);
  }

  static List<Piece> others(Catalog catalog, Scope scope) throws SQLException {
    return pieces(catalog, scope, Phase.AFTER_ROWS, "index", CREATE_OTHERS);
  }

  /** Once the unique ones are there, constraints' included. */
  static List<Piece> tieUnique(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = pieces(catalog, scope, Phase.BEFORE_ROWS, "index", ATTACH_UNIQUE);
    pieces.addAll(pieces(catalog, scope, Phase.BEFORE_ROWS, "table", REPLICA_IDENTITY));
    return pieces;
  }

  /** Once all are there, constraints' included. */
  static List<Piece> tieOthers(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = pieces(catalog, scope, Phase.AFTER_ROWS, "index", ATTACH_OTHERS);
    pieces.addAll(pieces(catalog, scope, Phase.AFTER_ROWS, "index", STATISTICS));
    pieces.addAll(pieces(catalog, scope, Phase.AFTER_ROWS, "table", CLUSTER));
    return pieces;
  }

  static List<LeftOut> unfinished(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        UNFINISHED,
        row -> new LeftOut(
            new TableName(row.text("schema"), row.text("name")),
            "index",
            row.text("part"),
            "it is not valid, so that nothing uses it"),
        scope.oids());
  }

  private static List<Piece> pieces(
      Catalog catalog, Scope scope, Phase phase, String kind, Query query) throws SQLException {
    return catalog.pieces(phase, kind, query, scope.oids());
  }
}
