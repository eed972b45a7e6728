package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Comments on all that is made. */
final class Comments {

  private static final Query TABLES = Query.of("comments", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('COMMENT ON %s IS %L', CASE WHEN a.attnum IS NULL THEN format('TABLE %I.%I', n.nspname, c.relname)
                      ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             CASE WHEN a.attnum IS NULL THEN 'table:' || c.oid ELSE format('column:%s:%s', c.oid, a.attnum) END AS of,
             format('COMMENT ON %s IS NULL', CASE WHEN a.attnum IS NULL THEN format('TABLE %I.%I', n.nspname, c.relname)
                      ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END) AS undo
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
       WHERE c.oid = ANY (?) AND (d.objsubid = 0 OR NOT a.attisdropped)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", d.objsubid""", Of.TABLES);

  private static final Query CONSTRAINTS =
      Query.of("comments on constraints", """
      SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             'constraint:' || k.oid AS of,
             format('COMMENT ON CONSTRAINT %I ON %I.%I IS NULL', k.conname, n.nspname, c.relname) AS undo
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
       WHERE k.conrelid = ANY (?) AND k.contype <> 't' AND (k.confrelid = 0 OR k.confrelid = ANY (?))
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C\"""", Of.TABLES, Of.SELECTED);

  private static final Query INDEXES = Query.of("comments on indexes", """
      SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON INDEX %I.%I IS %L', xn.nspname, x.relname, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             'index:' || x.oid AS of,
             format('COMMENT ON INDEX %I.%I IS NULL', xn.nspname, x.relname) AS undo
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
       WHERE i.indrelid = ANY (?) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C\"""", Of.TABLES);

  private static final Query STATISTICS = Query.of("comments on statistics", """
      SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON STATISTICS %I.%I IS %L', sn.nspname, s.stxname, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             'statistics object:' || s.oid AS of,
             format('COMMENT ON STATISTICS %I.%I IS NULL', sn.nspname, s.stxname) AS undo
        FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = s.oid
       WHERE s.stxrelid = ANY (?)
       ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C\"""", Of.TABLES);

  private static final Query SEQUENCES = Query.of("comments on sequences", """
      SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON SEQUENCE %I.%I IS %L', n.nspname, c.relname, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             'sequence:' || c.oid AS of,
             format('COMMENT ON SEQUENCE %I.%I IS NULL', n.nspname, c.relname) AS undo
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.SEQUENCES);

  private static final Query TYPES = Query.of("comments on types", """
      SELECT n.nspname AS schema, t.typname AS name, format('COMMENT ON %s IS %L', x.target, x.description) AS sql,
             format('comment:%s', x.key) AS key, x.description AS raw, '' AS part, 'type:' || t.oid AS of,
             format('COMMENT ON %s IS NULL', x.target) AS undo
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       CROSS JOIN LATERAL (
             SELECT 1, '', format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname, t.typname), d.description,
                    concat_ws(':', d.classoid, d.objoid, d.objsubid)
               FROM pg_description d WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid
             UNION ALL
             SELECT 2, k.conname::text, format('CONSTRAINT %I ON DOMAIN %I.%I', k.conname, n.nspname, t.typname), d.description,
                    concat_ws(':', d.classoid, d.objoid, d.objsubid)
               FROM pg_constraint k JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
              WHERE k.contypid = t.oid
             UNION ALL
             SELECT 3, a.attname::text, format('COLUMN %I.%I.%I', n.nspname, t.typname, a.attname), d.description,
                    concat_ws(':', d.classoid, d.objoid, d.objsubid)
               FROM pg_attribute a
               JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) x (rank, part, target, description, key)
       WHERE t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", x.rank, x.part COLLATE "C\"""", Of.TYPES);

  private static final Query COLLATIONS = Query.of("comments on collations", """
      SELECT n.nspname AS schema, c.collname AS name, format('COMMENT ON COLLATION %I.%I IS %L', n.nspname, c.collname, d.description) AS sql,
             format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
             'collation:' || c.oid AS of,
             format('COMMENT ON COLLATION %I.%I IS NULL', n.nspname, c.collname) AS undo
        FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
        JOIN pg_description d ON d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C\"""", Of.COLLATIONS);

  static final List<Query> QUERIES =
      List.of(COLLATIONS, TYPES, SEQUENCES, TABLES, CONSTRAINTS, INDEXES, STATISTICS);

  private Comments() {}

  static List<Piece> create(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> comments = new ArrayList<>(Schemas.comments(catalog, scope));
    comments.addAll(comments(catalog, scope, COLLATIONS));
    comments.addAll(comments(catalog, scope, TYPES));
    comments.addAll(comments(catalog, scope, SEQUENCES));
    comments.addAll(comments(catalog, scope, TABLES));
    comments.addAll(comments(catalog, scope, CONSTRAINTS));
    comments.addAll(comments(catalog, scope, INDEXES));
    comments.addAll(comments(catalog, scope, STATISTICS));
    return comments;
  }

  private static List<Piece> comments(Catalog catalog, Scope scope, Query query)
      throws SQLException {
    return catalog.pieces(Phase.AFTER_ROWS, "comment", query, scope.oids());
  }
}
