package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Enums, composite types, ranges, domains, and the collations that they or columns have. */
final class Types {

  private static final Query COLLATIONS = Query.of("collations", """
      SELECT n.nspname AS schema, c.collname AS name,
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
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C\"""", Of.COLLATIONS);

  private static final Query CREATE = Query.of("types", """
      SELECT t.oid, t.typtype = 'd' AS is_domain, n.nspname AS schema, t.typname AS name,
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
       WHERE t.oid = ANY (?)""", Of.TYPES);

  /** Values that were there before the constraint may break it. */
  private static final Query NOT_VALID =
      Query.of("constraints of domains not valid", """
      SELECT n.nspname AS schema, t.typname AS name,
             format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
             'constraint of domain:' || k.oid AS key, '' AS raw, '' AS part, 'type:' || t.oid AS of, '' AS undo
        FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE k.contypid = ANY (?) AND k.contype = 'c' AND NOT k.convalidated
       ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", k.conname COLLATE "C\"""", Of.TYPES);

  static final List<Query> QUERIES = List.of(COLLATIONS, CREATE, NOT_VALID);

  private Types() {}

  static List<Piece> collations(Catalog catalog, Scope scope) throws SQLException {
    return catalog.pieces(Phase.BEFORE_ROWS, "collation", COLLATIONS, scope.oids());
  }

  /** By oid: their order is not for this class to know. */
  static Map<Long, Piece> create(Catalog catalog, Scope scope) throws SQLException {
    Map<Long, Piece> pieces = new HashMap<>();
    catalog.rows(
        CREATE,
        row -> pieces.put(
            row.number("oid"),
            Piece.read(Phase.BEFORE_ROWS, row.flag("is_domain") ? "domain" : "type", row)),
        scope.oids());
    return pieces;
  }

  static List<Piece> notValid(Catalog catalog, Scope scope) throws SQLException {
    return catalog.pieces(Phase.AFTER_ROWS, "domain", NOT_VALID, scope.oids());
  }
}
