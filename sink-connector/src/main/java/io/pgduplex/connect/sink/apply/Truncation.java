package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Empties the tables that one TRUNCATE of the source emptied. PostgreSQL refuses to truncate a table that a foreign key of
 * a table left out refers to, however empty that one is, and also in a replica session. The source's statement named or
 * cascaded to all of them, but not all come along: those that are not selected, and partitioned tables, of which only the
 * partitions are published.
 */
final class Truncation {

  private static final String BEFORE = "pgduplex_truncate";

  private static final String REFERRING = """
      SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
      WHERE contype = 'f' AND confrelid = ANY (?::text[]::regclass[]) AND conrelid <> ALL (?::text[]::regclass[])
      ORDER BY 1""";

  private final TargetSession session;
  private final Savepoints savepoints;

  Truncation(TargetSession session) {
    this.session = session;
    this.savepoints = new Savepoints(session.connection());
  }

  void apply(Truncate truncate, List<TargetTable> tables) throws SQLException {
    savepoints.set(BEFORE);
    try {
      session.execute(
          "TRUNCATE " + tables.stream().map(TargetTable::rows).collect(Collectors.joining(", ")));
      savepoints.release(BEFORE);
    } catch (SQLException e) {
      if (!SqlErrors.FEATURE_NOT_SUPPORTED.equals(e.getSQLState())) {
        throw e;
      }
      savepoints.rollbackTo(BEFORE);
      delete(truncate, tables);
    }
  }

  /** Where all that refers to the rows is empty too, or was emptied with them, deleting them comes to the same. */
  private void delete(Truncate truncate, List<TargetTable> tables) throws SQLException {
    for (TargetTable table : tables) {
      session.execute("DELETE FROM " + table.rows());
    }
    List<String> filled = new ArrayList<>();
    for (String table : referring(tables)) {
      if (hasRows(table)) {
        filled.add(table);
      }
    }
    if (!filled.isEmpty()) {
      String names = String.join(", ", filled);
      throw new ConnectException("The TRUNCATE of "
          + tables.stream().map(table -> table.name().toString()).collect(Collectors.joining(", "))
          + " at offset " + truncate.position().offset()
          + " cannot be applied: foreign keys of " + names
          + " refer to it, and these have rows in the target. On the source they were truncated in the same statement, or"
          + " have no such key, but they are not among the tables that are carried. Nothing of its transaction was applied."
          + " Make them as they are on the source (TRUNCATE " + names
          + ", or drop the foreign keys), then restart the task.");
    }
  }

  private List<String> referring(List<TargetTable> tables) throws SQLException {
    Object[] names = tables.stream().map(table -> table.name().quoted()).toArray();
    List<String> referring = new ArrayList<>();
    try (PreparedStatement select = session.connection().prepareStatement(REFERRING)) {
      select.setArray(1, session.connection().createArrayOf("text", names));
      select.setArray(2, session.connection().createArrayOf("text", names));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          referring.add(row.getString(1));
        }
      }
    }
    return referring;
  }

  private boolean hasRows(String quoted) throws SQLException {
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + quoted + ")")) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
