-- Lets a source connector of a forward direction follow the statements that change tables. An administrator runs this once on
-- the side that tables are changed on, as a superuser and in the database that is linked, after role.sql:
--
--   psql -d bank -v ON_ERROR_STOP=1 -f ddl.sql
--
-- pgduplex is the role that the source connector connects as. The file may be run again, and must be with a new version of
-- pgduplex. To take it away: DROP SCHEMA pgduplex_ddl CASCADE.
--
-- Each statement that changes tables of a link writes their definition before and after it into pgduplex.ddl_log, in its own
-- transaction. The functions belong to whoever runs this file, and act with his rights; so they are in a schema of their own.
-- An error in them is written down, and fails nobody's statement; but for one that gives a table columns whose names differ only
-- by case, which nothing could carry.

CREATE SCHEMA IF NOT EXISTS pgduplex_ddl;

CREATE OR REPLACE FUNCTION pgduplex_ddl.definition(of_tables oid[], of_selected oid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = '' SET quote_all_identifiers = on SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres'
SET TimeZone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1 SET standard_conforming_strings = on
SET plan_cache_mode = force_generic_plan SET jit = off SET work_mem = '256kB'
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $definition$
#variable_conflict use_column
DECLARE
  needed jsonb;
  of_types oid[] := '{}';
  of_collations oid[];
  of_sequences oid[];
BEGIN
  needed := (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (WITH RECURSIVE walk (root, classid, objid) AS (
  SELECT * FROM (
    SELECT oid, 'pg_class'::regclass::oid, oid FROM unnest(of_tables) t (oid)
    UNION ALL
    SELECT adrelid, 'pg_attrdef'::regclass, oid FROM pg_attrdef WHERE adrelid = ANY (of_tables)
    UNION ALL
    SELECT conrelid, 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = ANY (of_tables)
    UNION ALL
    SELECT indrelid, 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = ANY (of_tables)
    UNION ALL
    SELECT stxrelid, 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxrelid = ANY (of_tables)
    UNION ALL
    SELECT oid, 'pg_type'::regclass, oid FROM unnest(of_types) t (oid)) start
  UNION
  SELECT w.root, x.classid, x.objid
    FROM walk w CROSS JOIN LATERAL (
      SELECT d.refclassid, d.refobjid FROM pg_depend d
       WHERE d.classid = w.classid AND d.objid = w.objid AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i', 'e')
         AND (d.refclassid IN ('pg_type'::regclass, 'pg_collation'::regclass, 'pg_proc'::regclass,
                'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_am'::regclass,
                'pg_ts_config'::regclass, 'pg_ts_dict'::regclass, 'pg_extension'::regclass)
              OR d.refclassid = 'pg_class'::regclass AND EXISTS (
                SELECT FROM pg_class c WHERE c.oid = d.refobjid
                   AND (c.relkind IN ('S', 'c', 'f')
                        OR c.relkind IN ('r', 'p') AND (w.classid = 'pg_attrdef'::regclass OR w.objid = w.root))))
         AND (d.deptype = 'e'
              OR w.classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_attrdef'::regclass,
                   'pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
                 AND NOT EXISTS (SELECT FROM pg_depend e
                   WHERE e.classid = w.classid AND e.objid = w.objid AND e.deptype = 'e' OFFSET 0))
      UNION ALL
      SELECT 'pg_class'::regclass, t.typrelid FROM pg_type t
       WHERE w.classid = 'pg_type'::regclass AND t.oid = w.objid AND t.typrelid <> 0
      UNION ALL
      SELECT 'pg_constraint'::regclass, con.oid FROM pg_constraint con
       WHERE w.classid = 'pg_type'::regclass AND con.contypid = w.objid) x (classid, objid))
SELECT w.root, w.objid, k.category, i.type, i.schema, i.name, i.identity
  FROM walk w
  LEFT JOIN pg_class c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid
  LEFT JOIN pg_type t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid
  LEFT JOIN pg_class row_of ON row_of.oid = t.typrelid
 CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) i
 CROSS JOIN LATERAL (SELECT CASE
        WHEN w.classid IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_statistic_ext'::regclass) THEN NULL
        WHEN EXISTS (SELECT FROM pg_depend e
          WHERE e.classid = w.classid AND e.objid = w.objid AND e.deptype = 'e' OFFSET 0) THEN NULL
        WHEN c.relkind = 'S' THEN 'SEQUENCE'
        WHEN c.relkind IN ('r', 'p') THEN 'TABLE'
        WHEN c.relkind = 'f' THEN 'NEED'
        WHEN c.oid IS NOT NULL THEN NULL
        WHEN t.typtype IN ('e', 'd', 'r') OR row_of.relkind = 'c' THEN 'TYPE'
        WHEN t.typtype = 'm' OR t.typcategory = 'A' OR row_of.relkind IN ('r', 'p') THEN NULL
        WHEN w.classid = 'pg_collation'::regclass AND i.schema <> 'pg_catalog' THEN 'COLLATION'
        ELSE 'NEED'
      END) k (category)
 WHERE k.category IS NOT NULL
 ORDER BY i.type, i.identity, w.root) q);
  of_types := ARRAY(SELECT DISTINCT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'TYPE');
  of_collations := ARRAY(SELECT DISTINCT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'COLLATION');
  of_sequences := ARRAY(
    SELECT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'SEQUENCE'
    UNION
    SELECT (e ->> 'oid')::oid FROM jsonb_array_elements((SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT d.objid AS oid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (of_tables)
   AND d.deptype IN ('a', 'i')) q)) e);
  RETURN jsonb_build_object('needs of tables', needed)
    || jsonb_build_object('owned sequences', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT d.objid AS oid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (of_tables)
   AND d.deptype IN ('a', 'i')) q))
    || jsonb_build_object('parents', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT i.inhrelid AS one, i.inhparent AS other FROM pg_inherits i WHERE i.inhrelid = ANY (of_tables)) q))
    || jsonb_build_object('sequences of identity columns', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT d.objid AS one, d.refobjid AS other FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.objid = ANY (of_sequences) AND d.refclassid = 'pg_class'::regclass
   AND d.deptype = 'i') q))
    || jsonb_build_object('schemas', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, '' AS name, format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS sql,
       'schema:' || n.oid AS key, '' AS raw, n.nspname AS part, '' AS of, '' AS undo
  FROM pg_namespace n
 WHERE
n.nspname NOT LIKE 'pg\_%' AND n.oid IN (
        SELECT relnamespace FROM pg_class WHERE oid = ANY (of_tables)
        UNION ALL SELECT typnamespace FROM pg_type WHERE oid = ANY (of_types)
        UNION ALL SELECT relnamespace FROM pg_class WHERE oid = ANY (of_sequences)
        UNION ALL SELECT collnamespace FROM pg_collation WHERE oid = ANY (of_collations)
        UNION ALL SELECT stxnamespace FROM pg_statistic_ext WHERE stxrelid = ANY (of_tables))
ORDER BY n.nspname COLLATE "C") q))
    || jsonb_build_object('schema comments', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, '' AS name, format('COMMENT ON SCHEMA %I IS %L', n.nspname, d.description) AS sql,
       'comment on schema:' || n.oid AS key, d.description AS raw, '' AS part, 'schema:' || n.oid AS of,
       format('COMMENT ON SCHEMA %I IS NULL', n.nspname) AS undo
  FROM pg_namespace n
  JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
 WHERE (n.nspname, d.description) <> ('public', 'standard public schema') AND
n.nspname NOT LIKE 'pg\_%' AND n.oid IN (
        SELECT relnamespace FROM pg_class WHERE oid = ANY (of_tables)
        UNION ALL SELECT typnamespace FROM pg_type WHERE oid = ANY (of_types)
        UNION ALL SELECT relnamespace FROM pg_class WHERE oid = ANY (of_sequences)
        UNION ALL SELECT collnamespace FROM pg_collation WHERE oid = ANY (of_collations)
        UNION ALL SELECT stxnamespace FROM pg_statistic_ext WHERE stxrelid = ANY (of_tables))
ORDER BY n.nspname COLLATE "C") q))
    || jsonb_build_object('collations', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.collname AS name,
       format('CREATE COLLATION %I.%I (PROVIDER = %s, %s, DETERMINISTIC = %s%s)', n.nspname, c.collname,
              CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
              coalesce('LOCALE = ' || quote_literal(coalesce(
                         j ->> 'colllocale', j ->> 'colliculocale',
                         CASE WHEN c.collprovider <> 'c' OR j ->> 'collcollate' = j ->> 'collctype'
                              THEN j ->> 'collcollate' END)),
                       format('LC_COLLATE = %L, LC_CTYPE = %L', j ->> 'collcollate', j ->> 'collctype')),
              CASE WHEN c.collisdeterministic THEN 'true' ELSE 'false' END, ', RULES = ' || quote_literal(j ->> 'collicurules')) AS sql,
       'collation:' || c.oid AS key, '' AS raw, format('%I', c.collname) AS part, '' AS of, '' AS undo
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace, to_jsonb(c) j
 WHERE c.oid = ANY (of_collations)
 ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C") q))
    || jsonb_build_object('types', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT t.oid, t.typtype = 'd' AS is_domain, n.nspname AS schema, t.typname AS name,
       CASE t.typtype
         WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
           (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
              FROM pg_enum e WHERE e.enumtypid = t.oid))
         WHEN 'c' THEN format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
           (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                     || CASE WHEN a.attcollation <> at.typcollation
                             THEN format(' COLLATE %I.%I', an.nspname, ac.collname) ELSE '' END,
                     ', ' ORDER BY a.attnum)
              FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
              LEFT JOIN pg_collation ac ON ac.oid = a.attcollation
              LEFT JOIN pg_namespace an ON an.oid = ac.collnamespace
             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
         WHEN 'r' THEN format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %I.%I%s%s%s%s)',
           n.nspname, t.typname, format_type(r.rngsubtype, NULL), opn.nspname, op.opcname,
           CASE WHEN r.rngcollation <> st.typcollation THEN format(', COLLATION = %I.%I', con.nspname, co.collname) END,
           CASE WHEN r.rngcanonical <> 0 THEN ', CANONICAL = ' || r.rngcanonical END,
           CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff END,
           CASE WHEN mt.oid IS NOT NULL THEN format(', MULTIRANGE_TYPE_NAME = %I.%I', mn.nspname, mt.typname) END)
         ELSE format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
           CASE WHEN t.typcollation <> bt.typcollation THEN format(' COLLATE %I.%I', dcn.nspname, dc.collname) END,
           ' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)),
           CASE WHEN t.typnotnull THEN coalesce((SELECT format(' CONSTRAINT %I', k.conname) FROM pg_constraint k
               WHERE k.contypid = t.oid AND k.contype = 'n'), '') || ' NOT NULL' END,
           (SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ''
                              ORDER BY k.conname COLLATE "C")
              FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated))
       END AS sql,
       'type:' || t.oid AS key,
       CASE t.typtype
         WHEN 'e' THEN (SELECT jsonb_agg(jsonb_build_array(e.oid::bigint, e.enumlabel) ORDER BY e.enumsortorder)
                          FROM pg_enum e WHERE e.enumtypid = t.oid)::text
         WHEN 'c' THEN (SELECT jsonb_agg(jsonb_build_array(a.attnum, a.attname, a.atttypid::bigint, a.atttypmod, a.attcollation::bigint,
                                 format_type(a.atttypid, a.atttypmod),
                                 CASE WHEN a.attcollation <> at.typcollation THEN format(' COLLATE %I.%I', an.nspname, ac.collname) ELSE '' END)
                                 ORDER BY a.attnum)
                          FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
                          LEFT JOIN pg_collation ac ON ac.oid = a.attcollation
                          LEFT JOIN pg_namespace an ON an.oid = ac.collnamespace
                         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)::text
         WHEN 'd' THEN jsonb_build_object(
           'default', coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), 'notNull', t.typnotnull,
           'nameOfNotNull', (SELECT format('%I', k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'n'),
           'checks', (SELECT coalesce(jsonb_object_agg(k.oid, jsonb_build_array(format('%I', k.conname), k.convalidated, pg_get_constraintdef(k.oid))), '{}')
                        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))::text
         ELSE '' END AS raw,
       format('%I', t.typname) AS part, '' AS of, '' AS undo
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_type bt ON bt.oid = t.typbasetype
  LEFT JOIN pg_collation dc ON dc.oid = t.typcollation LEFT JOIN pg_namespace dcn ON dcn.oid = dc.collnamespace
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_type st ON st.oid = r.rngsubtype
  LEFT JOIN pg_opclass op ON op.oid = r.rngsubopc LEFT JOIN pg_namespace opn ON opn.oid = op.opcnamespace
  LEFT JOIN pg_collation co ON co.oid = r.rngcollation LEFT JOIN pg_namespace con ON con.oid = co.collnamespace
  LEFT JOIN pg_type mt ON mt.oid = r.rngmultitypid LEFT JOIN pg_namespace mn ON mn.oid = mt.typnamespace
 WHERE t.oid = ANY (of_types)) q))
    || jsonb_build_object('constraints of domains not valid', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, t.typname AS name,
       format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint of domain:' || k.oid AS key, '' AS raw, '' AS part, 'type:' || t.oid AS of, '' AS undo
  FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE k.contypid = ANY (of_types) AND k.contype = 'c' AND NOT k.convalidated
 ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", k.conname COLLATE "C") q))
    || jsonb_build_object('sequences', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (      SELECT n.nspname AS schema, c.relname AS name,
             format('CREATE %sSEQUENCE %I.%I AS %s ', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                    n.nspname, c.relname, format_type(s.seqtypid, NULL)) ||
format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
       s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)             AS sql,
             'sequence:' || c.oid AS key, concat_ws(' ', s.seqtypid, c.relpersistence,
format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
       s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)      ) AS raw, format('%I', c.relname) AS part,
      coalesce((SELECT 'table:' || d.refobjid FROM pg_depend d
                 WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                   AND d.deptype = 'a'), '') AS of, '' AS undo
 FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY (of_sequences)
  AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i' AND d.refobjid = ANY (of_selected))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('owners of sequences', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT tn.nspname AS schema, t.relname AS name,
       format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname) AS sql,
       'owner of sequence:' || c.oid AS key, t.oid || ' ' || a.attnum AS raw, '' AS part,
       format('column:%s:%s', t.oid, a.attnum) AS of,
       format('ALTER SEQUENCE IF EXISTS %I.%I OWNED BY NONE', n.nspname, c.relname) AS undo
  FROM pg_depend d
  JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
   AND c.oid = ANY (of_sequences) AND t.oid = ANY (of_tables)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('persistence of sequences', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT tn.nspname AS schema, t.relname AS name,
       format('ALTER SEQUENCE %I.%I SET %s', n.nspname, c.relname,
              CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END) AS sql,
       'persistence of sequence:' || c.oid AS key, c.relpersistence::text AS raw, '' AS part, 'table:' || t.oid AS of,
       format('ALTER SEQUENCE IF EXISTS %I.%I SET %s', n.nspname, c.relname,
              CASE c.relpersistence WHEN 'u' THEN 'LOGGED' ELSE 'UNLOGGED' END) AS undo
  FROM pg_depend d
  JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
   AND current_setting('server_version_num')::int >= 150000 AND c.relpersistence <> t.relpersistence
   AND c.oid = ANY (of_sequences) AND t.oid = ANY (of_tables)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('tables', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT c.oid, c.relnamespace AS namespace, n.nspname AS schema, c.relname AS name,
       c.relpersistence = 'u' AND c.relkind = 'r' AS unlogged,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) ELSE '' END AS of_type,
       c.relispartition,
       ARRAY(SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
       ARRAY(SELECT format('%I.%I', pn.nspname, p.relname)
               FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
              WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parent_names,
       coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), '') AS partition_by,
       CASE WHEN am.amname <> 'heap' THEN format('%I', am.amname) ELSE '' END AS access_method,
       ARRAY(SELECT o.text FROM (
                 SELECT 0, t.rank, format('%I = %L', t.name, t.value)
                   FROM pg_options_to_table(c.reloptions) WITH ORDINALITY t (name, value, rank)
                 UNION ALL
                 SELECT 1, t.rank, format('toast.%I = %L', t.name, t.value)
                   FROM pg_class x, pg_options_to_table(x.reloptions) WITH ORDINALITY t (name, value, rank)
                  WHERE x.oid = c.reltoastrelid) o (toast, rank, text) ORDER BY o.toast, o.rank) AS options
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
 WHERE c.oid = ANY (of_tables)) q))
    || jsonb_build_object('partitions', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname,
              pg_get_expr(c.relpartbound, c.oid)) AS sql,
       'partition:' || c.oid AS key, p.oid || ' ' || pg_get_expr(c.relpartbound, c.oid) AS raw, '' AS part, 'table:' || c.oid AS of,
       format('ALTER TABLE ONLY %I.%I DETACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, c.relname) AS undo
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_inherits i ON i.inhrelid = c.oid
  JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE c.relispartition AND c.oid = ANY (of_tables)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('missing partitions', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', pn.nspname, p.relname) AS part,
       CASE p.relkind WHEN 'f' THEN 'it is a foreign table' ELSE 'it is not selected' END AS why
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_inherits i ON i.inhparent = c.oid
  JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE c.relkind = 'p' AND c.oid = ANY (of_tables) AND p.oid <> ALL (of_selected)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", pn.nspname COLLATE "C", p.relname COLLATE "C") q))
    || jsonb_build_object('replica identities', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
              CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END) AS sql,
       'replica identity:' || c.oid AS key, c.relreplident::text AS raw, '' AS part, 'table:' || c.oid AS of,
       format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', n.nspname, c.relname) AS undo
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relreplident IN ('f', 'n') AND c.oid = ANY (of_tables)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('columns', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (      SELECT a.attrelid, a.attnum, a.attname, a.attislocal OR c.relispartition AS local, a.attinhcount,
             format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attcollation <> t.typcollation
                       THEN format(' COLLATE %I.%I', con.nspname, co.collname) ELSE '' END AS type,
             concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation) AS raw_type,
             CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                         CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
                  WHEN d.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                  WHEN s.seqrelid IS NOT NULL THEN format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I ',
                         CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname)
                       ||
format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
       s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)|| ')'
           ELSE '' END AS value,
      concat_ws(' ', a.attgenerated, CASE WHEN s.seqrelid IS NOT NULL THEN a.attidentity END, d.adbin::text, s.seqrelid, s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                s.seqcycle) AS raw_value,
      a.attgenerated <> '' AS generated,
      CASE WHEN a.atthasmissing THEN array_to_string(a.attmissingval, '') END AS missing,
      CASE WHEN nn.convalidated
           THEN format('CONSTRAINT %I NOT NULL', nn.conname)
           WHEN a.attnotnull AND nn.oid IS NULL THEN 'NOT NULL'
      END AS not_null,
      nn.oid IS NOT NULL AND NOT nn.convalidated AS not_null_pending, nn.connoinherit AS not_null_no_inherit, nn.oid IS NULL OR nn.conislocal OR c.relispartition AS not_null_local,
      nn.oid IS NULL OR nn.conislocal AS not_null_own
 FROM pg_attribute a
 JOIN pg_class c ON c.oid = a.attrelid
 JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_namespace con ON con.oid = co.collnamespace
 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 LEFT JOIN pg_depend dep ON a.attidentity <> '' AND dep.classid = 'pg_class'::regclass
       AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = a.attrelid AND dep.refobjsubid = a.attnum
       AND dep.deptype = 'i'
 LEFT JOIN pg_sequence s ON s.seqrelid = dep.objid
 LEFT JOIN pg_class sc ON sc.oid = s.seqrelid LEFT JOIN pg_namespace sn ON sn.oid = sc.relnamespace
 LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey = ARRAY[a.attnum]
WHERE a.attrelid = ANY (of_tables) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum) q))
    || jsonb_build_object('settings of columns', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET %s', n.nspname, c.relname, a.attname, x.setting) AS sql,
       format('setting:%s:%s:%s', c.oid, a.attnum, x.kind) AS key, x.setting AS raw, '' AS part,
       format('column:%s:%s', c.oid, a.attnum) AS of,
       format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s', n.nspname, c.relname, a.attname, x.undo) AS undo
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
 CROSS JOIN LATERAL (VALUES
       ('storage', CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage
          WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
        'SET STORAGE ' || CASE t.typstorage
          WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END),
       ('compression', CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz' WHEN 'l' THEN 'COMPRESSION lz4' END,
        'SET COMPRESSION default'),
       ('statistics', CASE WHEN a.attstattarget >= 0 THEN 'STATISTICS ' || a.attstattarget END, 'SET STATISTICS -1'),
       ('options', (SELECT '(' || string_agg(format('%I = %L', o.option_name, o.option_value), ', ') || ')'
                      FROM pg_options_to_table(a.attoptions) o),
        (SELECT 'RESET (' || string_agg(format('%I', o.option_name), ', ') || ')'
           FROM pg_options_to_table(a.attoptions) o))) x (kind, setting, undo)
 WHERE a.attrelid = ANY (of_tables) AND a.attnum > 0 AND NOT a.attisdropped AND x.setting IS NOT NULL
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum, x.kind COLLATE "C") q))
    || jsonb_build_object('all constraints', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT 'constraint:' || k.oid AS key FROM pg_constraint k WHERE k.conrelid = ANY (of_tables)) q))
    || jsonb_build_object('checks of partitioned tables', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint:' || k.oid AS key,
       (SELECT CASE WHEN k.convalidated THEN 'valid ' ELSE 'not valid ' END || jsonb_build_array(
           j -> 'contype', j -> 'condeferrable', j -> 'condeferred', j -> 'conenforced', j -> 'connoinherit', j -> 'conperiod',
           j -> 'conkey', j -> 'confrelid', j -> 'confkey', j -> 'confupdtype', j -> 'confdeltype', j -> 'confmatchtype',
           j -> 'confdelsetcols', j -> 'conexclop', j -> 'conbin',
           (SELECT jsonb_build_array(i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
                     i.indexprs::text, i.indpred::text, to_jsonb(i) -> 'indnullsnotdistinct')
              FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')))
          FROM to_jsonb(k) j) AS raw,
       format('%I', k.conname) AS part, CASE WHEN k.conparentid <> 0 THEN 'constraint:' || k.conparentid ELSE '' END AS of,
       format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', n.nspname, c.relname, k.conname) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
   AND NOT k.conislocal AND k.contype = 'c' AND c.relispartition
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('keys', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint:' || k.oid AS key,
       (SELECT CASE WHEN k.convalidated THEN 'valid ' ELSE 'not valid ' END || jsonb_build_array(
           j -> 'contype', j -> 'condeferrable', j -> 'condeferred', j -> 'conenforced', j -> 'connoinherit', j -> 'conperiod',
           j -> 'conkey', j -> 'confrelid', j -> 'confkey', j -> 'confupdtype', j -> 'confdeltype', j -> 'confmatchtype',
           j -> 'confdelsetcols', j -> 'conexclop', j -> 'conbin',
           (SELECT jsonb_build_array(i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
                     i.indexprs::text, i.indpred::text, to_jsonb(i) -> 'indnullsnotdistinct')
              FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')))
          FROM to_jsonb(k) j) AS raw,
       format('%I', k.conname) AS part, CASE WHEN k.conparentid <> 0 THEN 'constraint:' || k.conparentid ELSE '' END AS of,
       format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', n.nspname, c.relname, k.conname) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
 AND k.contype IN ('p', 'u')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('options of keys', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER INDEX %I.%I SET (%s)', xn.nspname, x.relname,
         (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(x.reloptions) o)) AS sql,
       'index options:' || x.oid AS key, x.reloptions::text AS raw, '' AS part, 'constraint:' || k.oid AS of,
       format('ALTER INDEX %I.%I RESET (%s)', xn.nspname, x.relname,
         (SELECT string_agg(format('%I', o.option_name), ', ') FROM pg_options_to_table(x.reloptions) o)) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
 AND x.reloptions IS NOT NULL
 AND k.contype IN ('p', 'u')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('exclusion constraints', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint:' || k.oid AS key,
       (SELECT CASE WHEN k.convalidated THEN 'valid ' ELSE 'not valid ' END || jsonb_build_array(
           j -> 'contype', j -> 'condeferrable', j -> 'condeferred', j -> 'conenforced', j -> 'connoinherit', j -> 'conperiod',
           j -> 'conkey', j -> 'confrelid', j -> 'confkey', j -> 'confupdtype', j -> 'confdeltype', j -> 'confmatchtype',
           j -> 'confdelsetcols', j -> 'conexclop', j -> 'conbin',
           (SELECT jsonb_build_array(i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
                     i.indexprs::text, i.indpred::text, to_jsonb(i) -> 'indnullsnotdistinct')
              FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')))
          FROM to_jsonb(k) j) AS raw,
       format('%I', k.conname) AS part, CASE WHEN k.conparentid <> 0 THEN 'constraint:' || k.conparentid ELSE '' END AS of,
       format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', n.nspname, c.relname, k.conname) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
 AND k.contype = 'x'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('options of exclusion constraints', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER INDEX %I.%I SET (%s)', xn.nspname, x.relname,
         (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(x.reloptions) o)) AS sql,
       'index options:' || x.oid AS key, x.reloptions::text AS raw, '' AS part, 'constraint:' || k.oid AS of,
       format('ALTER INDEX %I.%I RESET (%s)', xn.nspname, x.relname,
         (SELECT string_agg(format('%I', o.option_name), ', ') FROM pg_options_to_table(x.reloptions) o)) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
 AND x.reloptions IS NOT NULL
 AND k.contype = 'x'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('checks', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint:' || k.oid AS key,
       (SELECT CASE WHEN k.convalidated THEN 'valid ' ELSE 'not valid ' END || jsonb_build_array(
           j -> 'contype', j -> 'condeferrable', j -> 'condeferred', j -> 'conenforced', j -> 'connoinherit', j -> 'conperiod',
           j -> 'conkey', j -> 'confrelid', j -> 'confkey', j -> 'confupdtype', j -> 'confdeltype', j -> 'confmatchtype',
           j -> 'confdelsetcols', j -> 'conexclop', j -> 'conbin',
           (SELECT jsonb_build_array(i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
                     i.indexprs::text, i.indpred::text, to_jsonb(i) -> 'indnullsnotdistinct')
              FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')))
          FROM to_jsonb(k) j) AS raw,
       format('%I', k.conname) AS part, CASE WHEN k.conparentid <> 0 THEN 'constraint:' || k.conparentid ELSE '' END AS of,
       format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', n.nspname, c.relname, k.conname) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
   AND k.conislocal AND (k.contype = 'c' OR k.contype = 'n' AND NOT k.convalidated)
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('valid of not valid', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE ONLY %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname) AS sql,
       'valid:' || k.oid AS key, '' AS raw, '' AS part, 'constraint:' || k.oid AS of, '' AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
   AND k.contype IN ('c', 'n') AND k.convalidated AND k.coninhcount > 0 AND EXISTS (
         SELECT FROM pg_constraint q
          WHERE q.conrelid = ANY (of_selected) AND q.contype = k.contype AND q.conname = k.conname AND NOT q.convalidated)
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('foreign keys', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,
              n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
       'constraint:' || k.oid AS key,
       (SELECT CASE WHEN k.convalidated THEN 'valid ' ELSE 'not valid ' END || jsonb_build_array(
           j -> 'contype', j -> 'condeferrable', j -> 'condeferred', j -> 'conenforced', j -> 'connoinherit', j -> 'conperiod',
           j -> 'conkey', j -> 'confrelid', j -> 'confkey', j -> 'confupdtype', j -> 'confdeltype', j -> 'confmatchtype',
           j -> 'confdelsetcols', j -> 'conexclop', j -> 'conbin',
           (SELECT jsonb_build_array(i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indnkeyatts,
                     i.indexprs::text, i.indpred::text, to_jsonb(i) -> 'indnullsnotdistinct')
              FROM pg_index i WHERE i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')))
          FROM to_jsonb(k) j) AS raw,
       format('%I', k.conname) AS part, CASE WHEN k.conparentid <> 0 THEN 'constraint:' || k.conparentid ELSE '' END AS of,
       format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', n.nspname, c.relname, k.conname) AS undo
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
  AND k.contype = 'f' AND k.confrelid = ANY (of_selected)
  AND (k.conparentid = 0 OR p.conrelid <> k.conrelid AND p.conname <> k.conname)
ORDER BY k.conparentid = 0, c.relkind = 'p', n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C") q))
    || jsonb_build_object('dangling', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, k.conname AS part,
       format('it references %s.%s, which is not selected', rn.nspname, rc.relname) AS why
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
 WHERE k.conrelid = ANY (of_tables)
   AND k.contype = 'f' AND k.confrelid <> ALL (of_selected) AND k.conparentid = 0
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C") q))
    || jsonb_build_object('unique indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, pg_get_indexdef(i.indexrelid) AS sql,
       'index:' || x.oid AS key,
       format('%s %s %s %s %s %s %s %s %s %s %s', i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts, i.indisunique,
              i.indexprs::text, i.indpred::text, to_jsonb(i) ->> 'indnullsnotdistinct', x.relam, x.reloptions) AS raw,
       format('%I', x.relname) AS part, coalesce('index:' || p.oid, '') AS of, format('DROP INDEX IF EXISTS %I.%I', xn.nspname, x.relname) AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
   AND NOT EXISTS (SELECT FROM pg_constraint k
         WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
 AND i.indisunique
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, pg_get_indexdef(i.indexrelid) AS sql,
       'index:' || x.oid AS key,
       format('%s %s %s %s %s %s %s %s %s %s %s', i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts, i.indisunique,
              i.indexprs::text, i.indpred::text, to_jsonb(i) ->> 'indnullsnotdistinct', x.relam, x.reloptions) AS raw,
       format('%I', x.relname) AS part, coalesce('index:' || p.oid, '') AS of, format('DROP INDEX IF EXISTS %I.%I', xn.nspname, x.relname) AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
   AND NOT EXISTS (SELECT FROM pg_constraint k
         WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
 AND NOT i.indisunique
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('partitions of unique indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, xn.nspname, x.relname) AS sql,
       'partition of index:' || x.oid AS key, p.oid::text AS raw, '' AS part, '' AS of, '' AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
 AND p.oid IS NOT NULL
 AND i.indisunique
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('partitions of indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, xn.nspname, x.relname) AS sql,
       'partition of index:' || x.oid AS key, p.oid::text AS raw, '' AS part, '' AS of, '' AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
 AND p.oid IS NOT NULL
 AND NOT i.indisunique
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('index statistics', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER INDEX %I.%I %s', xn.nspname, x.relname,
         (SELECT string_agg(format('ALTER COLUMN %s SET STATISTICS %s', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)) AS sql,
       'index statistics:' || x.oid AS key,
       (SELECT string_agg(a.attnum || ' ' || a.attstattarget, ' ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0) AS raw, '' AS part, 'index:' || x.oid AS of,
       format('ALTER INDEX %I.%I %s', xn.nspname, x.relname,
         (SELECT string_agg(format('ALTER COLUMN %s SET STATISTICS -1', a.attnum), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)) AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
   AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0)
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('replica identity by index', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, c.relname, x.relname) AS sql,
             'replica identity:' || c.oid AS key, x.oid::text AS raw, '' AS part,
coalesce((SELECT 'constraint:' || k.oid FROM pg_constraint k
           WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')),
         'index:' || x.oid)        AS of,
       format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', n.nspname, c.relname) AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
 AND i.indisreplident
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('clusters', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, c.relname, x.relname) AS sql,
             'cluster:' || c.oid AS key, x.oid::text AS raw, '' AS part,
coalesce((SELECT 'constraint:' || k.oid FROM pg_constraint k
           WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')),
         'index:' || x.oid)        AS of,
       format('ALTER TABLE ONLY %I.%I SET WITHOUT CLUSTER', n.nspname, c.relname) AS undo
  FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class p ON p.oid = h.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
 AND i.indisclustered
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('unfinished indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, x.relname AS part
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE i.indrelid = ANY (of_tables) AND NOT (i.indislive AND (i.indisvalid OR x.relkind = 'I'))
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('statistics', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, pg_get_statisticsobjdef(s.oid) AS sql,
       'statistics object:' || s.oid AS key,
       format('%s %s %s %I.%I', s.stxkeys, s.stxkind, s.stxexprs, sn.nspname, s.stxname) AS raw, '' AS part, '' AS of,
       format('DROP STATISTICS IF EXISTS %I.%I', sn.nspname, s.stxname) AS undo
  FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
  JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE s.stxrelid = ANY (of_tables)
 ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C") q))
    || jsonb_build_object('statistics targets', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('ALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname, s.stxname, s.stxstattarget) AS sql,
       'statistics target:' || s.oid AS key, s.stxstattarget::text AS raw, '' AS part,
       'statistics object:' || s.oid AS of,
       format('ALTER STATISTICS %I.%I SET STATISTICS -1', sn.nspname, s.stxname) AS undo
  FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
  JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE s.stxrelid = ANY (of_tables)
 AND s.stxstattarget >= 0 ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C") q))
    || jsonb_build_object('comments on collations', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.collname AS name, format('COMMENT ON COLLATION %I.%I IS %L', n.nspname, c.collname, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       'collation:' || c.oid AS of,
       format('COMMENT ON COLLATION %I.%I IS NULL', n.nspname, c.collname) AS undo
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
  JOIN pg_description d ON d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid
 WHERE c.oid = ANY (of_collations)
 ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C") q))
    || jsonb_build_object('comments on types', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, t.typname AS name, format('COMMENT ON %s IS %L', x.target, x.description) AS sql,
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
 WHERE t.oid = ANY (of_types)
 ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", x.rank, x.part COLLATE "C") q))
    || jsonb_build_object('comments on sequences', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON SEQUENCE %I.%I IS %L', n.nspname, c.relname, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       'sequence:' || c.oid AS of,
       format('COMMENT ON SEQUENCE %I.%I IS NULL', n.nspname, c.relname) AS undo
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
 WHERE c.oid = ANY (of_sequences)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C") q))
    || jsonb_build_object('comments', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name,
       format('COMMENT ON %s IS %L', CASE WHEN a.attnum IS NULL THEN format('TABLE %I.%I', n.nspname, c.relname)
                ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       CASE WHEN a.attnum IS NULL THEN 'table:' || c.oid ELSE format('column:%s:%s', c.oid, a.attnum) END AS of,
       format('COMMENT ON %s IS NULL', CASE WHEN a.attnum IS NULL THEN format('TABLE %I.%I', n.nspname, c.relname)
                ELSE format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) END) AS undo
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
 WHERE c.oid = ANY (of_tables) AND (d.objsubid = 0 OR NOT a.attisdropped)
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", d.objsubid) q))
    || jsonb_build_object('comments on constraints', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       'constraint:' || k.oid AS of,
       format('COMMENT ON CONSTRAINT %I ON %I.%I IS NULL', k.conname, n.nspname, c.relname) AS undo
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
 WHERE k.conrelid = ANY (of_tables) AND k.contype <> 't' AND (k.confrelid = 0 OR k.confrelid = ANY (of_selected))
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C") q))
    || jsonb_build_object('comments on indexes', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON INDEX %I.%I IS %L', xn.nspname, x.relname, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       'index:' || x.oid AS of,
       format('COMMENT ON INDEX %I.%I IS NULL', xn.nspname, x.relname) AS undo
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
 WHERE i.indrelid = ANY (of_tables) AND i.indislive AND (i.indisvalid OR x.relkind = 'I')
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", x.relname COLLATE "C") q))
    || jsonb_build_object('comments on statistics', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (SELECT n.nspname AS schema, c.relname AS name, format('COMMENT ON STATISTICS %I.%I IS %L', sn.nspname, s.stxname, d.description) AS sql,
       format('comment:%s:%s:%s', d.classoid, d.objoid, d.objsubid) AS key, d.description AS raw, '' AS part,
       'statistics object:' || s.oid AS of,
       format('COMMENT ON STATISTICS %I.%I IS NULL', sn.nspname, s.stxname) AS undo
  FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
  JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_description d ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = s.oid
 WHERE s.stxrelid = ANY (of_tables)
 ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C") q))
    || jsonb_build_object('needs of types', (SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (WITH RECURSIVE walk (root, classid, objid) AS (
  SELECT * FROM (
    SELECT oid, 'pg_class'::regclass::oid, oid FROM unnest(of_tables) t (oid)
    UNION ALL
    SELECT adrelid, 'pg_attrdef'::regclass, oid FROM pg_attrdef WHERE adrelid = ANY (of_tables)
    UNION ALL
    SELECT conrelid, 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = ANY (of_tables)
    UNION ALL
    SELECT indrelid, 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = ANY (of_tables)
    UNION ALL
    SELECT stxrelid, 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxrelid = ANY (of_tables)
    UNION ALL
    SELECT oid, 'pg_type'::regclass, oid FROM unnest(of_types) t (oid)) start
  UNION
  SELECT w.root, x.classid, x.objid
    FROM walk w CROSS JOIN LATERAL (
      SELECT d.refclassid, d.refobjid FROM pg_depend d
       WHERE d.classid = w.classid AND d.objid = w.objid AND d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i', 'e')
         AND (d.refclassid IN ('pg_type'::regclass, 'pg_collation'::regclass, 'pg_proc'::regclass,
                'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_am'::regclass,
                'pg_ts_config'::regclass, 'pg_ts_dict'::regclass, 'pg_extension'::regclass)
              OR d.refclassid = 'pg_class'::regclass AND EXISTS (
                SELECT FROM pg_class c WHERE c.oid = d.refobjid
                   AND (c.relkind IN ('S', 'c', 'f')
                        OR c.relkind IN ('r', 'p') AND (w.classid = 'pg_attrdef'::regclass OR w.objid = w.root))))
         AND (d.deptype = 'e'
              OR w.classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_attrdef'::regclass,
                   'pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
                 AND NOT EXISTS (SELECT FROM pg_depend e
                   WHERE e.classid = w.classid AND e.objid = w.objid AND e.deptype = 'e' OFFSET 0))
      UNION ALL
      SELECT 'pg_class'::regclass, t.typrelid FROM pg_type t
       WHERE w.classid = 'pg_type'::regclass AND t.oid = w.objid AND t.typrelid <> 0
      UNION ALL
      SELECT 'pg_constraint'::regclass, con.oid FROM pg_constraint con
       WHERE w.classid = 'pg_type'::regclass AND con.contypid = w.objid) x (classid, objid))
SELECT w.root, w.objid, k.category, i.type, i.schema, i.name, i.identity
  FROM walk w
  LEFT JOIN pg_class c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid
  LEFT JOIN pg_type t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid
  LEFT JOIN pg_class row_of ON row_of.oid = t.typrelid
 CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) i
 CROSS JOIN LATERAL (SELECT CASE
        WHEN w.classid IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_statistic_ext'::regclass) THEN NULL
        WHEN EXISTS (SELECT FROM pg_depend e
          WHERE e.classid = w.classid AND e.objid = w.objid AND e.deptype = 'e' OFFSET 0) THEN NULL
        WHEN c.relkind = 'S' THEN 'SEQUENCE'
        WHEN c.relkind IN ('r', 'p') THEN 'TABLE'
        WHEN c.relkind = 'f' THEN 'NEED'
        WHEN c.oid IS NOT NULL THEN NULL
        WHEN t.typtype IN ('e', 'd', 'r') OR row_of.relkind = 'c' THEN 'TYPE'
        WHEN t.typtype = 'm' OR t.typcategory = 'A' OR row_of.relkind IN ('r', 'p') THEN NULL
        WHEN w.classid = 'pg_collation'::regclass AND i.schema <> 'pg_catalog' THEN 'COLLATION'
        ELSE 'NEED'
      END) k (category)
 WHERE k.category IS NOT NULL
 ORDER BY i.type, i.identity, w.root) q));
END
$definition$;

-- Which links follow statements, and which tables are theirs: by regular expressions, as the source's options have them.
CREATE TABLE IF NOT EXISTS pgduplex_ddl.links (
  link text PRIMARY KEY,
  publication text NOT NULL,
  schemas text[] NOT NULL,
  tables text[] NOT NULL
);

-- Their tables, as the last statement left them.
CREATE TABLE IF NOT EXISTS pgduplex_ddl.tables (
  link text NOT NULL,
  relation oid NOT NULL,
  definition jsonb NOT NULL,
  parts text[] NOT NULL,
  PRIMARY KEY (link, relation)
);
-- Types and sequences that tables needed once and do not any more, by the names that the other side knows them by: they stay there,
-- since others may need them, until they are dropped here, or needed again as they are by then.
CREATE TABLE IF NOT EXISTS pgduplex_ddl.former_needs (
  link text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  schema text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (link, key)
);
-- Each statement asks which tables have parts that it touches; without a pending list, which would be read each time.
CREATE INDEX IF NOT EXISTS tables_parts ON pgduplex_ddl.tables USING gin (parts) WITH (fastupdate = off);

-- What is known of it by the keys of its parts, and of the tables that it comes from.
CREATE OR REPLACE FUNCTION pgduplex_ddl.parts(of_relation oid, definition jsonb) RETURNS text[]
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT array_agg(DISTINCT part) FROM (
    SELECT 'table:' || of_relation AS part
    UNION ALL
    SELECT e.value ->> 'key' FROM jsonb_each(definition) q, jsonb_array_elements(q.value) e WHERE e.value ->> 'key' IS NOT NULL
    UNION ALL
    SELECT 'child of:' || (p.value #>> '{}') FROM jsonb_array_elements(definition -> 'tables' -> 0 -> 'parents') p) x
$$;

CREATE OR REPLACE FUNCTION pgduplex_ddl.is_selected(of_link pgduplex_ddl.links, schema text, name text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT (of_link.schemas = '{}' OR EXISTS (SELECT FROM unnest(of_link.schemas) p WHERE schema ~* ('^(?:' || p || ')$')))
     AND (of_link.tables = '{}' OR EXISTS (SELECT FROM unnest(of_link.tables) p WHERE schema || '.' || name ~* ('^(?:' || p || ')$')))
$$;

-- Takes up the definition of tables as it is.
CREATE OR REPLACE FUNCTION pgduplex_ddl.note_definitions(of_link text, relations oid[]) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  INSERT INTO pgduplex_ddl.tables (link, relation, definition, parts)
  SELECT of_link, r, d, pgduplex_ddl.parts(r, d)
    FROM unnest(relations) r, pgduplex_ddl.definition(ARRAY[r], relations || ARRAY(SELECT relation FROM pgduplex_ddl.tables WHERE link = of_link)) d
  ON CONFLICT (link, relation) DO UPDATE SET definition = excluded.definition, parts = excluded.parts
$$;

CREATE OR REPLACE FUNCTION pgduplex_ddl.is_published(of_publication text, of_relation oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT EXISTS (SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
                  WHERE p.pubname = of_publication AND r.prrelid = of_relation)
$$;

-- A table that came into being: part of the publication, and with whole rows where no statement of the application's fails for
-- it. The publication's owner could do the same, were he asked.
CREATE OR REPLACE FUNCTION pgduplex_ddl.take_up(of_link pgduplex_ddl.links, of_relation oid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF of_link.publication NOT LIKE 'pgduplex\_%' OR NOT (SELECT pg_has_role(p.pubowner, c.relowner, 'USAGE') FROM pg_publication p, pg_class c
           WHERE p.pubname = of_link.publication AND c.oid = of_relation) THEN
    RAISE EXCEPTION 'the role of the source connector is no member of the role that owns %', of_relation::regclass;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_partition_ancestors(of_relation) a
                  WHERE a.relid <> of_relation AND pgduplex_ddl.is_published(of_link.publication, a.relid))
     OR (SELECT pgduplex_ddl.is_selected(of_link, n.nspname, c.relname)
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = of_relation) THEN
    EXECUTE format('ALTER PUBLICATION %I ADD TABLE ONLY %s', of_link.publication, of_relation::regclass);
  END IF;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = of_relation AND c.relkind = 'r' AND c.relreplident = 'd')
     AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = of_relation AND a.attgenerated <> '' AND NOT a.attisdropped) THEN
    EXECUTE format('ALTER TABLE ONLY %s REPLICA IDENTITY FULL', of_relation::regclass);
  END IF;
END
$$;

-- PostgreSQL refuses the application's own updates and deletes of a published table with whole rows and such a column, which it
-- may have got later: its key must do then.
CREATE OR REPLACE FUNCTION pgduplex_ddl.keep_writable(of_relation oid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = of_relation AND c.relkind = 'r' AND c.relreplident = 'f')
     AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = of_relation AND a.attgenerated = 'v' AND NOT a.attisdropped)
     AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = of_relation AND i.indisprimary) THEN
    EXECUTE format('ALTER TABLE ONLY %s REPLICA IDENTITY DEFAULT', of_relation::regclass);
  END IF;
END
$$;

-- Up to PostgreSQL 15 whoever reads the WAL goes on hearing the former name of a table's schema until the table itself changes. This
-- changes nothing of it.
CREATE OR REPLACE FUNCTION pgduplex_ddl.tell_schema(of_relation oid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF current_setting('server_version_num')::int < 160000 AND EXISTS (SELECT FROM pg_class WHERE oid = of_relation AND relkind = 'r') THEN
    EXECUTE format('ALTER TABLE ONLY %s RESET (user_catalog_table)', of_relation::regclass);
  END IF;
END
$$;

-- Nothing that reads the WAL after such a statement could ever pass it, so it is the one that fails.
CREATE OR REPLACE FUNCTION pgduplex_ddl.refuse_same_names(touched oid[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  message text;
BEGIN
  SELECT format('%s has columns whose names differ only by case (%s), and pgduplex cannot tell them apart', c.oid::regclass,
                string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)) INTO message
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.oid = ANY (touched) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
     AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'pgduplex', 'pgduplex_ddl')
     AND (EXISTS (SELECT FROM pgduplex_ddl.tables s WHERE s.relation = c.oid)
          OR EXISTS (SELECT FROM pgduplex_ddl.links l WHERE pgduplex_ddl.is_selected(l, n.nspname, c.relname)))
   GROUP BY c.oid, lower(a.attname::text COLLATE pg_catalog."default") HAVING count(*) > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'PD001', MESSAGE = message, HINT = 'Give one of them another name.';
  END IF;
END
$$;

-- The log is the connector's, and these functions have an administrator's rights: they write to it only while nothing of it
-- would run with them.
CREATE OR REPLACE FUNCTION pgduplex_ddl.write(of_link text, phase text, kind text, statement text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  LOCK TABLE pgduplex.ddl_log IN ROW EXCLUSIVE MODE;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = 'pgduplex.ddl_log'::regclass
              AND (c.relkind <> 'r' OR c.relhastriggers OR c.relhasrules OR c.relrowsecurity))
     OR EXISTS (SELECT FROM pg_attrdef WHERE adrelid = 'pgduplex.ddl_log'::regclass)
     OR EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'pgduplex.ddl_log'::regclass AND contype NOT IN ('p', 'n'))
     OR EXISTS (SELECT FROM pg_index WHERE indrelid = 'pgduplex.ddl_log'::regclass AND (indexprs IS NOT NULL OR indpred IS NOT NULL))
     OR EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                 WHERE a.attrelid = 'pgduplex.ddl_log'::regclass AND t.typnamespace <> 'pg_catalog'::regnamespace) THEN
    RAISE EXCEPTION 'pgduplex.ddl_log is not as the source connector made it: drop it and restart the connector';
  END IF;
  INSERT INTO pgduplex.ddl_log (link, direction, phase, ordinal, object_kind, object_schema, object_name, statement, logged_at)
  VALUES (of_link, 'forward', phase, 0, kind, '', '', statement, clock_timestamp());
END
$$;

-- Which tables, and those above them, the statement has written anew: of all of them those where a column got other values.
CREATE OR REPLACE FUNCTION pgduplex_ddl.rewritten(retyped boolean) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = '' AS $$
  WITH RECURSIVE rewritten (relation) AS (
    SELECT split_part(x, ':', 1)::oid
      FROM unnest(string_to_array(nullif(current_setting('pgduplex.rewritten', true), ''), ',')) x
     WHERE NOT retyped OR split_part(x, ':', 2)::int & 4 <> 0
    UNION
    SELECT h.inhparent FROM rewritten r JOIN pg_inherits h ON h.inhrelid = r.relation)
  SELECT coalesce(array_agg(relation), '{}') FROM rewritten
$$;

-- The files of what the statement has written anew, before it and after it: so the other side's sink can tell it from a TRUNCATE.
CREATE OR REPLACE FUNCTION pgduplex_ddl.storage() RETURNS jsonb
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT jsonb_build_object('storage', coalesce(jsonb_agg(jsonb_build_array(
           split_part(x, ':', 3)::bigint, pg_relation_filenode(split_part(x, ':', 1)::oid)::bigint)), '[]'))
    FROM unnest(string_to_array(nullif(current_setting('pgduplex.rewritten', true), ''), ',')) x
$$;

-- Rows that a new table has already: of CREATE TABLE AS, or of one that came into the selection. As a statement for each thousand.
-- Values are written by their types' own functions: a cast may be anybody's, and would run with an administrator's rights.
CREATE OR REPLACE FUNCTION pgduplex_ddl.write_rows(of_link text, of_relation oid) RETURNS void
LANGUAGE plpgsql
SET search_path = '' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET bytea_output = 'hex'
SET extra_float_digits = 1 AS $$
DECLARE
  columns text;
  row_text text;
  head text;
  one text;
  rows text[] := '{}';
  size bigint := 0;
BEGIN
  SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum),
         string_agg(format('format(''%%L'', %I)', a.attname), ' || '', '' || ' ORDER BY a.attnum)
    INTO columns, row_text
    FROM pg_attribute a WHERE a.attrelid = of_relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
  IF columns IS NULL THEN
    RETURN;
  END IF;
  head := format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES ', of_relation::regclass, columns);
  FOR one IN EXECUTE format('SELECT %s FROM ONLY %s', row_text, of_relation::regclass) LOOP
    rows := rows || ('(' || one || ')');
    size := size + length(one);
    IF cardinality(rows) >= 1000 OR size > 1000000 THEN
      PERFORM pgduplex_ddl.write(of_link, 'change', 'rows', head || array_to_string(rows, ', '));
      rows := '{}';
      size := 0;
    END IF;
  END LOOP;
  IF cardinality(rows) > 0 THEN
    PERFORM pgduplex_ddl.write(of_link, 'change', 'rows', head || array_to_string(rows, ', '));
  END IF;
END
$$;

-- Whether a table has rows of its own.
CREATE OR REPLACE FUNCTION pgduplex_ddl.has_rows(of_relation oid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  found_one boolean := false;
BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE oid = of_relation AND relkind = 'r') THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s)', of_relation::regclass) INTO found_one;
  END IF;
  RETURN found_one;
END
$$;

-- What these definitions need of types and sequences.
CREATE OR REPLACE FUNCTION pgduplex_ddl.needs(definitions jsonb) RETURNS TABLE (key text, kind text, schema text, name text)
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
  SELECT DISTINCT e.value ->> 'key', CASE WHEN q.name = 'sequences' THEN 'sequence' WHEN e.value ->> 'is_domain' = 'true' THEN 'domain' ELSE 'type' END,
         e.value ->> 'schema', e.value ->> 'name'
    FROM jsonb_array_elements(definitions) d, (VALUES ('types'), ('sequences')) q (name), jsonb_array_elements(d.value -> q.name) e
$$;

-- Has the other side drop what it has kept of these keys, unless something of its own depends on it.
CREATE OR REPLACE FUNCTION pgduplex_ddl.drop_former(of_link text, keys text[], carried boolean) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  one pgduplex_ddl.former_needs;
BEGIN
  -- Types may consist of each other: mostly of older ones.
  FOR one IN SELECT f.* FROM pgduplex_ddl.former_needs f WHERE f.link = of_link AND f.key = ANY (keys)
              ORDER BY split_part(f.key, ':', 2)::oid DESC LOOP
    DELETE FROM pgduplex_ddl.former_needs f WHERE f.link = of_link AND f.key = one.key;
    IF carried THEN
      PERFORM pgduplex_ddl.write(of_link, 'change', one.kind, format('DO LANGUAGE plpgsql %L', format(
        'BEGIN DROP %s IF EXISTS %I.%I; EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege OR wrong_object_type THEN NULL; END',
        one.kind, one.schema, one.name)));
    END IF;
  END LOOP;
END
$$;

-- Whether what USING says of a new type can be said again elsewhere, by the functions in it, whichever of their name is meant.
CREATE OR REPLACE FUNCTION pgduplex_ddl.is_repeatable(query text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT NOT EXISTS (
    SELECT FROM regexp_matches(query, '\mtype\M([^;]*\musing\M[^;]*)', 'gi') u
     CROSS JOIN LATERAL regexp_matches(u[1], '([[:alpha:]_][[:alnum:]_$]*)"?\s*\(', 'g') f
      JOIN pg_proc p ON p.proname IN (f[1], lower(f[1])) AND p.provolatile = 'v')
$$;

CREATE OR REPLACE FUNCTION pgduplex_ddl.capture_for(of_link pgduplex_ddl.links, touched oid[], tag text, how jsonb, carried boolean)
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  created oid[];
  known oid[];
  changes jsonb;
  one oid;
BEGIN
  known := ARRAY(SELECT relation FROM pgduplex_ddl.tables WHERE link = of_link.link);
  created := ARRAY(
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY (touched) AND c.oid <> ALL (known) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'pgduplex')
       AND (pgduplex_ddl.is_selected(of_link, n.nspname, c.relname)
            OR EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a JOIN pg_class p ON p.oid = a.relid JOIN pg_namespace m ON m.oid = p.relnamespace
                        WHERE p.oid = ANY (known) OR p.oid = ANY (touched) AND pgduplex_ddl.is_selected(of_link, m.nspname, p.relname)))
     ORDER BY (SELECT count(*) FROM pg_partition_ancestors(c.oid)), c.oid);
  IF carried THEN
    FOREACH one IN ARRAY created LOOP
      PERFORM pgduplex_ddl.take_up(of_link, one);
    END LOOP;
    FOREACH one IN ARRAY touched LOOP
      IF one = ANY (known) THEN
        PERFORM pgduplex_ddl.keep_writable(one);
        -- A partition that is detached may have been published by the partitioned table only.
        IF EXISTS (SELECT FROM pgduplex_ddl.tables s JOIN pg_class c ON c.oid = s.relation
                    WHERE s.link = of_link.link AND s.relation = one AND NOT c.relispartition
                      AND s.definition #>> '{tables,0,relispartition}' = 'true')
           AND NOT pgduplex_ddl.is_published(of_link.publication, one) THEN
          PERFORM pgduplex_ddl.take_up(of_link, one);
        END IF;
        IF tag = 'ALTER SCHEMA' THEN
          PERFORM pgduplex_ddl.tell_schema(one);
        END IF;
      END IF;
    END LOOP;
  END IF;
  -- Another session may have changed one of them at the same time, where their statements let each other be: it is waited for, and
  -- seen from here on.
  PERFORM FROM pgduplex_ddl.tables s WHERE s.link = of_link.link AND s.relation = ANY (touched) ORDER BY s.relation FOR UPDATE;
  WITH seen AS (
    SELECT r AS relation, s.definition AS before,
           CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = r)
                THEN pgduplex_ddl.definition(ARRAY[r], known || created) END AS after
      FROM unnest(touched) r LEFT JOIN pgduplex_ddl.tables s ON s.link = of_link.link AND s.relation = r
     WHERE s.relation IS NOT NULL OR r = ANY (created)),
  changed AS (
    SELECT * FROM seen WHERE before IS DISTINCT FROM after OR relation = ANY (pgduplex_ddl.rewritten(true))),
  kept AS (
    INSERT INTO pgduplex_ddl.tables (link, relation, definition, parts)
    SELECT of_link.link, relation, after, pgduplex_ddl.parts(relation, after) FROM changed WHERE after IS NOT NULL
    ON CONFLICT (link, relation) DO UPDATE SET definition = excluded.definition, parts = excluded.parts),
  gone AS (
    DELETE FROM pgduplex_ddl.tables s USING changed WHERE s.link = of_link.link AND s.relation = changed.relation AND changed.after IS NULL)
  SELECT jsonb_agg(jsonb_build_object('relation', relation::bigint, 'before', before, 'after', after,
           'named', pgduplex_ddl.is_published(of_link.publication, relation),
           'rewritten', relation = ANY (pgduplex_ddl.rewritten(false)), 'retyped', relation = ANY (pgduplex_ddl.rewritten(true)),
           'hasRows', before IS NOT NULL AND after IS NOT NULL AND pgduplex_ddl.has_rows(relation)) ORDER BY relation)
    INTO changes FROM changed;
  IF changes IS NULL THEN
    RETURN;
  END IF;
  PERFORM pgduplex_ddl.drop_former(of_link.link, ARRAY(
    SELECT n.key FROM pgduplex_ddl.needs(jsonb_path_query_array(changes, '$[*].after ? (@ != null)')) n), carried);
  INSERT INTO pgduplex_ddl.former_needs (link, key, kind, schema, name)
  SELECT of_link.link, n.* FROM pgduplex_ddl.needs(jsonb_path_query_array(changes, '$[*].before ? (@ != null)')) n
   WHERE NOT EXISTS (SELECT FROM pgduplex_ddl.tables s WHERE s.link = of_link.link AND s.parts @> ARRAY[n.key])
  ON CONFLICT (link, key) DO UPDATE SET kind = excluded.kind, schema = excluded.schema, name = excluded.name;
  IF carried THEN
    IF tag = 'ALTER TABLE' AND NOT pgduplex_ddl.is_repeatable(
         concat_ws(';', how ->> 'query', replace(how ->> 'frames', E'"\nPL/pgSQL function ', ';'))) THEN
      how := how || '{"query": null}';
    END IF;
    PERFORM pgduplex_ddl.write(of_link.link, 'captured', tag, (how || pgduplex_ddl.storage() || jsonb_build_object('changes', changes))::text);
    FOREACH one IN ARRAY created LOOP
      IF pgduplex_ddl.has_rows(one) THEN
        PERFORM pgduplex_ddl.write_rows(of_link.link, one);
      END IF;
    END LOOP;
  END IF;
END
$$;

-- Whether labels of enums have got other names, or composite types other attributes.
CREATE OR REPLACE FUNCTION pgduplex_ddl.changes_values(keys text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM pgduplex_ddl.tables s CROSS JOIN LATERAL jsonb_array_elements(s.definition -> 'types') d
      JOIN pg_type t ON 'type:' || t.oid = d ->> 'key'
     WHERE s.parts && keys AND d ->> 'key' = ANY (keys) AND CASE t.typtype
       WHEN 'c' THEN ARRAY(SELECT (p ->> 0)::int FROM jsonb_array_elements(coalesce(d ->> 'raw', '[]')::jsonb) p ORDER BY 1)
                  <> ARRAY(SELECT a.attnum::int FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                            ORDER BY 1)
       WHEN 'e' THEN EXISTS (SELECT FROM jsonb_array_elements((d ->> 'raw')::jsonb) p JOIN pg_enum e ON e.oid = (p ->> 0)::oid
                              WHERE e.enumlabel <> p ->> 1) END)
$$;

-- Changing a type or a schema's name waits for nobody who writes to the tables. Their rows would come after the change in the WAL's
-- order of commits, as they were before it, or under a name that is another table's by then.
CREATE OR REPLACE FUNCTION pgduplex_ddl.await_writers(relations oid[], lock_mode text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  one regclass;
BEGIN
  FOR one IN SELECT c.oid FROM pg_class c WHERE c.oid = ANY (relations) AND c.relkind IN ('r', 'p') ORDER BY c.oid LOOP
    EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', one, lock_mode);
  END LOOP;
END
$$;

-- Those of the tables that have another schema's name than they had, or have come into a selection by it.
CREATE OR REPLACE FUNCTION pgduplex_ddl.in_renamed_schema(touched oid[]) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT ARRAY(
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY (touched)
       AND (EXISTS (SELECT FROM pgduplex_ddl.tables s WHERE s.relation = c.oid AND s.definition #>> '{tables,0,schema}' <> n.nspname)
            OR NOT EXISTS (SELECT FROM pgduplex_ddl.tables s WHERE s.relation = c.oid)
               AND EXISTS (SELECT FROM pgduplex_ddl.links l WHERE pgduplex_ddl.is_selected(l, n.nspname, c.relname))))
$$;

CREATE OR REPLACE FUNCTION pgduplex_ddl.capture(event text, tag text, how jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  carried boolean := current_setting('session_replication_role') <> 'replica';
  keys text[];
  touched oid[];
  one pgduplex_ddl.links;
BEGIN
  IF current_setting('pgduplex.capturing', true) = 'yes' OR NOT EXISTS (SELECT FROM pgduplex_ddl.links) THEN
    RETURN;
  END IF;
  IF event = 'sql_drop' THEN
    SELECT array_agg(k.key) INTO keys
      FROM pg_event_trigger_dropped_objects() d CROSS JOIN LATERAL (
        SELECT CASE d.classid
          WHEN 'pg_class'::regclass THEN CASE WHEN d.object_type LIKE 'composite type %' THEN
                                                'type:' || (SELECT t.oid FROM pg_type t WHERE t.typrelid = d.objid) ELSE
                                         CASE WHEN d.object_type = 'index' THEN 'index:' WHEN d.object_type = 'sequence' THEN 'sequence:'
                                              ELSE 'table:' END || d.objid END
          WHEN 'pg_constraint'::regclass THEN 'constraint:' || d.objid
          WHEN 'pg_type'::regclass THEN 'type:' || d.objid
          WHEN 'pg_statistic_ext'::regclass THEN 'statistics object:' || d.objid
          -- A column, a trigger and so on say which table; a schema, an extension and so on have one name only.
          ELSE CASE WHEN cardinality(d.address_names) > 1
                    THEN 'table:' || to_regclass(format('%I.%I', d.address_names[1], d.address_names[2]))::oid END END) k (key)
     WHERE k.key IS NOT NULL AND NOT d.is_temporary;
  ELSE
    SELECT array_agg(k.key) INTO keys
      FROM pg_event_trigger_ddl_commands() d
      LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
      LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
      LEFT JOIN pg_statistic_ext s ON d.classid = 'pg_statistic_ext'::regclass AND s.oid = d.objid
      LEFT JOIN pg_depend p ON d.object_type = 'sequence' AND p.classid = 'pg_class'::regclass AND p.objid = d.objid
            AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i')
      CROSS JOIN LATERAL (VALUES
        ('table:' || CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid END),
        ('table:' || i.indrelid), ('table:' || c.conrelid), ('table:' || s.stxrelid), ('table:' || p.refobjid),
        (CASE WHEN d.classid = 'pg_type'::regclass THEN 'type:' || d.objid END),
        ('type:' || nullif(c.contypid, 0)),
        (CASE WHEN d.object_type = 'sequence' THEN 'sequence:' || d.objid END),
        (CASE WHEN d.object_type LIKE 'composite type%'
              THEN 'type:' || (SELECT t.oid FROM pg_type t WHERE t.typrelid = d.objid) END),
        (CASE WHEN d.classid = 'pg_namespace'::regclass THEN 'schema:' || d.objid END),
        (CASE WHEN d.classid = 'pg_collation'::regclass THEN 'collation:' || d.objid END)) k (key)
     WHERE k.key IS NOT NULL AND d.schema_name IS DISTINCT FROM 'pg_temp' AND NOT d.in_extension;
  END IF;
  IF keys IS NULL THEN
    RETURN;
  END IF;
  IF tag = 'ALTER SCHEMA' THEN
    keys := keys || ARRAY(SELECT 'table:' || c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND 'schema:' || c.relnamespace = ANY (keys));
  END IF;
  WITH RECURSIVE touched_by (relation) AS (
    SELECT substr(k, 7)::oid FROM unnest(keys) k WHERE k LIKE 'table:%'
    UNION
    SELECT s.relation FROM pgduplex_ddl.tables s WHERE s.parts && keys
    UNION
    -- Up to PostgreSQL 16 REINDEX … CONCURRENTLY gives an index another number, and triggers nothing.
    SELECT s.relation FROM pgduplex_ddl.tables s CROSS JOIN LATERAL unnest(s.parts) p
     WHERE event = 'sql_drop' AND current_setting('server_version_num')::int < 170000
       AND EXISTS (SELECT FROM unnest(keys) k WHERE k LIKE 'index:%' AND NOT EXISTS (SELECT FROM pgduplex_ddl.tables x WHERE x.parts @> ARRAY[k]))
       AND p LIKE 'index:%' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = substr(p, 7)::oid)
    UNION
    SELECT x.relation FROM touched_by t CROSS JOIN LATERAL (
      SELECT h.inhrelid AS relation FROM pg_inherits h WHERE h.inhparent = t.relation
      UNION
      SELECT s.relation FROM pgduplex_ddl.tables s WHERE s.parts @> ARRAY['child of:' || t.relation]) x)
  -- What has been written anew is looked at once, when the statement ends.
  SELECT array_agg(DISTINCT relation) INTO touched FROM touched_by
   WHERE event <> 'sql_drop' OR relation <> ALL (pgduplex_ddl.rewritten(false));
  IF touched IS NULL AND event <> 'sql_drop' THEN
    RETURN;
  END IF;
  PERFORM pgduplex_ddl.refuse_same_names(touched);
  IF tag = 'ALTER TYPE' AND pgduplex_ddl.changes_values(keys) THEN
    PERFORM pgduplex_ddl.await_writers(ARRAY(SELECT s.relation FROM pgduplex_ddl.tables s WHERE s.relation = ANY (touched)), 'SHARE');
  ELSIF tag = 'ALTER SCHEMA' THEN
    PERFORM pgduplex_ddl.await_writers(pgduplex_ddl.in_renamed_schema(touched), 'ACCESS EXCLUSIVE');
  END IF;
  PERFORM set_config('pgduplex.capturing', 'yes', true);
  FOR one IN SELECT * FROM pgduplex_ddl.links ORDER BY link LOOP
    IF touched IS NOT NULL THEN
      PERFORM pgduplex_ddl.capture_for(one, touched, tag, how, carried);
    END IF;
    IF event = 'sql_drop' THEN
      PERFORM pgduplex_ddl.drop_former(one.link, keys, carried);
    END IF;
  END LOOP;
  PERFORM set_config('pgduplex.capturing', 'no', true);
END
$$;

-- For what went wrong. Nobody's statement fails for it: without its log a link is broken anyway.
CREATE OR REPLACE FUNCTION pgduplex_ddl.report(tag text, message text) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  one pgduplex_ddl.links;
BEGIN
  FOR one IN SELECT * FROM pgduplex_ddl.links LOOP
    PERFORM pgduplex_ddl.write(one.link, 'unsupported', tag, format('%s (in %s)', message, current_query()));
  END LOOP;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'pgduplex does not follow this statement: %, and %', message, sqlerrm;
END
$$;

-- The caller's search_path is read before it is set aside, so it is no setting of this function.
CREATE OR REPLACE FUNCTION pgduplex_ddl.capture_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  path text := pg_catalog.current_setting('search_path');
  frames text;
BEGIN
  GET DIAGNOSTICS frames = PG_CONTEXT;
  PERFORM pg_catalog.set_config('search_path', '', true);
  IF tg_event = 'table_rewrite' THEN
    PERFORM set_config('pgduplex.rewritten', concat_ws(',', nullif(current_setting('pgduplex.rewritten', true), ''),
      format('%s:%s:%s', pg_event_trigger_table_rewrite_oid(), pg_event_trigger_table_rewrite_reason(),
        pg_relation_filenode(pg_event_trigger_table_rewrite_oid()))), true);
  ELSE
    BEGIN
      PERFORM pgduplex_ddl.capture(tg_event, tg_tag, jsonb_build_object(
        'query', current_query(), 'frames', frames,
        'settings', jsonb_build_object('search_path', path, 'TimeZone', current_setting('TimeZone'), 'DateStyle', current_setting('DateStyle'),
          'IntervalStyle', current_setting('IntervalStyle'), 'lc_monetary', current_setting('lc_monetary'))));
    EXCEPTION
      WHEN SQLSTATE 'PD001' OR deadlock_detected OR lock_not_available OR serialization_failure THEN
        RAISE;
      WHEN OTHERS THEN
        PERFORM pgduplex_ddl.report(tg_tag, sqlerrm);
    END;
    IF tg_event = 'ddl_command_end' THEN
      PERFORM set_config('pgduplex.rewritten', '', true);
    END IF;
  END IF;
  PERFORM set_config('search_path', path, true);
END
$$;

-- What nobody calls but these functions themselves; and what the source connector does.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pgduplex_ddl FROM PUBLIC;

CREATE OR REPLACE FUNCTION pgduplex_ddl.version() RETURNS text LANGUAGE sql AS $$ SELECT '3a132c11ff598e5d' $$;

-- Always: also in a replica's session, which is not followed, what it leaves is known. And at once: no statement comes between.
BEGIN;
DROP EVENT TRIGGER IF EXISTS pgduplex_ddl;
CREATE EVENT TRIGGER pgduplex_ddl ON ddl_command_end EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_ddl ENABLE ALWAYS;
DROP EVENT TRIGGER IF EXISTS pgduplex_drop;
CREATE EVENT TRIGGER pgduplex_drop ON sql_drop EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_drop ENABLE ALWAYS;
DROP EVENT TRIGGER IF EXISTS pgduplex_rewrite;
CREATE EVENT TRIGGER pgduplex_rewrite ON table_rewrite EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_rewrite ENABLE ALWAYS;
COMMIT;

GRANT USAGE ON SCHEMA pgduplex_ddl TO pgduplex;
GRANT SELECT, INSERT, UPDATE, DELETE ON pgduplex_ddl.links, pgduplex_ddl.tables, pgduplex_ddl.former_needs TO pgduplex;
GRANT EXECUTE ON FUNCTION
  pgduplex_ddl.definition(oid[], oid[]), pgduplex_ddl.parts(oid, jsonb), pgduplex_ddl.note_definitions(text, oid[]),
  pgduplex_ddl.is_selected(pgduplex_ddl.links, text, text), pgduplex_ddl.version()
  TO pgduplex;
