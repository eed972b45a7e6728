package io.pgduplex.connect.common.database;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gathers what a session's role will have to be allowed, and asks the catalogs for all of it at once: so one answer names
 * everything that is missing, each with the SQL that grants it.
 */
public final class Rights {

  private static final String SCHEMA = Identifiers.quote(PgduplexSchema.NAME);
  private static final String SCHEMA_OID = "(SELECT oid FROM pg_namespace WHERE nspname = "
      + Identifiers.literal(PgduplexSchema.NAME) + ")";
  private static final String MAY_CREATE = "has_database_privilege(current_database(), 'CREATE')";

  private final Connection connection;
  private final String role;
  private final String database;
  private final List<Required> required = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private record Required(String test, String action, String sql) {}

  private Rights(Connection connection, String role, String database) {
    this.connection = connection;
    this.role = role;
    this.database = database;
  }

  /** Those of the role that {@code connection} is in. */
  public static Rights of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT current_user, current_database()")) {
      row.next();
      return new Rights(
          connection, Identifiers.quote(row.getString(1)), Identifiers.quote(row.getString(2)));
    }
  }

  /** The role, quoted. */
  public String role() {
    return role;
  }

  /** The database, quoted. */
  public String database() {
    return database;
  }

  /** What is missing, each on the option that names the role. */
  public List<Problem> problems() throws SQLException {
    List<Problem> all = new ArrayList<>(problems);
    String tests = required.stream().map(Required::test).collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + tests)) {
      row.next();
      for (int i = 0; i < required.size(); i++) {
        boolean granted = row.getBoolean(i + 1) || row.wasNull();
        if (!granted) {
          all.add(problem(required.get(i).action(), required.get(i).sql()));
        }
      }
    }
    return all;
  }

  /**
   * Asks for one right.
   *
   * @param test expression over the catalogs that is false where it is missing; null means that there is no question
   * @param action what the role may not do without it
   * @param sql what an administrator runs
   */
  public void require(String test, String action, String sql) {
    required.add(new Required(test, action, sql));
  }

  /** Notes a right that is known to be missing. */
  public void lacks(String action, String sql) {
    problems.add(problem(action, sql));
  }

  private Problem problem(String action, String sql) {
    return new Problem(LinkOptions.DATABASE_USER, message(role, action, sql));
  }

  /** The same in words, for where it is an error and not a finding. */
  public static String message(String role, String action, String sql) {
    return "the role %s may not %s; run as an administrator: %s".formatted(role, action, sql);
  }

  /**
   * CREATE on the database.
   *
   * @param unless expression that is true where it is not needed
   */
  public void requireCreateOnDatabase(String unless, String action) {
    require(
        unless + " OR " + MAY_CREATE,
        action,
        "GRANT CREATE ON DATABASE " + database + " TO " + role);
  }

  /**
   * The schema pgduplex, and what is in it.
   *
   * @param objects tables and sequences that the connector makes where they are missing, with the privileges that it
   *     needs on those that are there
   */
  public void requireObjects(Map<String, List<String>> objects) {
    String inSchema = "GRANT USAGE, CREATE ON SCHEMA " + SCHEMA + " TO " + role;
    requireCreateOnDatabase(SCHEMA_OID + " IS NOT NULL", "create the schema " + SCHEMA);
    require(
        "has_schema_privilege(" + SCHEMA_OID + ", 'USAGE')", "use the schema " + SCHEMA, inSchema);
    objects.forEach((object, privileges) -> {
      String name = Identifiers.quote(PgduplexSchema.NAME, object);
      String oid = "(SELECT oid FROM pg_class WHERE relnamespace = %s AND relname = %s)"
          .formatted(SCHEMA_OID, Identifiers.literal(object));
      require(
          oid + " IS NOT NULL OR has_schema_privilege(" + SCHEMA_OID + ", 'CREATE')",
          "create " + name,
          inSchema);
      for (String privilege : privileges) {
        require(
            "has_table_privilege(%s, '%s')".formatted(oid, privilege),
            privilege + " on " + name,
            "GRANT %s ON %s TO %s".formatted(privilege, name, role));
      }
    });
  }
}
