package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Definitions are read while others change them. */
class SourceSessionIT {

  private static Stack stack;
  private static Connection connection;
  private static Connection other;

  @BeforeAll
  static void startServer() throws SQLException {
    stack = Stack.builder().postgresA(PostgresSettings.major(18)).start();
    stack.a().createDatabase("read");
    connection = stack.a().connect("read");
    other = stack.a().connect("read");
  }

  @AfterAll
  static void stopServer() throws SQLException {
    connection.close();
    other.close();
    stack.close();
  }

  @Test
  void whatGoesMeanwhileIsWorthAnotherTry() throws SQLException {
    execute("CREATE SEQUENCE goes");
    assertThatThrownBy(() -> SourceSession.read(connection, catalog -> {
          List<String> before = names(catalog);
          execute("DROP SEQUENCE goes");
          assertThat(names(catalog)).isEqualTo(before);
          return catalog.rowsByText(
              "SELECT last_value FROM public.goes", row -> row.number("last_value"));
        }))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"))
        .hasMessage("tables were changed while their definition was read");
    assertThat(connection.getAutoCommit()).isTrue();
  }

  /** As of an index whose table is gone; when that comes cannot be told. */
  @Test
  void whatTheServerDoesNotFindIsWorthAnotherTry() throws SQLException {
    execute("CREATE FUNCTION lookup() RETURNS text LANGUAGE plpgsql AS"
        + " $$ BEGIN RAISE 'cache lookup failed' USING ERRCODE = 'XX000'; END $$");
    assertThatThrownBy(() -> SourceSession.read(
            connection,
            catalog -> catalog.rowsByText("SELECT public.lookup() AS t", row -> row.text("t"))))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"))
        .hasMessage("tables were changed while their definition was read");
  }

  private static List<String> names(LiveCatalog catalog) throws SQLException {
    return catalog.rowsByText(
        "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'S'", row -> row.text("relname"));
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }
}
