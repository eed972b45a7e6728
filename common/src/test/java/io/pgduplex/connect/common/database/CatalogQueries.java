package io.pgduplex.connect.common.database;

import java.util.List;

/**
 * The catalogs by names instead of oids: object, property, value. The parameter is an array of schemas to leave out. What
 * only newer servers have is taken from the row as JSON, so that older ones need no other query.
 */
final class CatalogQueries {

  private static final String PROPERTIES = """
      SELECT o.object, p.key, p.value FROM o CROSS JOIN LATERAL jsonb_each_text(o.properties) p""";

  private static final String USER_SCHEMAS = """
      n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'pgduplex') AND n.nspname <> ALL (?)
      """;

  private static final String SCHEMAS = """
      WITH o (object, properties) AS (
        SELECT format('schema %I', n.nspname), jsonb_build_object('comment', obj_description(n.oid, 'pg_namespace'))
          FROM pg_namespace n WHERE\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  private static final String TABLES = """
      WITH o (object, properties) AS (
        SELECT format('table %I.%I', n.nspname, c.relname), jsonb_build_object(
                 'kind', c.relkind, 'persistence', c.relpersistence, 'replica identity', c.relreplident,
                 'options', c.reloptions, 'toast options', (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid),
                 'of type', c.reloftype::regtype::text, 'access method', (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam),
                 'partitioned by', pg_get_partkeydef(c.oid), 'bound', pg_get_expr(c.relpartbound, c.oid),
                 'parents', (SELECT jsonb_agg(i.inhparent::regclass::text ORDER BY i.inhseqno)
                               FROM pg_inherits i WHERE i.inhrelid = c.oid),
                 'comment', obj_description(c.oid, 'pg_class'))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  /** Attributes of composite types as well. A statistics target of -1 was NULL's form up to PostgreSQL 16. */
  private static final String COLUMNS = """
      WITH o (object, properties) AS (
        SELECT format('column %I.%I.%I', n.nspname, c.relname, a.attname), jsonb_build_object(
                 'position', row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum),
                 'type', format_type(a.atttypid, a.atttypmod), 'collation', a.attcollation::regcollation::text,
                 'not null', a.attnotnull, 'value', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated,
                 'identity', a.attidentity, 'storage', a.attstorage, 'compression', a.attcompression,
                 'statistics', nullif(a.attstattarget, -1), 'options', a.attoptions, 'local', a.attislocal,
                 'inherited', a.attinhcount, 'comment', col_description(c.oid, a.attnum))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relkind IN ('r', 'p', 'c') AND c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped
           AND\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  /**
   * Not those that stand for the partitions of a referenced table: their names are the server's own. NO INHERIT says
   * nothing about a key, and depends on whether a partition was there before it.
   */
  private static final String CONSTRAINTS = """
      WITH o (object, properties) AS (
        SELECT CASE WHEN k.contype = 'n' AND k.conrelid <> 0 THEN 'not null ' ELSE 'constraint ' END
                 || format('%s.%I', coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text), k.conname),
               jsonb_build_object(
                 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated,
                 'deferrable', k.condeferrable, 'deferred', k.condeferred, 'local', k.conislocal, 'inherited', k.coninhcount,
                 'no inherit', k.connoinherit AND k.contype IN ('c', 'n'), 'index', nullif(k.conindid, 0)::regclass::text,
                 'part of', (SELECT p.conrelid::regclass || '.' || p.conname FROM pg_constraint p WHERE p.oid = k.conparentid),
                 'comment', obj_description(k.oid, 'pg_constraint'))
          FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE k.contype <> 't'
           AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
           AND\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  private static final String INDEXES = """
      WITH o (object, properties) AS (
        SELECT format('index %I.%I', n.nspname, x.relname), jsonb_build_object(
                 'definition', pg_get_indexdef(x.oid), 'valid', i.indisvalid, 'unique', i.indisunique, 'primary', i.indisprimary,
                 'clustered', i.indisclustered, 'replica identity', i.indisreplident, 'persistence', x.relpersistence,
                 'part of', (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = x.oid),
                 'statistics', (SELECT jsonb_agg(nullif(a.attstattarget, -1) ORDER BY a.attnum)
                                  FROM pg_attribute a WHERE a.attrelid = x.oid),
                 'comment', obj_description(x.oid, 'pg_class'))
          FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
         WHERE\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  private static final String SEQUENCES = """
      WITH o (object, properties) AS (
        SELECT format('sequence %I.%I', n.nspname, c.relname),
               to_jsonb(s) - 'seqrelid' - 'seqtypid' || jsonb_build_object(
                 'type', format_type(s.seqtypid, NULL), 'persistence', c.relpersistence,
                 'owned by', (SELECT format('%s.%I %s', d.refobjid::regclass, a.attname, d.deptype)
                                FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                               WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')),
                 'comment', obj_description(c.oid, 'pg_class'))
          FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  /** Without those of tables, arrays and multiranges, which come with others. */
  private static final String TYPES = """
      WITH o (object, properties) AS (
        SELECT format('type %I.%I', n.nspname, t.typname), jsonb_build_object(
                 'kind', t.typtype, 'base', format_type(nullif(t.typbasetype, 0), t.typtypmod), 'not null', t.typnotnull,
                 'collation', t.typcollation::regcollation::text, 'default', coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault),
                 'labels', (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
                 'subtype', r.rngsubtype::regtype::text, 'range collation', r.rngcollation::regcollation::text,
                 'subtype class', (SELECT op.opcname FROM pg_opclass op WHERE op.oid = r.rngsubopc),
                 'canonical', r.rngcanonical::text, 'difference', r.rngsubdiff::text, 'multirange', r.rngmultitypid::regtype::text,
                 'comment', obj_description(t.oid, 'pg_type'))
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          LEFT JOIN pg_range r ON r.rngtypid = t.oid
         WHERE (t.typtype IN ('e', 'd', 'r') OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
           AND\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  private static final String COLLATIONS = """
      WITH o (object, properties) AS (
        SELECT format('collation %I.%I', n.nspname, c.collname),
               to_jsonb(c) - 'oid' - 'collnamespace' - 'collowner' - 'collversion'
                 || jsonb_build_object('comment', obj_description(c.oid, 'pg_collation'))
          FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
         WHERE\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  private static final String STATISTICS = """
      WITH o (object, properties) AS (
        SELECT format('statistics %I.%I', n.nspname, s.stxname), jsonb_build_object(
                 'definition', pg_get_statisticsobjdef(s.oid), 'target', nullif(s.stxstattarget, -1),
                 'comment', obj_description(s.oid, 'pg_statistic_ext'))
          FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
         WHERE\s""" + USER_SCHEMAS + ")" + PROPERTIES;

  static final List<String> ALL = List.of(
      SCHEMAS, TABLES, COLUMNS, CONSTRAINTS, INDEXES, SEQUENCES, TYPES, COLLATIONS, STATISTICS);

  private CatalogQueries() {}
}
