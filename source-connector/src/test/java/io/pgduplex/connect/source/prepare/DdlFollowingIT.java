package io.pgduplex.connect.source.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.source.options.Selection;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.schema.DdlCapture;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements are followed from a start on, while others make and drop tables. */
class DdlFollowingIT {

  private static final String PATTERN = "public\\..*";

  private static Stack stack;
  private static Connection connection;

  @BeforeAll
  static void startServer() throws SQLException {
    stack = Stack.builder().postgresA(PostgresSettings.major(18)).start();
    stack.a().createDatabase("followed");
    connection = stack.a().connect("followed");
    PgduplexObjects.create(connection);
    execute("CREATE ROLE pgduplex");
    execute(DdlCapture.script());
    execute("CREATE TABLE stays (id int PRIMARY KEY)");
  }

  @AfterAll
  static void stopServer() throws SQLException {
    connection.close();
    stack.close();
  }

  @Test
  void tablesThatGoAndComeMeanwhileAreNoDifferenceOfTheSelection() throws SQLException {
    execute("CREATE TABLE goes (id int PRIMARY KEY)");
    DdlFollowing following = new DdlFollowing(connection, settings());
    List<Table> before = SelectedTables.read(connection, Selection.of(null, PATTERN), Set.of());
    following.register();
    execute("DROP TABLE goes; CREATE TABLE comes (id int PRIMARY KEY)");
    following.follow(before);
    assertThat(followed()).contains("stays").doesNotContain("goes");
  }

  @Test
  void aTableThatGoesMeanwhileHasNoRows() throws SQLException {
    execute("CREATE TABLE counted (id int PRIMARY KEY)");
    List<Table> before = SelectedTables.read(connection, Selection.of(null, PATTERN), Set.of());
    execute("DROP TABLE counted");
    assertThat(SelectedTables.estimatedRows(connection, before)).isZero();
  }

  private static Settings settings() {
    return Settings.of(Map.of(
        "link.name", "orders",
        "link.direction", "forward",
        "database.hostname", "db.example",
        "database.user", "pgduplex",
        "database.password", "secret",
        "database.dbname", "followed",
        "table.include.list", PATTERN));
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private static List<String> followed() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT array_agg(c.relname::text) FROM pgduplex_ddl.tables t JOIN pg_class c ON c.oid = t.relation")) {
      row.next();
      return List.of((String[]) row.getArray(1).getArray());
    }
  }
}
