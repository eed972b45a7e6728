package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Constraints, but for a valid NOT NULL, which comes with its column. */
final class Constraints {

  /** What is like it begins with whether it is valid, which is all that a statement of its own changes. */
  private static final String PIECE = """
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
      """;

  private static final String FROM = """
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_class x ON x.oid = k.conindid LEFT JOIN pg_namespace xn ON xn.oid = x.relnamespace
        LEFT JOIN pg_constraint p ON p.oid = k.conparentid
        LEFT JOIN pg_class rc ON rc.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
       WHERE k.conrelid = ANY (?)
      """;

  private static final String ORDER = """
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", k.contype, k.conname COLLATE "C\"""";

  /** With an index of its own: each partition gets its own, and the indexes are attached to each other. */
  private static final String INDEXED = """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
      """ + PIECE + FROM;

  private static final String INDEX_OPTIONS = """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER INDEX %I.%I SET (%s)', xn.nspname, x.relname,
               (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(x.reloptions) o)) AS sql,
             'index options:' || x.oid AS key, x.reloptions::text AS raw, '' AS part, 'constraint:' || k.oid AS of,
             format('ALTER INDEX %I.%I RESET (%s)', xn.nspname, x.relname,
               (SELECT string_agg(format('%I', o.option_name), ', ') FROM pg_options_to_table(x.reloptions) o)) AS undo
      """ + FROM + " AND x.reloptions IS NOT NULL\n";

  private static final String KEYS = " AND k.contype IN ('p', 'u')\n";

  private static final String EXCLUSIONS = " AND k.contype = 'x'\n";

  private static final Query KEY = Query.of("keys", INDEXED + KEYS + ORDER, Of.TABLES);

  private static final Query KEY_OPTIONS =
      Query.of("options of keys", INDEX_OPTIONS + KEYS + ORDER, Of.TABLES);

  private static final Query EXCLUSION =
      Query.of("exclusion constraints", INDEXED + EXCLUSIONS + ORDER, Of.TABLES);

  private static final Query EXCLUSION_OPTIONS =
      Query.of("options of exclusion constraints", INDEX_OPTIONS + EXCLUSIONS + ORDER, Of.TABLES);

  /** Without ONLY, so that what inherits the table or is a partition of it gets them as inherited ones. */
  private static final Query CHECKS =
      Query.of("checks", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
      """ + PIECE + FROM + """
         AND k.conislocal AND (k.contype = 'c' OR k.contype = 'n' AND NOT k.convalidated)
      """ + ORDER, Of.TABLES);

  /** A table that came after a constraint that is not valid has inherited one that is. */
  private static final Query VALIDATE =
      Query.of("valid of not valid", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname) AS sql,
             'valid:' || k.oid AS key, '' AS raw, '' AS part, 'constraint:' || k.oid AS of, '' AS undo
      """ + FROM + """
         AND k.contype IN ('c', 'n') AND k.convalidated AND k.coninhcount > 0 AND EXISTS (
               SELECT FROM pg_constraint q
                WHERE q.conrelid = ANY (?) AND q.contype = k.contype AND q.conname = k.conname AND NOT q.convalidated)
      """ + ORDER, Of.TABLES, Of.SELECTED);

  /**
   * A partitioned table's foreign key makes those of its partitions, or takes them over if they are there; so those with
   * other names than it would give them come first. Not those that stand for the partitions of the referenced table.
   */
  private static final Query FOREIGN_KEYS =
      Query.of("foreign keys", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,
                    n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
      """ + PIECE + FROM + """
         AND k.contype = 'f' AND k.confrelid = ANY (?)
         AND (k.conparentid = 0 OR p.conrelid <> k.conrelid AND p.conname <> k.conname)
       ORDER BY k.conparentid = 0, c.relkind = 'p', n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C\"""", Of.TABLES, Of.SELECTED);

  private static final Query DANGLING =
      Query.of("dangling", """
      SELECT n.nspname AS schema, c.relname AS name, k.conname AS part,
             format('it references %s.%s, which is not selected', rn.nspname, rc.relname) AS why
      """ + FROM + """
         AND k.contype = 'f' AND k.confrelid <> ALL (?) AND k.conparentid = 0
      """ + ORDER, Of.TABLES, Of.SELECTED);

  /** Those too that are not made by a statement of their own. */
  private static final Query ALL = Query.of(
      "all constraints",
      "SELECT 'constraint:' || k.oid AS key FROM pg_constraint k WHERE k.conrelid = ANY (?)",
      Of.TABLES);

  /** What a partition must have before it is attached, and has by itself if it is made as a partition. */
  private static final Query OF_PARTITIONED =
      Query.of("checks of partitioned tables", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql,
      """ + PIECE + FROM + """
         AND NOT k.conislocal AND k.contype = 'c' AND c.relispartition
      """ + ORDER, Of.TABLES);

  static final List<Query> QUERIES = List.of(
      ALL,
      OF_PARTITIONED,
      KEY,
      KEY_OPTIONS,
      EXCLUSION,
      EXCLUSION_OPTIONS,
      CHECKS,
      VALIDATE,
      FOREIGN_KEYS,
      DANGLING);

  private Constraints() {}

  /** Primary keys and unique constraints. */
  static List<Piece> keys(Catalog catalog, Scope scope) throws SQLException {
    return indexed(catalog, scope, Phase.BEFORE_ROWS, KEY, KEY_OPTIONS);
  }

  static List<Piece> exclusions(Catalog catalog, Scope scope) throws SQLException {
    return indexed(catalog, scope, Phase.AFTER_ROWS, EXCLUSION, EXCLUSION_OPTIONS);
  }

  private static List<Piece> indexed(
      Catalog catalog, Scope scope, Phase phase, Query constraints, Query options)
      throws SQLException {
    List<Piece> pieces = new ArrayList<>();
    pieces.addAll(catalog.pieces(phase, "constraint", constraints, scope.oids()));
    pieces.addAll(catalog.pieces(phase, "index", options, scope.oids()));
    return pieces;
  }

  static List<Piece> checks(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = catalog.pieces(Phase.AFTER_ROWS, "constraint", CHECKS, scope.oids());
    pieces.addAll(catalog.pieces(Phase.AFTER_ROWS, "constraint", VALIDATE, scope.oids()));
    return pieces;
  }

  /** Once all keys are there. */
  static List<Piece> foreignKeys(Catalog catalog, Scope scope) throws SQLException {
    return catalog.pieces(Phase.AFTER_ROWS, "constraint", FOREIGN_KEYS, scope.oids());
  }

  static List<String> keysOfAll(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(ALL, row -> row.text("key"), scope.oids());
  }

  static List<Piece> ofPartitioned(Catalog catalog, Scope scope) throws SQLException {
    return catalog.pieces(Phase.AFTER_ROWS, "constraint", OF_PARTITIONED, scope.oids());
  }

  static List<LeftOut> dangling(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        DANGLING,
        row -> new LeftOut(
            new TableName(row.text("schema"), row.text("name")),
            "foreign key",
            row.text("part"),
            row.text("why")),
        scope.oids());
  }
}
