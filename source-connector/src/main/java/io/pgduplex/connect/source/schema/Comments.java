package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Comments on all that is made. */
final class Comments {

  private static final String TABLES = """
      SELECT n.nspname, c.relname,
             format('COMMENT ON %s IS %L', CASE WHEN a.attnum IS NULL THEN format('TABLE %I.%I', n.nspname, c.relname)
                      ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END, d.description)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
       WHERE c.oid = ANY (?) AND (d.objsubid = 0 OR NOT a.attisdropped)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", d.objsubid""";

  private static final String CONSTRAINTS = """
      SELECT n.nspname, c.relname, format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, d.description)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
       WHERE k.conrelid = ANY (?) AND k.contype <> 't' AND (k.confrelid = 0 OR k.confrelid = ANY (?))
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C\"""";

  private static final String INDEXES = """
      SELECT n.nspname, c.relname, format('COMMENT ON INDEX %I.%I IS %L', xn.nspname, x.relname, d.description)
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
       WHERE i.indrelid = ANY (?) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C\"""";

  private static final String STATISTICS = """
      SELECT n.nspname, c.relname, format('COMMENT ON STATISTICS %I.%I IS %L', sn.nspname, s.stxname, d.description)
        FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = s.oid
       WHERE s.stxrelid = ANY (?)
       ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C\"""";

  private static final String SEQUENCES = """
      SELECT n.nspname, c.relname, format('COMMENT ON SEQUENCE %I.%I IS %L', n.nspname, c.relname, d.description)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  private static final String TYPES = """
      SELECT n.nspname, t.typname, x.sql
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
       CROSS JOIN LATERAL (
             SELECT 1, '', format('COMMENT ON %s %I.%I IS %L', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
                                  n.nspname, t.typname, d.description)
               FROM pg_description d WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid
             UNION ALL
             SELECT 2, k.conname::text, format('COMMENT ON CONSTRAINT %I ON DOMAIN %I.%I IS %L', k.conname, n.nspname, t.typname,
                                         d.description)
               FROM pg_constraint k JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
              WHERE k.contypid = t.oid
             UNION ALL
             SELECT 3, a.attname::text, format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, t.typname, a.attname, d.description)
               FROM pg_attribute a
               JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) x (rank, part, sql)
       WHERE t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", x.rank, x.part COLLATE "C\"""";

  private static final String COLLATIONS = """
      SELECT n.nspname, c.collname, format('COMMENT ON COLLATION %I.%I IS %L', n.nspname, c.collname, d.description)
        FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
        JOIN pg_description d ON d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C\"""";

  /** Each database has a schema called public, with a comment; the role that makes tables is seldom its owner. */
  private static final String SCHEMAS = """
      SELECT n.nspname, '', format('COMMENT ON SCHEMA %I IS %L', n.nspname, d.description)
        FROM pg_namespace n
        JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
       WHERE n.nspname = ANY (?) AND (n.nspname, d.description) <> ('public', 'standard public schema')
       ORDER BY n.nspname COLLATE "C\"""";

  private Comments() {}

  static List<SchemaStatement> create(Catalog catalog, Scope scope, List<SchemaStatement> schemas)
      throws SQLException {
    Set<Long> tables = scope.tables().keySet();
    List<SchemaStatement> comments = new ArrayList<>(catalog.rowsByText(
        SCHEMAS,
        row -> comment(row.getString(1), row.getString(2), row.getString(3)),
        schemas.stream().map(SchemaStatement::schema).toArray()));
    comments.addAll(comments(catalog, COLLATIONS, scope.collations()));
    comments.addAll(comments(catalog, TYPES, scope.types()));
    comments.addAll(comments(catalog, SEQUENCES, scope.sequences()));
    comments.addAll(comments(catalog, TABLES, tables));
    comments.addAll(catalog.statements(Phase.AFTER_ROWS, "comment", CONSTRAINTS, tables, tables));
    comments.addAll(comments(catalog, INDEXES, tables));
    comments.addAll(comments(catalog, STATISTICS, tables));
    return comments;
  }

  private static List<SchemaStatement> comments(Catalog catalog, String sql, Set<Long> oids)
      throws SQLException {
    return catalog.statements(Phase.AFTER_ROWS, "comment", sql, oids);
  }

  private static SchemaStatement comment(String schema, String name, String sql) {
    return new SchemaStatement(Phase.AFTER_ROWS, "comment", schema, name, sql);
  }
}
