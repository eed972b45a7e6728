package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/** The schemas of all that is made. */
final class Schemas {

  private static final String OF_ALL = """
       n.nspname NOT LIKE 'pg\\_%' AND n.oid IN (
               SELECT relnamespace FROM pg_class WHERE oid = ANY (?)
               UNION ALL SELECT typnamespace FROM pg_type WHERE oid = ANY (?)
               UNION ALL SELECT relnamespace FROM pg_class WHERE oid = ANY (?)
               UNION ALL SELECT collnamespace FROM pg_collation WHERE oid = ANY (?)
               UNION ALL SELECT stxnamespace FROM pg_statistic_ext WHERE stxrelid = ANY (?))
       ORDER BY n.nspname COLLATE "C\"""";

  private static final Query CREATE = query("schemas", """
      SELECT n.nspname AS schema, '' AS name, format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS sql,
             'schema:' || n.oid AS key, '' AS raw, n.nspname AS part, '' AS of, '' AS undo
        FROM pg_namespace n
       WHERE
      """);

  /** Each database has a schema called public, with a comment; the role that makes tables is seldom its owner. */
  private static final Query COMMENT = query("schema comments", """
      SELECT n.nspname AS schema, '' AS name, format('COMMENT ON SCHEMA %I IS %L', n.nspname, d.description) AS sql,
             'comment on schema:' || n.oid AS key, d.description AS raw, '' AS part, 'schema:' || n.oid AS of,
             format('COMMENT ON SCHEMA %I IS NULL', n.nspname) AS undo
        FROM pg_namespace n
        JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
       WHERE (n.nspname, d.description) <> ('public', 'standard public schema') AND
      """);

  static final List<Query> QUERIES = List.of(CREATE, COMMENT);

  private Schemas() {}

  private static Query query(String name, String sql) {
    return Query.of(
        name, sql + OF_ALL, Of.TABLES, Of.TYPES, Of.SEQUENCES, Of.COLLATIONS, Of.TABLES);
  }

  static List<Piece> create(Catalog catalog, Scope scope) throws SQLException {
    return pieces(catalog, scope, Phase.BEFORE_ROWS, "schema", CREATE);
  }

  static List<Piece> comments(Catalog catalog, Scope scope) throws SQLException {
    return pieces(catalog, scope, Phase.AFTER_ROWS, "comment", COMMENT);
  }

  private static List<Piece> pieces(
      Catalog catalog, Scope scope, Phase phase, String kind, Query query) throws SQLException {
    return catalog.pieces(phase, kind, query, scope.oids());
  }
}
