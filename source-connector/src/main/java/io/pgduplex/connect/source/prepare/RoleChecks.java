package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.database.Rights;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the source's role must be allowed to do, found before the first statement that would be refused. */
final class RoleChecks {

  private static final int NAMED = 5;

  private static final String MAY_REPLICATE = """
      EXISTS (SELECT FROM pg_roles r
               WHERE (r.rolname = current_user AND (r.rolreplication OR r.rolsuper))
                  OR (r.rolname IN ('rds_replication', 'rds_superuser')
                      AND pg_has_role(current_user, r.oid, 'MEMBER')))""";

  /** A table that the publication has already needs no owner, and what is read needs no more than SELECT. */
  private static final String TABLES = """
      SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner),
             pg_has_role(c.relowner, 'USAGE')
               OR EXISTS (SELECT FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
                           WHERE p.pubname = ? AND r.prrelid = c.oid),
             has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p')""";

  private static final Set<String> OWN_TABLES = Set.of(
      PgduplexObjects.HEARTBEAT,
      PgduplexObjects.SELECTION,
      PgduplexObjects.CONTROL,
      PgduplexObjects.DDL_LOG);

  private final Connection connection;
  private final String publication;
  private final Rights rights;

  private RoleChecks(Connection connection, String publication) throws SQLException {
    this.connection = connection;
    this.publication = publication;
    this.rights = Rights.of(connection);
  }

  /** All on the option that names the role. */
  static List<Problem> problems(Connection connection, String publication, List<Table> tables)
      throws SQLException {
    RoleChecks checks = new RoleChecks(connection, publication);
    checks.replication();
    checks.objects();
    checks.publication();
    checks.tables(tables);
    return checks.rights.problems();
  }

  private void replication() {
    rights.require(MAY_REPLICATE, "replicate", "ALTER ROLE " + rights.role() + " REPLICATION");
  }

  private void objects() {
    rights.requireObjects(Map.of(
        PgduplexSchema.EPOCH_SEQUENCE, List.of("UPDATE"),
        PgduplexSchema.HEARTBEAT, List.of("SELECT", "INSERT", "UPDATE"),
        PgduplexSchema.SELECTION, List.of("SELECT", "INSERT", "UPDATE", "DELETE"),
        PgduplexSchema.DDL_LOG, List.of("SELECT", "INSERT", "DELETE")));
  }

  private void publication() {
    String of = "FROM pg_publication WHERE pubname = " + Identifiers.literal(publication);
    rights.requireCreateOnDatabase(
        "EXISTS (SELECT " + of + ")", "create the publication " + publication);
    rights.require(
        "pg_has_role((SELECT pubowner " + of + "), 'USAGE')",
        "change the publication " + publication,
        "ALTER PUBLICATION " + Identifiers.quote(publication) + " OWNER TO " + rights.role());
  }

  private void tables(List<Table> tables) throws SQLException {
    Map<String, Table> selected =
        tables.stream().collect(Collectors.toMap(Table::quoted, table -> table));
    Map<String, Set<String>> unpublished = new TreeMap<>();
    Map<String, Set<String>> unreadable = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
      statement.setString(1, publication);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = Identifiers.quote(row.getString(1), row.getString(2));
          Table table = selected.get(name);
          boolean own = OWN_TABLES.contains(name);
          if (own || (table != null && !table.belowSelected())) {
            note(unpublished, row.getString(3), name, row.getBoolean(4));
          }
          if (table != null && !table.partitioned()) {
            note(unreadable, row.getString(1), name, row.getBoolean(5));
          }
        }
      }
    }
    for (Entry<String, Set<String>> owned : unpublished.entrySet()) {
      rights.lacks(
          "publish %s, which %s owns".formatted(list(owned.getValue()), owned.getKey()),
          "GRANT " + Identifiers.quote(owned.getKey()) + " TO " + rights.role());
    }
    // Who may publish a table may read it: its owner's members can.
    if (unpublished.isEmpty()) {
      for (Entry<String, Set<String>> unread : unreadable.entrySet()) {
        rights.lacks(
            "read " + list(unread.getValue()),
            "GRANT USAGE ON SCHEMA %1$s TO %2$s; GRANT SELECT ON %3$s TO %2$s"
                .formatted(
                    Identifiers.quote(unread.getKey()),
                    rights.role(),
                    String.join(", ", unread.getValue())));
      }
    }
  }

  private static void note(
      Map<String, Set<String>> tables, String group, String name, boolean allowed) {
    if (!allowed) {
      tables.computeIfAbsent(group, any -> new TreeSet<>()).add(name);
    }
  }

  private static String list(Set<String> names) {
    String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
  }
}
