package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Extended statistics. */
final class Statistics {

  private static final String FROM = """
        FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE s.stxrelid = ANY (?)
      """;

  private static final String ORDER = " ORDER BY sn.nspname COLLATE \"C\", s.stxname COLLATE \"C\"";

  private static final Query CREATE = Query.of("statistics", """
      SELECT n.nspname AS schema, c.relname AS name, pg_get_statisticsobjdef(s.oid) AS sql,
             'statistics object:' || s.oid AS key,
             format('%s %s %s %I.%I', s.stxkeys, s.stxkind, s.stxexprs, sn.nspname, s.stxname) AS raw, '' AS part, '' AS of,
             format('DROP STATISTICS IF EXISTS %I.%I', sn.nspname, s.stxname) AS undo
      """ + FROM + ORDER, Of.TABLES);

  private static final Query TARGETS =
      Query.of("statistics targets", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname, s.stxname, s.stxstattarget) AS sql,
             'statistics target:' || s.oid AS key, s.stxstattarget::text AS raw, '' AS part,
             'statistics object:' || s.oid AS of,
             format('ALTER STATISTICS %I.%I SET STATISTICS -1', sn.nspname, s.stxname) AS undo
      """ + FROM + " AND s.stxstattarget >= 0" + ORDER, Of.TABLES);

  static final List<Query> QUERIES = List.of(CREATE, TARGETS);

  private Statistics() {}

  static List<Piece> create(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = new ArrayList<>();
    for (Query query : QUERIES) {
      pieces.addAll(catalog.pieces(Phase.AFTER_ROWS, "statistics object", query, scope.oids()));
    }
    return pieces;
  }
}
