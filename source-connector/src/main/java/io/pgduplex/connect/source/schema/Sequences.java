package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/** Sequences, but for those of identity columns that are made: they come with their columns. */
final class Sequences {

  /** How a sequence counts; without its name, as CREATE SEQUENCE and identity columns have it. */
  static final String OPTIONS = """
      format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
             s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)""";

  private static final String CREATE = """
      SELECT n.nspname, c.relname,
             format('CREATE %sSEQUENCE %I.%I AS %s ', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                    n.nspname, c.relname, format_type(s.seqtypid, NULL)) ||
""" + OPTIONS + """

        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = ANY (?)
         AND NOT EXISTS (SELECT FROM pg_depend d
               WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i' AND d.refobjid = ANY (?))
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  private static final String OWNED_BY = """
      SELECT tn.nspname, t.relname,
             format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname)
        FROM pg_depend d
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
         AND c.oid = ANY (?) AND t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  /** An identity column's sequence is logged as its table is, unless somebody has changed that. */
  private static final String PERSISTENCE = """
      SELECT tn.nspname, t.relname,
             format('ALTER SEQUENCE %I.%I SET %s', n.nspname, c.relname,
                    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END)
        FROM pg_depend d
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
         AND current_setting('server_version_num')::int >= 150000 AND c.relpersistence <> t.relpersistence
         AND c.oid = ANY (?) AND t.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  private Sequences() {}

  static List<SchemaStatement> create(Catalog catalog, Scope scope) throws SQLException {
    return catalog.statements(
        Phase.BEFORE_ROWS, "sequence", CREATE, scope.sequences(), scope.tables().keySet());
  }

  /** What a sequence has to do with a table that is there by then. */
  static List<SchemaStatement> attach(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements = catalog.statements(
        Phase.BEFORE_ROWS,
        "sequence",
        OWNED_BY,
        scope.sequences(),
        scope.tables().keySet());
    statements.addAll(catalog.statements(
        Phase.BEFORE_ROWS,
        "sequence",
        PERSISTENCE,
        scope.sequences(),
        scope.tables().keySet()));
    return statements;
  }
}
