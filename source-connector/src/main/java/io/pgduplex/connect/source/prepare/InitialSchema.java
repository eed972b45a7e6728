package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.source.schema.Digest;
import io.pgduplex.connect.source.schema.SchemaReader;
import io.pgduplex.connect.source.schema.SchemaStatement;
import io.pgduplex.connect.source.schema.SequenceValues;
import io.pgduplex.connect.source.schema.SourceSchema;
import io.pgduplex.connect.source.schema.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what makes the tables into {@code pgduplex.ddl_log}, from where the first copy takes it before the rows. It is read
 * before the slot begins, and read again when the copy holds its locks: what is the same both times was so where the slot
 * began.
 */
final class InitialSchema {

  private static final Logger LOG = LoggerFactory.getLogger(InitialSchema.class);

  /** First of all, and 0: the tables that are to be made, as an array; its name is a digest of all statements. */
  private static final String BEGIN = "begin";

  /** Follows in the stream, and is to be run where it comes. */
  private static final String NOW = "now";

  private static final String INSERT = """
      INSERT INTO pgduplex.ddl_log (link, direction, phase, ordinal, object_kind, object_schema, object_name, statement, logged_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp())""";

  private static final String FORGET =
      "DELETE FROM pgduplex.ddl_log WHERE link = ? AND direction = ?";

  /** A table that is written anew seems empty to a copy that began before. */
  private static final String STORAGE = """
      SELECT array_agg(c.oid::text || ':' || coalesce(pg_relation_filenode(c.oid), 0) ORDER BY c.oid)::text
        FROM ROWS FROM (unnest(?::text[]), unnest(?::text[])) t (s, n)
        JOIN pg_namespace n ON n.nspname = t.s
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.n""";

  private final Connection connection;
  private final LinkDirection link;

  InitialSchema(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  /**
   * What was read.
   *
   * @param tables whose definition it is
   * @param storage which files hold them
   */
  record Read(List<TableName> tables, SourceSchema schema, String storage) {}

  /** Reads the definition of the tables and writes it down. */
  Read write(List<Table> selected) throws SQLException {
    Read read = read(names(selected));
    report(read.schema());
    connection.setAutoCommit(false);
    try (PreparedStatement forget = connection.prepareStatement(FORGET);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      bindLink(forget);
      forget.executeUpdate();
      int ordinal = 0;
      add(insert, BEGIN, ordinal++, begin(read));
      for (SchemaStatement statement : read.schema().statements()) {
        add(insert, statement.phase().name().toLowerCase(Locale.ROOT), ordinal++, statement);
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
    return read;
  }

  /** Whether the tables are as they were then. */
  boolean isStill(Read before) throws SQLException {
    return read(before.tables()).equals(before);
  }

  /** Statements that set sequences to where those of the tables are. */
  List<SchemaStatement> sequences(List<Table> selected) throws SQLException {
    return SequenceValues.read(connection, names(selected));
  }

  /** Sends statements that are to be run where they come in the stream; in the open transaction. */
  void send(List<SchemaStatement> statements) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (SchemaStatement statement : statements) {
        add(insert, NOW, 0, statement);
      }
      insert.executeBatch();
    }
  }

  static List<TableName> names(List<Table> tables) {
    return tables.stream()
        .map(table -> new TableName(table.schema(), table.name()))
        .toList();
  }

  private Read read(List<TableName> tables) throws SQLException {
    return new Read(tables, SchemaReader.read(connection, tables), storage(tables));
  }

  private String storage(List<TableName> tables) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(STORAGE)) {
      select.setArray(
          1,
          connection.createArrayOf(
              "text", tables.stream().map(TableName::schema).toArray()));
      select.setArray(
          2,
          connection.createArrayOf("text", tables.stream().map(TableName::name).toArray()));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  private void report(SourceSchema schema) {
    if (!schema.added().isEmpty()) {
      LOG.warn(
          "{}: the other side makes these tables too, without rows, since selected ones need them: {}",
          link,
          schema.added());
    }
    if (!schema.needs().isEmpty()) {
      LOG.warn("{}: must be there on the other side, it is not carried: {}", link, schema.needs());
    }
    if (!schema.leftOut().isEmpty()) {
      LOG.warn("{}: is not carried to the other side: {}", link, schema.leftOut());
    }
  }

  /** As the text of an array. */
  private String array(List<TableName> tables) throws SQLException {
    Object[] names = tables.stream()
        .map(table -> Identifiers.quote(table.schema(), table.name()))
        .toArray();
    return connection.createArrayOf("text", names).toString();
  }

  private SchemaStatement begin(Read read) throws SQLException {
    return new SchemaStatement(
        SchemaStatement.Phase.BEFORE_ROWS,
        "tables",
        "",
        Digest.of(read.schema().statements().toString()),
        array(read.tables()));
  }

  private void add(PreparedStatement insert, String phase, int ordinal, SchemaStatement statement)
      throws SQLException {
    bindLink(insert);
    insert.setString(3, phase);
    insert.setInt(4, ordinal);
    insert.setString(5, statement.kind());
    insert.setString(6, statement.schema());
    insert.setString(7, statement.name());
    insert.setString(8, statement.sql());
    insert.addBatch();
  }

  private void bindLink(PreparedStatement statement) throws SQLException {
    statement.setString(1, link.link());
    statement.setString(2, link.direction().toString());
  }
}
