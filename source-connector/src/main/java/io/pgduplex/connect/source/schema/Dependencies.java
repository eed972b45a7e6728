package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Follows pg_depend from tables, and from types, to what they cannot be made without. */
final class Dependencies {

  /**
   * Objects that came with the server are everywhere, and have oids below 16384. An extension's objects lead to the
   * extension and no further. A foreign key leads to no other table; what a table inherits from does, a column of its
   * row type, and a default that names it.
   */
  private static final String WALK = """
      WITH RECURSIVE walk (root, classid, objid) AS (
        SELECT * FROM (
          SELECT oid, 'pg_class'::regclass::oid, oid FROM unnest(?) t (oid)
          UNION ALL
          SELECT adrelid, 'pg_attrdef'::regclass, oid FROM pg_attrdef WHERE adrelid = ANY (?)
          UNION ALL
          SELECT conrelid, 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = ANY (?)
          UNION ALL
          SELECT indrelid, 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = ANY (?)
          UNION ALL
          SELECT stxrelid, 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxrelid = ANY (?)
          UNION ALL
          SELECT oid, 'pg_type'::regclass, oid FROM unnest(?) t (oid)) start
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
       ORDER BY i.type, i.identity, w.root""";

  static final Query OF_TABLES = walk("needs of tables");

  static final Query OF_TYPES = walk("needs of types");

  private Dependencies() {}

  /** What is done about an object that is needed. */
  enum Category {
    TABLE,
    TYPE,
    COLLATION,
    SEQUENCE,
    NEED
  }

  /**
   * A table or type, and one object that it needs, itself included.
   *
   * @param root oid of the table or type
   * @param oid of the object
   */
  record Reached(
      long root, long oid, Category category, String type, TableName name, String identity) {

    private static Reached of(Catalog.Row row) throws SQLException {
      return new Reached(
          row.number("root"),
          row.number("objid"),
          Category.valueOf(row.text("category")),
          row.text("type"),
          new TableName(row.text("schema"), row.text("name")),
          row.text("identity"));
    }
  }

  private static Query walk(String name) {
    return Query.of(name, WALK, Of.TABLES, Of.TABLES, Of.TABLES, Of.TABLES, Of.TABLES, Of.TYPES);
  }

  static List<Reached> ofTables(Catalog catalog, Set<Long> tables) throws SQLException {
    return catalog.rows(OF_TABLES, Reached::of, Oids.ofTables(tables));
  }

  static List<Reached> ofTypes(Catalog catalog, Set<Long> types) throws SQLException {
    return catalog.rows(OF_TYPES, Reached::of, Oids.ofTypes(types));
  }
}
