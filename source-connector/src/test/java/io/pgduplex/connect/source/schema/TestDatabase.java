package io.pgduplex.connect.source.schema;

import io.pgduplex.stack.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A new database, with a superuser's session and one of a role that may make schemas and read all, and nothing else. */
final class TestDatabase implements AutoCloseable {

  private static final String ROLE = "plain";
  private static final String PASSWORD = "plain role's password";

  private final Connection superuser;
  private final Connection plain;

  private TestDatabase(Connection superuser, Connection plain) {
    this.superuser = superuser;
    this.plain = plain;
  }

  static TestDatabase create(PostgresServer server, String name) throws SQLException {
    server.createDatabase(name);
    Connection superuser = server.connect(name);
    execute(superuser, """
        DO $$
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN
            CREATE ROLE %1$s LOGIN PASSWORD '%2$s';
            GRANT pg_read_all_data TO %1$s;
          END IF;
        END
        $$;
        GRANT CREATE ON DATABASE %3$s TO %1$s;
        GRANT CREATE ON SCHEMA public TO %1$s;
        """.formatted(ROLE, PASSWORD.replace("'", "''"), name));
    Connection plain = DriverManager.getConnection(server.jdbcUrl(name), ROLE, PASSWORD);
    return new TestDatabase(superuser, plain);
  }

  Connection asSuperuser() {
    return superuser;
  }

  Connection asPlainRole() {
    return plain;
  }

  /** Runs a file of the tests' resources as superuser. */
  void script(String file) throws SQLException {
    try (InputStream script = Objects.requireNonNull(
        TestDatabase.class.getClassLoader().getResourceAsStream(file), file)) {
      execute(superuser, new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void execute(String sql) throws SQLException {
    execute(superuser, sql);
  }

  /** Runs statements as the plain role, each for itself, with no schema to look in. */
  void apply(List<SchemaStatement> statements) throws SQLException {
    execute(plain, "SET search_path = ''");
    for (SchemaStatement one : statements) {
      try {
        // Each is a transaction of its own here; a lock alone would be refused.
        execute(
            plain, one.sql().startsWith("LOCK ") ? "BEGIN;" + one.sql() + ";COMMIT" : one.sql());
      } catch (SQLException e) {
        throw new AssertionError(e.getMessage() + " in " + one, e);
      }
    }
  }

  /** All tables, but for those of a schema. */
  List<TableName> tablesBut(String schema) throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (Statement statement = superuser.createStatement();
        ResultSet row = statement.executeQuery("""
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
             ORDER BY c.oid DESC""")) {
      while (row.next()) {
        if (!row.getString(1).equals(schema)) {
          tables.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
    }
    return tables;
  }

  /** Each sequence's name, last value, and whether it was given out. */
  List<String> sequenceValues(String schemaLeftOut) throws SQLException {
    List<String> names = column("""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'S' AND n.nspname <> '%s' ORDER BY 1""".formatted(schemaLeftOut));
    List<String> values = new ArrayList<>();
    for (String name : names) {
      values.add(name + column("SELECT ROW(last_value, is_called) FROM " + name));
    }
    return values;
  }

  /** Whether there is such a row. */
  boolean has(String from) throws SQLException {
    return !column("SELECT 1 FROM " + from).isEmpty();
  }

  private List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = superuser.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    superuser.close();
    plain.close();
  }
}
