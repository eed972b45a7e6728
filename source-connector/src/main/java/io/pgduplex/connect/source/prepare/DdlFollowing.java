package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import io.pgduplex.connect.source.schema.DdlCapture;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Has the database's event triggers follow the statements that change a link's tables. */
final class DdlFollowing {

  /** Its own version, and all triggers in force. */
  private static final String INSTALLED = """
      SELECT count(*) = 3 FROM pg_event_trigger
       WHERE evtname IN ('pgduplex_ddl', 'pgduplex_drop', 'pgduplex_rewrite') AND evtenabled = 'A'
         AND evtfoid IN (SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                          WHERE n.nspname = 'pgduplex_ddl' AND p.proname = 'capture_ddl')""";

  private static final String USABLE = """
      SELECT EXISTS (SELECT FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
                      WHERE n.nspname = 'pgduplex_ddl' AND p.proname = 'version' AND has_schema_privilege(n.oid, 'USAGE')
                        AND has_function_privilege(p.oid, 'EXECUTE'))""";

  /** A schema that may not be used is named later, with all else that is to be granted. */
  private static final String READABLE = """
      SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE n.nspname = '%s' AND c.relname = '%s' AND has_schema_privilege(n.oid, 'USAGE'))""";

  /** Java's regular expressions are not quite PostgreSQL's. */
  private static final String SELECTED = """
      SELECT n.nspname, c.relname
        FROM pgduplex_ddl.links l, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE l.link = ? AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
         AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'pgduplex', 'pgduplex_ddl')
         AND pgduplex_ddl.is_selected(l, n.nspname, c.relname)""";

  /** Tables that the selection does not name any more; but those that were renamed stay. */
  private static final String FORGET = """
      DELETE FROM pgduplex_ddl.tables t USING pgduplex_ddl.links l, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE l.link = ? AND t.link = l.link AND c.oid = t.relation
         AND pgduplex_ddl.is_selected(l, n.nspname, c.relname)
         AND NOT pgduplex_ddl.is_selected(ROW(l.link, l.publication, ?, ?)::pgduplex_ddl.links, n.nspname, c.relname)""";

  private static final String REGISTER = """
      INSERT INTO pgduplex_ddl.links (link, publication, schemas, tables) VALUES (?, ?, ?, ?)
      ON CONFLICT (link) DO UPDATE SET publication = excluded.publication, schemas = excluded.schemas, tables = excluded.tables""";

  private static final String NEW = """
      SELECT c.oid FROM unnest(?::text[]) s, to_regclass(s) c (oid)
       WHERE c.oid IS NOT NULL AND NOT EXISTS (SELECT FROM pgduplex_ddl.tables t WHERE t.link = ? AND t.relation = c.oid)""";

  private static final String NOTE = "SELECT pgduplex_ddl.note_definitions(?, ARRAY(" + NEW + "))";

  /** What the other side has made long ago; and what it never says anything of, as in a link of one way. */
  private static final String PRUNE = """
      DELETE FROM pgduplex.ddl_log
       WHERE link = ? AND direction = 'forward' AND phase IN ('captured', 'change', 'unsupported')
         AND (applied_at < now() - interval '30 days' OR logged_at < now() - interval '365 days')""";

  private static final String NOTHING_FORMER =
      "DELETE FROM pgduplex_ddl.former_needs WHERE link = ?";

  /** All that was captured is in the definitions that have been read. */
  private static final String KNOWN = """
      UPDATE pgduplex.ddl_log SET applied_at = clock_timestamp()
       WHERE link = ? AND direction = 'forward' AND phase = 'captured' AND applied_at IS NULL""";

  private final Connection connection;
  private final Settings settings;

  DdlFollowing(Connection connection, Settings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Has new tables of the selection followed from now on; or none. */
  void register() throws SQLException {
    if (!settings.ddlSync()) {
      stop();
      return;
    }
    Optional<Problem> problem = problem();
    if (problem.isPresent()) {
      throw new ConnectException(problem.get().message());
    }
    connection.setAutoCommit(false);
    run(FORGET, link(), schemas(), patterns());
    run(REGISTER, link(), settings.link().objectName(), schemas(), patterns());
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** A start from nothing: what was done before is not the link's. */
  void beginAnew() throws SQLException {
    if (settings.ddlSync()) {
      run(KNOWN, link());
      run(NOTHING_FORMER, link());
    }
  }

  /** Oids of tables that belong to the link under whatever name; in reverse those that the sink has given another one. */
  Set<Long> followed() throws SQLException {
    Set<Long> oids = new HashSet<>();
    String schema = settings.ddlSync() ? PgduplexSchema.DDL_CAPTURE : PgduplexSchema.NAME;
    String table = settings.ddlSync() ? "tables" : "renamed";
    if (isTrue(READABLE.formatted(schema, table))) {
      try (PreparedStatement select = connection.prepareStatement(
          "SELECT relation FROM " + Identifiers.quote(schema, table) + " WHERE link = ?")) {
        select.setString(1, link());
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            oids.add(row.getLong(1));
          }
        }
      }
    }
    return oids;
  }

  /** Takes up the definition of the tables, so that the next statement is known for what it changes. */
  void follow(List<Table> tables) throws SQLException {
    if (!settings.ddlSync()) {
      return;
    }
    compareSelection();
    run(PRUNE, link());
    Object[] names = tables.stream().map(Table::quoted).toArray();
    if (!isTrue("SELECT EXISTS (" + NEW + ")", names, link())) {
      return;
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // A statement that ends now finds its tables known, or is waited for.
      statement.execute("SET LOCAL lock_timeout = '10s'");
      statement.execute("LOCK TABLE pgduplex_ddl.tables IN EXCLUSIVE MODE");
      run(NOTE, link(), names, link());
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void stop() throws SQLException {
    if (settings.direction() == Direction.FORWARD && isTrue(USABLE)) {
      run("DELETE FROM pgduplex_ddl.links WHERE link = ?", link());
      run("DELETE FROM pgduplex_ddl.tables WHERE link = ?", link());
      // Nobody needs this version of the script where nothing is followed.
      if (isTrue("SELECT to_regclass('pgduplex_ddl.former_needs') IS NOT NULL")) {
        run(NOTHING_FORMER, link());
      }
    }
  }

  /** What keeps statements from being followed. */
  Optional<Problem> problem() throws SQLException {
    if (!settings.ddlSync()) {
      return Optional.empty();
    }
    boolean installed = isTrue(INSTALLED)
        && isTrue(USABLE)
        && isTrue("SELECT pgduplex_ddl.version() = '" + DdlCapture.version() + "'");
    return installed
        ? Optional.empty()
        : Optional.of(new Problem(
            SourceOptions.DDL_SYNC,
            "Statements that change tables cannot be followed: the event triggers for it are missing, switched off, or of another"
                + " version of pgduplex, and only an administrator may make them. Run etc/sql/ddl.sql of the source connector's"
                + " archive in the database " + connection.getCatalog()
                + ", as a superuser, then restart the task; or set " + SourceOptions.DDL_SYNC
                + "=false, and change both sides yourself."));
  }

  /** As of one moment: tables come and go meanwhile, and that is no difference of the expressions. */
  private void compareSelection() throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      List<Table> tables = SelectedTables.read(connection, settings.selection(), followed());
      compareSelection(tables, selectedByServer());
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void compareSelection(List<Table> tables, Set<String> there) {
    Set<String> here = tables.stream().map(Table::quoted).collect(Collectors.toSet());
    for (Table table : tables) {
      boolean named = settings.selection().includes(table.schema(), table.name());
      if (named && !there.contains(table.quoted())) {
        throw notTheSame(table.quoted());
      }
    }
    for (String table : there) {
      if (!here.contains(table)) {
        throw notTheSame(table);
      }
    }
  }

  private Set<String> selectedByServer() throws SQLException {
    Set<String> selected = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(SELECTED)) {
      select.setString(1, link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          selected.add(Identifiers.quote(row.getString(1), row.getString(2)));
        }
      }
    }
    return selected;
  }

  private static ConnectException notTheSame(String table) {
    return new ConnectException(
        "PostgreSQL does not understand " + SourceOptions.TABLE_INCLUDE_LIST + " or "
            + SourceOptions.SCHEMA_INCLUDE_LIST + " as Java does: they differ about " + table
            + ". New tables are found by PostgreSQL. Write the expression with what both know (as ., *, +, [...], (...|...)), or set "
            + SourceOptions.DDL_SYNC + "=false.");
  }

  private String link() {
    return settings.link().link();
  }

  private Object[] schemas() {
    return settings.selection().schemaPatterns().toArray();
  }

  private Object[] patterns() {
    return settings.selection().tablePatterns().toArray();
  }

  private void run(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.execute();
    }
  }

  private boolean isTrue(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement select = prepare(sql, parameters);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(
          i + 1,
          parameters[i] instanceof Object[] texts
              ? connection.createArrayOf("text", texts)
              : parameters[i]);
    }
    return statement;
  }
}
