package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.database.Rights;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What the session's role may not do with a table that it is to write to.
 *
 * @param table whose
 * @param schemaIsClosed whether not even its schema may be used
 * @param missing names of the privileges, separated by commas
 */
public record TablePrivileges(TableName table, boolean schemaIsClosed, String missing) {

  /** What rows take. */
  static final String ROWS = "SELECT,INSERT,UPDATE,DELETE";

  private static final String TRUNCATE = "TRUNCATE";

  private static final String QUERY = """
      SELECT * FROM (
        SELECT n.nspname, c.relname, NOT has_schema_privilege(n.oid, 'USAGE') AS closed,
               array_to_string(ARRAY(SELECT p FROM unnest(string_to_array(?, ',')) p
                                      WHERE NOT has_table_privilege(c.oid, p)), ', ') AS missing
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE %s) t
      WHERE closed OR missing <> ''
      ORDER BY 1, 2""";

  private static final String ONE = QUERY.formatted("n.nspname = ? AND c.relname = ?");

  private static final String PUBLISHED = QUERY.formatted("""
      n.nspname <> ? AND c.oid IN (
        SELECT r.prrelid FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE p.pubname = ?)""");

  /** All that is missing on the tables of a publication, but for those in the schema {@code except}. */
  public static List<TablePrivileges> ofPublished(
      Connection connection, String publication, String except, Direction direction)
      throws SQLException {
    // Only forward is TRUNCATE carried.
    String wanted = direction == Direction.FORWARD ? ROWS + "," + TRUNCATE : ROWS;
    return read(connection, PUBLISHED, wanted, except, publication);
  }

  /** Throws unless rows of the table may be read and written. */
  static void requireRows(Connection connection, TableName table) throws SQLException {
    require(connection, table, ROWS);
  }

  /** Throws unless the table may be truncated. */
  public static void requireTruncate(Connection connection, TableName table) throws SQLException {
    require(connection, table, TRUNCATE);
  }

  private static void require(Connection connection, TableName table, String wanted)
      throws SQLException {
    for (TablePrivileges lack : read(connection, ONE, wanted, table.schema(), table.name())) {
      String role = Rights.of(connection).role();
      throw new ConnectException("Table " + table + " cannot be written to: "
          + Rights.message(role, lack.action(), lack.grant(role))
          + "; then restart the task. Nothing of the transaction was applied and nothing is lost.");
    }
  }

  private static List<TablePrivileges> read(
      Connection connection, String sql, String wanted, String first, String second)
      throws SQLException {
    List<TablePrivileges> lacks = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, wanted);
      statement.setString(2, first);
      statement.setString(3, second);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lacks.add(new TablePrivileges(
              new TableName(row.getString(1), row.getString(2)),
              row.getBoolean(3),
              row.getString(4)));
        }
      }
    }
    return lacks;
  }

  /** In words. */
  public String action() {
    String onTable = missing + " on " + table.quoted();
    String schema = "use the schema " + Identifiers.quote(table.schema());
    return !schemaIsClosed ? onTable : missing.isEmpty() ? schema : schema + ", " + onTable;
  }

  /** What an administrator runs. */
  public String grant(String role) {
    List<String> grants = new ArrayList<>();
    if (schemaIsClosed) {
      grants.add("GRANT USAGE ON SCHEMA " + Identifiers.quote(table.schema()) + " TO " + role);
    }
    if (!missing.isEmpty()) {
      grants.add("GRANT " + missing + " ON " + table.quoted() + " TO " + role);
    }
    return String.join("; ", grants);
  }
}
