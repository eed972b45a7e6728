package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/** Extended statistics. */
final class Statistics {

  private static final String FROM = """
        FROM pg_statistic_ext s JOIN pg_namespace sn ON sn.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE s.stxrelid = ANY (?)
      """;

  private static final String ORDER = " ORDER BY sn.nspname COLLATE \"C\", s.stxname COLLATE \"C\"";

  private static final String CREATE =
      "SELECT n.nspname, c.relname, pg_get_statisticsobjdef(s.oid)\n" + FROM + ORDER;

  private static final String TARGETS = """
      SELECT n.nspname, c.relname, format('ALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname, s.stxname, s.stxstattarget)
      """ + FROM + " AND s.stxstattarget >= 0" + ORDER;

  private Statistics() {}

  static List<SchemaStatement> create(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements = catalog.statements(
        Phase.AFTER_ROWS, "statistics object", CREATE, scope.tables().keySet());
    statements.addAll(catalog.statements(
        Phase.AFTER_ROWS, "statistics object", TARGETS, scope.tables().keySet()));
    return statements;
  }
}
