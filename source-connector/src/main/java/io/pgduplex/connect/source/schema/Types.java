package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Enums, composite types, ranges, domains, and the collations that they or columns have. */
final class Types {

  private static final String COLLATIONS = """
      SELECT n.nspname, c.collname,
             format('CREATE COLLATION %I.%I (PROVIDER = %s, %s, DETERMINISTIC = %s%s)', n.nspname, c.collname,
                    CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
                    coalesce('LOCALE = ' || quote_literal(coalesce(
                               j ->> 'colllocale', j ->> 'colliculocale',
                               CASE WHEN c.collprovider <> 'c' OR j ->> 'collcollate' = j ->> 'collctype'
                                    THEN j ->> 'collcollate' END)),
                             format('LC_COLLATE = %L, LC_CTYPE = %L', j ->> 'collcollate', j ->> 'collctype')),
                    CASE WHEN c.collisdeterministic THEN 'true' ELSE 'false' END, ', RULES = ' || quote_literal(j ->> 'collicurules'))
        FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace, to_jsonb(c) j
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C\"""";

  private static final String CREATE = """
      SELECT t.oid, t.typtype = 'd', n.nspname, t.typname,
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
             END
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        LEFT JOIN pg_type bt ON bt.oid = t.typbasetype
        LEFT JOIN pg_collation dc ON dc.oid = t.typcollation LEFT JOIN pg_namespace dcn ON dcn.oid = dc.collnamespace
        LEFT JOIN pg_range r ON r.rngtypid = t.oid
        LEFT JOIN pg_type st ON st.oid = r.rngsubtype
        LEFT JOIN pg_opclass op ON op.oid = r.rngsubopc LEFT JOIN pg_namespace opn ON opn.oid = op.opcnamespace
        LEFT JOIN pg_collation co ON co.oid = r.rngcollation LEFT JOIN pg_namespace con ON con.oid = co.collnamespace
        LEFT JOIN pg_type mt ON mt.oid = r.rngmultitypid LEFT JOIN pg_namespace mn ON mn.oid = mt.typnamespace
       WHERE t.oid = ANY (?)""";

  /** Values that were there before the constraint may break it. */
  private static final String NOT_VALID = """
      SELECT n.nspname, t.typname,
             format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE k.contypid = ANY (?) AND k.contype = 'c' AND NOT k.convalidated
       ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C", k.conname COLLATE "C\"""";

  private Types() {}

  static List<SchemaStatement> collations(Catalog catalog, Scope scope) throws SQLException {
    return catalog.statements(Phase.BEFORE_ROWS, "collation", COLLATIONS, scope.collations());
  }

  /** By oid: their order is not for this class to know. */
  static Map<Long, SchemaStatement> create(Catalog catalog, Scope scope) throws SQLException {
    Map<Long, SchemaStatement> statements = new HashMap<>();
    catalog.rows(
        CREATE,
        row -> statements.put(
            row.getLong(1),
            new SchemaStatement(
                Phase.BEFORE_ROWS,
                row.getBoolean(2) ? "domain" : "type",
                row.getString(3),
                row.getString(4),
                row.getString(5))),
        scope.types());
    return statements;
  }

  static List<SchemaStatement> notValid(Catalog catalog, Scope scope) throws SQLException {
    return catalog.statements(Phase.AFTER_ROWS, "domain", NOT_VALID, scope.types());
  }
}
