package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.List;

/** The schemas of all that is made. */
final class Schemas {

  private static final String CREATE = """
      SELECT n.nspname, '', format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname)
        FROM pg_namespace n
       WHERE n.nspname NOT LIKE 'pg\\_%' AND n.oid IN (
               SELECT relnamespace FROM pg_class WHERE oid = ANY (?)
               UNION ALL SELECT typnamespace FROM pg_type WHERE oid = ANY (?)
               UNION ALL SELECT relnamespace FROM pg_class WHERE oid = ANY (?)
               UNION ALL SELECT collnamespace FROM pg_collation WHERE oid = ANY (?)
               UNION ALL SELECT stxnamespace FROM pg_statistic_ext WHERE stxrelid = ANY (?))
       ORDER BY n.nspname COLLATE "C\"""";

  private Schemas() {}

  static List<SchemaStatement> create(Catalog catalog, Scope scope) throws SQLException {
    return catalog.statements(
        Phase.BEFORE_ROWS,
        "schema",
        CREATE,
        scope.tables().keySet(),
        scope.types(),
        scope.sequences(),
        scope.collations(),
        scope.tables().keySet());
  }
}
