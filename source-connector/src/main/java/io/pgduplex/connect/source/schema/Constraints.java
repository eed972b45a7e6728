package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Constraints, but for a valid NOT NULL, which comes with its column. */
final class Constraints {

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
      SELECT n.nspname, c.relname,
             format('ALTER TABLE ONLY %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      """ + FROM;

  private static final String INDEX_OPTIONS = """
      SELECT n.nspname, c.relname, format('ALTER INDEX %I.%I SET (%s)', xn.nspname, x.relname,
             (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(x.reloptions) o))
      """ + FROM + " AND x.reloptions IS NOT NULL\n";

  private static final String KEYS = " AND k.contype IN ('p', 'u')\n";

  private static final String EXCLUSIONS = " AND k.contype = 'x'\n";

  /** Without ONLY, so that what inherits the table or is a partition of it gets them as inherited ones. */
  private static final String CHECKS = """
      SELECT n.nspname, c.relname,
             format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      """ + FROM + """
         AND k.conislocal AND (k.contype = 'c' OR k.contype = 'n' AND NOT k.convalidated)
      """;

  /** A table that came after a constraint that is not valid has inherited one that is. */
  private static final String VALIDATE = """
      SELECT n.nspname, c.relname, format('ALTER TABLE ONLY %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname)
      """ + FROM + """
         AND k.contype IN ('c', 'n') AND k.convalidated AND k.coninhcount > 0 AND EXISTS (
               SELECT FROM pg_constraint q
                WHERE q.conrelid = ANY (?) AND q.contype = k.contype AND q.conname = k.conname AND NOT q.convalidated)
      """;

  /**
   * A partitioned table's foreign key makes those of its partitions, or takes them over if they are there; so those with
   * other names than it would give them come first. Not those that stand for the partitions of the referenced table.
   */
  private static final String FOREIGN_KEYS = """
      SELECT n.nspname, c.relname,
             format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END,
                    n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      """ + FROM + """
         AND k.contype = 'f' AND k.confrelid = ANY (?)
         AND (k.conparentid = 0 OR p.conrelid <> k.conrelid AND p.conname <> k.conname)
       ORDER BY k.conparentid = 0, c.relkind = 'p', n.nspname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C\"""";

  private static final String DANGLING = """
      SELECT n.nspname, c.relname, k.conname, format('it references %s.%s, which is not selected', rn.nspname, rc.relname)
      """ + FROM + """
         AND k.contype = 'f' AND k.confrelid <> ALL (?) AND k.conparentid = 0
      """ + ORDER;

  private Constraints() {}

  /** Primary keys and unique constraints. */
  static List<SchemaStatement> keys(Catalog catalog, Scope scope) throws SQLException {
    return indexed(catalog, scope, Phase.BEFORE_ROWS, KEYS);
  }

  static List<SchemaStatement> exclusions(Catalog catalog, Scope scope) throws SQLException {
    return indexed(catalog, scope, Phase.AFTER_ROWS, EXCLUSIONS);
  }

  private static List<SchemaStatement> indexed(
      Catalog catalog, Scope scope, Phase phase, String which) throws SQLException {
    List<SchemaStatement> statements = new ArrayList<>();
    statements.addAll(catalog.statements(
        phase, "constraint", INDEXED + which + ORDER, scope.tables().keySet()));
    statements.addAll(catalog.statements(
        phase, "index", INDEX_OPTIONS + which + ORDER, scope.tables().keySet()));
    return statements;
  }

  static List<SchemaStatement> checks(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements = catalog.statements(
        Phase.AFTER_ROWS, "constraint", CHECKS + ORDER, scope.tables().keySet());
    statements.addAll(catalog.statements(
        Phase.AFTER_ROWS,
        "constraint",
        VALIDATE + ORDER,
        scope.tables().keySet(),
        scope.tables().keySet()));
    return statements;
  }

  /** Once all keys are there. */
  static List<SchemaStatement> foreignKeys(Catalog catalog, Scope scope) throws SQLException {
    return catalog.statements(
        Phase.AFTER_ROWS,
        "constraint",
        FOREIGN_KEYS,
        scope.tables().keySet(),
        scope.tables().keySet());
  }

  static List<LeftOut> dangling(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        DANGLING,
        row -> new LeftOut(
            new TableName(row.getString(1), row.getString(2)),
            "foreign key",
            row.getString(3),
            row.getString(4)),
        scope.tables().keySet(),
        scope.tables().keySet());
  }
}
