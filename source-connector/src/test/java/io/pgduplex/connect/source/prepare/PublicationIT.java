package io.pgduplex.connect.source.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.source.options.Selection;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The publication is kept while others make and rename tables. */
class PublicationIT {

  private static Stack stack;
  private static Connection connection;

  @BeforeAll
  static void startServer() throws SQLException {
    stack = Stack.builder().postgresA(PostgresSettings.major(18)).start();
    stack.a().createDatabase("published");
    connection = stack.a().connect("published");
    PgduplexObjects.create(connection);
    execute(
        "CREATE TABLE first (id int PRIMARY KEY); CREATE TABLE narrow (id int PRIMARY KEY, x int)");
    keep(new Publication(connection, "p").members(), tables());
  }

  @AfterAll
  static void stopServer() throws SQLException {
    connection.close();
    stack.close();
  }

  @Test
  void aTableThatComesInMeanwhileStays() throws SQLException {
    Optional<Map<String, Boolean>> members = new Publication(connection, "p").members();
    List<Table> tables = tables();
    execute("CREATE TABLE meanwhile (id int PRIMARY KEY); ALTER PUBLICATION p ADD TABLE meanwhile");
    execute("CREATE TABLE later (id int PRIMARY KEY)");
    keep(members, tables);
    assertThat(published()).contains("meanwhile").doesNotContain("later");
    keep(new Publication(connection, "p").members(), tables());
    assertThat(published()).contains("meanwhile", "later");
  }

  @Test
  void aTableThatIsRenamedMeanwhileIsLookedAtAgain() throws SQLException {
    execute("CREATE TABLE old_name (id int PRIMARY KEY)");
    Optional<Map<String, Boolean>> members = new Publication(connection, "p").members();
    List<Table> tables = tables();
    execute("ALTER TABLE old_name RENAME TO new_name");
    assertThatThrownBy(() -> keep(members, tables))
        .hasMessage("tables were changed while the publication was kept")
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("40001"));
    connection.rollback();
    connection.setAutoCommit(true);
    keep(new Publication(connection, "p").members(), tables());
    assertThat(published()).contains("new_name");
  }

  @Test
  void whatDoesNotBelongToItGoesAndWhatIsPartlyInItComesWhole() throws SQLException {
    execute(
        "CREATE SCHEMA other; CREATE TABLE other.t (id int); ALTER PUBLICATION p ADD TABLE other.t;"
            + " ALTER PUBLICATION p DROP TABLE narrow; ALTER PUBLICATION p ADD TABLE narrow (id) WHERE (id > 3)");
    keep(new Publication(connection, "p").members(), tables());
    assertThat(published()).contains("narrow").doesNotContain("t");
    assertThat(new Publication(connection, "p").members().orElseThrow()).doesNotContainValue(true);
  }

  private static void keep(Optional<Map<String, Boolean>> members, List<Table> tables)
      throws SQLException {
    new Publication(connection, "p").keep(tables, Direction.FORWARD, members);
  }

  private static List<Table> tables() throws SQLException {
    return SelectedTables.read(connection, Selection.of(null, "public\\..*"), Set.of());
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> published() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT array_agg(tablename::text) FROM pg_publication_tables WHERE pubname = 'p'")) {
      row.next();
      return List.of((String[]) row.getArray(1).getArray());
    }
  }
}
