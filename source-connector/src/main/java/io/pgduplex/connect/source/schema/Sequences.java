package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/** Sequences, but for those of identity columns that are made: they come with their columns. */
final class Sequences {

  /** How a sequence counts; without its name, as CREATE SEQUENCE and identity columns have it. */
  static final String OPTIONS = """
      format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
             s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)""";

  private static final Query CREATE =
      Query.of("sequences", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('CREATE %sSEQUENCE %I.%I AS %s ', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                    n.nspname, c.relname, format_type(s.seqtypid, NULL)) ||
""" + OPTIONS + """
             AS sql,
             'sequence:' || c.oid AS key, concat_ws(' ', s.seqtypid, c.relpersistence,
""" + OPTIONS + """
             ) AS raw, format('%I', c.relname) AS part,
             coalesce((SELECT 'table:' || d.refobjid FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                          AND d.deptype = 'a'), '') AS of, '' AS undo
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = ANY (?)
         AND NOT EXISTS (SELECT FROM pg_depend d
               WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i' AND d.refobjid = ANY (?))
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.SEQUENCES, Of.SELECTED);

  private static final Query OWNED_BY =
      Query.of("owners of sequences", """
      SELECT tn.nspname AS schema, t.relname AS name,
             format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname) AS sql,
             'owner of sequence:' || c.oid AS key, t.oid || ' ' || a.attnum AS raw, '' AS part,
             format('column:%s:%s', t.oid, a.attnum) AS of,
             format('ALTER SEQUENCE IF EXISTS %I.%I OWNED BY NONE', n.nspname, c.relname) AS undo
        FROM pg_depend d
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
         AND c.oid = ANY (?) AND t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.SEQUENCES, Of.TABLES);

  /** An identity column's sequence is logged as its table is, unless somebody has changed that. */
  private static final Query PERSISTENCE =
      Query.of("persistence of sequences", """
      SELECT tn.nspname AS schema, t.relname AS name,
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
         AND c.oid = ANY (?) AND t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.SEQUENCES, Of.TABLES);

  static final List<Query> QUERIES = List.of(CREATE, OWNED_BY, PERSISTENCE);

  private Sequences() {}

  /**
   * Each side counts by itself: where this one has come to may be outside of its new bounds.
   *
   * @param alter a statement about one sequence that RESTART may follow
   */
  static String withinBounds(String alter) {
    return "DO LANGUAGE plpgsql "
        + Identifiers.literal("BEGIN " + alter + "; EXCEPTION WHEN invalid_parameter_value THEN "
                + alter + " RESTART; END")
            .strip();
  }

  static List<Piece> create(Catalog catalog, Scope scope) throws SQLException {
    return pieces(catalog, scope, CREATE);
  }

  /** What a sequence has to do with a table that is there by then. */
  static List<Piece> attach(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = pieces(catalog, scope, OWNED_BY);
    pieces.addAll(pieces(catalog, scope, PERSISTENCE));
    return pieces;
  }

  private static List<Piece> pieces(Catalog catalog, Scope scope, Query query) throws SQLException {
    return catalog.pieces(Phase.BEFORE_ROWS, "sequence", query, scope.oids());
  }
}
