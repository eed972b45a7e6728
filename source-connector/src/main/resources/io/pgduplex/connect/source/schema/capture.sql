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
