package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns, for CREATE TABLE, and what of them ALTER TABLE sets afterwards. */
final class Columns {

  /**
   * A partition's identity is its partitioned table's, from PostgreSQL 17 on: a column has one of its own if it has a
   * sequence of its own. Constraints for NOT NULL are in pg_constraint from PostgreSQL 18 on.
   */
  private static final Query COLUMNS =
      Query.of("columns", """
      SELECT a.attrelid, a.attnum, a.attname, a.attislocal OR c.relispartition AS local, a.attinhcount,
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
""" + Sequences.OPTIONS + """
       || ')'
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
       WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attrelid, a.attnum""", Of.TABLES);

  /** After all tables are there, lest those that inherit begin with what their parents have by then. */
  private static final Query SETTINGS = Query.of("settings of columns", """
      SELECT n.nspname AS schema, c.relname AS name,
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
       WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped AND x.setting IS NOT NULL
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum, x.kind COLLATE "C\"""", Of.TABLES);

  static final List<Query> QUERIES = List.of(COLUMNS, SETTINGS);

  private Columns() {}

  /**
   * One column.
   *
   * @param number its number, which it keeps
   * @param name quoted
   * @param local whether the table would have it without what it inherits from
   * @param inherited whether it comes from what the table inherits from, or is a partition of
   * @param type with its collation, where that is not the type's
   * @param rawType the same without names
   * @param value its default, expression or identity, as a clause that begins with a blank; or empty
   * @param rawValue the same without names
   * @param missing what rows have that are older than the column; null where they have what they have
   * @param generated whether {@code value} is an expression
   * @param notNull {@code NOT NULL}, with {@code CONSTRAINT} and a name if it has one; or empty
   * @param notNullPending whether it has such a constraint that is not valid
   * @param notNullNoInherit whether those that inherit do not inherit this
   * @param notNullLocal whether the table would have it without what it inherits from, but may be a partition of
   * @param notNullOwn whether the table would have it without either, as far as the server knows
   */
  record Column(
      int number,
      String name,
      boolean local,
      boolean inherited,
      String type,
      String rawType,
      String value,
      String rawValue,
      @Nullable String missing,
      boolean generated,
      String notNull,
      boolean notNullPending,
      boolean notNullNoInherit,
      boolean notNullLocal,
      boolean notNullOwn) {

    String unquotedName() {
      return name.substring(1, name.length() - 1).replace("\"\"", "\"");
    }

    /** As a column of CREATE TABLE, for a table that inherits nothing yet. */
    String definition() {
      return name + ' ' + type + options();
    }

    /** The same with another value. */
    String definition(String otherValue) {
      return name + ' ' + type + withNotNull(otherValue);
    }

    /** As a column of CREATE TABLE, for a table that inherits. */
    String definitionWhereInherited() {
      return notNullLocal ? definition() : name + ' ' + type + value;
    }

    /** Value and NOT NULL. */
    String options() {
      return withNotNull(value);
    }

    private String withNotNull(String value) {
      return notNull.isEmpty()
          ? value
          : value + ' ' + notNull + (notNullNoInherit ? " NO INHERIT" : "");
    }

    /** Whether NOT NULL is a constraint of the table's own, with a name. */
    boolean hasOwnNotNull() {
      return notNullLocal && notNull.startsWith("CONSTRAINT");
    }

    /** Whether it has a plain default, which is all of {@code value} that a column inherits and may change. */
    boolean hasDefault() {
      return value.startsWith(" DEFAULT");
    }

    /** Of the constraint for NOT NULL, quoted; empty where it has none. */
    String notNullName() {
      return notNull.startsWith("CONSTRAINT ")
          ? notNull.substring("CONSTRAINT ".length(), notNull.length() - " NOT NULL".length())
          : "";
    }

    boolean isIdentity() {
      return !value.isEmpty() && !generated && !hasDefault();
    }

    /** A NOT NULL of the table's own for a column that it inherits, if it has a name. */
    String notNullOfInherited() {
      return notNull + ' ' + name + (notNullNoInherit ? " NO INHERIT" : "");
    }
  }

  /** By the oid of the table, in order. */
  static Map<Long, List<Column>> read(Catalog catalog, Scope scope) throws SQLException {
    Map<Long, List<Column>> columns = new HashMap<>();
    catalog.rows(
        COLUMNS,
        row -> columns
            .computeIfAbsent(row.number("attrelid"), unused -> new ArrayList<>())
            .add(new Column(
                (int) row.number("attnum"),
                Identifiers.quote(row.text("attname")),
                row.flag("local"),
                row.number("attinhcount") > 0,
                row.text("type"),
                row.text("raw_type"),
                row.text("value"),
                row.text("raw_value"),
                row.nullable("missing"),
                row.flag("generated"),
                row.text("not_null"),
                row.flag("not_null_pending"),
                row.flag("not_null_no_inherit"),
                row.flag("not_null_local"),
                row.flag("not_null_own"))),
        scope.oids());
    return columns;
  }

  static List<Piece> settings(Catalog catalog, Scope scope) throws SQLException {
    return catalog.pieces(Phase.BEFORE_ROWS, "table", SETTINGS, scope.oids());
  }
}
