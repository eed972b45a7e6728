package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.apply.SchemaSteps.Outcome;
import io.pgduplex.connect.sink.apply.SchemaSteps.Step;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/** Schemas, types, sequences and tables of the target: whether they are there, and how they are made. */
final class TargetObjects {

  static final String TABLE = "table";

  private static final String SCHEMA = "schema";
  private static final String SEQUENCE = "sequence";

  /** By kind: whether there is one of that schema and name. */
  private static final Map<String, String> SUCH = Map.of(
      SCHEMA,
      "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ? AND ? = '')",
      SEQUENCE,
      """
          SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'S')""",
      "collation",
      """
          SELECT EXISTS (SELECT FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
                          WHERE n.nspname = ? AND l.collname = ?
                            AND l.collencoding IN (-1, pg_char_to_encoding('UTF8')))""",
      "domain",
      """
          SELECT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                          WHERE n.nspname = ? AND t.typname = ? AND t.typtype = 'd')""",
      "type",
      """
          SELECT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                          LEFT JOIN pg_class c ON c.oid = t.typrelid
                          WHERE n.nspname = ? AND t.typname = ? AND t.typtype IN ('b', 'c', 'e', 'r', 'm')
                            AND coalesce(c.relkind, 'c') = 'c' AND t.typcategory <> 'A')""");

  /** A table has a type of its name, and each type, sequence or collation a name of its own in its schema. */
  private static final String EXISTS = """
      SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?)
          OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ? AND t.typname = ?)
          OR EXISTS (SELECT FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
                      WHERE n.nspname = ? AND l.collname = ? AND l.collencoding IN (-1, pg_char_to_encoding('UTF8')))""";

  private static final String TABLE_OF_SEQUENCE = """
      SELECT n.nspname, t.relname
        FROM pg_class s
        JOIN pg_namespace m ON m.oid = s.relnamespace
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
             AND d.deptype IN ('a', 'i')
        JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
        JOIN pg_namespace n ON n.oid = t.relnamespace
       WHERE s.relkind = 'S' AND m.nspname = ? AND s.relname = ?""";

  /** A selected table that is in no publication by a table above it. */
  private static final String UNPUBLISHED = """
      SELECT format('ALTER PUBLICATION %I ADD TABLE ONLY %s', p.pubname, c.oid::regclass)
        FROM pg_publication p
        CROSS JOIN to_regclass(?) AS c (oid)
        JOIN pg_class k ON k.oid = c.oid AND k.relkind IN ('r', 'p') AND k.relpersistence = 'p'
       WHERE p.pubname = ? AND c.oid = ANY (SELECT to_regclass(t) FROM unnest(?::text[]) t)
         AND NOT EXISTS (SELECT FROM pg_publication_rel r
                          WHERE r.prpubid = p.oid
                            AND r.prrelid IN (SELECT c.oid UNION SELECT relid FROM pg_partition_ancestors(c.oid)))""";

  /** Its source may not know them by its selection when it starts again. */
  private static final String RENAMED = """
      INSERT INTO pgduplex.renamed (link, relation)
      SELECT ?, r.prrelid
        FROM pg_publication p
        JOIN pg_publication_rel r ON r.prpubid = p.oid
        JOIN pg_class c ON c.oid = r.prrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE p.pubname = ? AND n.nspname = ? AND (c.relname = ? OR ? = 'schema')
      ON CONFLICT DO NOTHING""";

  private static final String UNNAMED = """
      SELECT format('ALTER PUBLICATION %I ADD TABLE ONLY %s', p.pubname, c.oid::regclass)
        FROM pg_publication p, to_regclass(?) AS c (oid)
       WHERE p.pubname = ? AND NOT EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid)""";

  private final Connection connection;
  private final OwnerRole owner;
  private final String origin;
  private final String publication;
  private final String link;

  TargetObjects(Connection connection, SinkConfig config) {
    this.connection = connection;
    this.owner = new OwnerRole(config);
    this.origin = config.link().origin();
    this.publication = config.link().opposite().objectName();
    this.link = config.link().link();
  }

  /** Those of an array of tables that are there. */
  List<String> existing(String tables) throws SQLException {
    return texts("SELECT t FROM unnest(?::text[]) t WHERE to_regclass(t) IS NOT NULL", tables);
  }

  /** Whether the object that the statement makes is there. */
  boolean exists(Ddl ddl) throws SQLException {
    TableName object = ddl.object();
    return ddl.kind().equals(SCHEMA)
        ? isTrue("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)", object.schema())
        : isTrue(
            EXISTS,
            object.schema(),
            object.name(),
            object.schema(),
            object.name(),
            object.schema(),
            object.name());
  }

  /** Whether what the statement makes is there, of that very kind; never so for tables and what belongs to them. */
  boolean hasSuch(Ddl ddl) throws SQLException {
    String sql = SUCH.get(ddl.kind());
    return sql != null && isTrue(sql, ddl.object().schema(), ddl.object().name());
  }

  /** Runs a statement, as the role that is to own what it makes. */
  void run(Step step) throws SQLException {
    run(step.kind(), step.object(), step.statement());
  }

  /** The same, of a statement that is no step of a first copy. */
  void run(Ddl ddl) throws SQLException {
    run(ddl.kind(), ddl.object(), ddl.statement());
  }

  private void run(String kind, TableName object, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // The driver's {fn …} may be anything in a statement of the server's.
      statement.setEscapeProcessing(false);
      owner.take(statement);
      statement.execute(sql);
      owner.giveBack(statement);
    } catch (SQLException e) {
      throw new RefusedStatement(kind, object, sql, e);
    }
  }

  /** Has the opposite direction carry the table, if it is one of the selected. */
  void publish(TableName table, String selected) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String alter : texts(UNPUBLISHED, table.quoted(), publication, selected)) {
        statement.execute(alter);
      }
    }
  }

  /** Has the opposite direction carry the table also where its selection does not name it, as after the statement. */
  void noteRenamed(Ddl ddl) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(RENAMED)) {
      insert.setString(1, link);
      insert.setString(2, publication);
      insert.setString(3, ddl.object().schema());
      insert.setString(4, ddl.object().name());
      insert.setString(5, ddl.kind());
      insert.executeUpdate();
    }
  }

  /** Has the opposite direction carry the table by itself, whatever it is a partition of. */
  void publish(TableName table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String alter : texts(UNNAMED, table.quoted(), publication)) {
        statement.execute(alter);
      }
    }
  }

  /** The table that a sequence belongs to; another object, or a sequence of its own, as it is. */
  TableName tableOf(TableName object) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(TABLE_OF_SEQUENCE)) {
      select.setString(1, object.schema());
      select.setString(2, object.name());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? new TableName(row.getString(1), row.getString(2)) : object;
      }
    }
  }

  /** Takes away what was made, unless others have written into it. */
  void drop(Collection<Step> steps) throws SQLException {
    List<Step> made = new ArrayList<>(
        steps.stream().filter(step -> step.outcome() == Outcome.DONE).toList());
    Collections.reverse(made);
    List<String> tables = made.stream()
        .filter(step -> step.kind().equals(TABLE))
        .map(step -> step.object().quoted())
        .distinct()
        .toList();
    for (String table : tables) {
      requireOurs(table);
    }
    try (Statement statement = connection.createStatement()) {
      if (!tables.isEmpty()) {
        // By one, since they may refer to each other.
        statement.execute("DROP TABLE IF EXISTS " + String.join(", ", tables));
      }
      for (String drop :
          made.stream().flatMap(step -> drop(step).stream()).distinct().toList()) {
        statement.execute(drop);
      }
    }
  }

  private static Optional<String> drop(Step step) {
    return switch (step.kind()) {
      case SEQUENCE, "type", "domain", "collation" ->
        Optional.of("DROP " + step.kind() + " IF EXISTS " + step.object().quoted());
      default -> Optional.empty();
    };
  }

  private void requireOurs(String table) throws SQLException {
    if (isTrue("SELECT to_regclass(?) IS NOT NULL", table)
        && isTrue("""
            SELECT EXISTS (SELECT FROM ONLY %s t WHERE (pg_xact_commit_timestamp_origin(t.xmin)).roident IS DISTINCT FROM
              (SELECT roident FROM pg_replication_origin WHERE roname = ?))""".formatted(table), origin)) {
      throw new ConnectException(
          "The source's table has changed since the first copy began, so " + table
              + " is to be made anew, but it has rows that this direction did not write. Take them away, then restart the"
              + " task.");
    }
  }

  private boolean isTrue(String sql, String... parameters) throws SQLException {
    return texts(sql, parameters).get(0).equals("t");
  }

  private List<String> texts(String sql, String... parameters) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        select.setString(i + 1, parameters[i]);
      }
      List<String> texts = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          texts.add(row.getString(1));
        }
      }
      return texts;
    }
  }
}
