package io.pgduplex.connect.source.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Queries of the catalogs, each for all objects of a kind at once. */
final class Catalog {

  private final Connection connection;

  Catalog(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the row that the result set is at. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Each parameter of the query is an array of oids. */
  @SafeVarargs
  final <T> List<T> rows(String sql, Row<T> reader, Collection<Long>... oids) throws SQLException {
    Object[][] arrays = new Object[oids.length][];
    for (int i = 0; i < oids.length; i++) {
      arrays[i] = oids[i].toArray();
    }
    return rows(sql, reader, "oid", arrays);
  }

  /** Each parameter of the query is an array of texts. */
  <T> List<T> rowsByText(String sql, Row<T> reader, Object[]... texts) throws SQLException {
    return rows(sql, reader, "text", texts);
  }

  /** The query's columns are schema and name of what the statement is about, and the statement. */
  @SafeVarargs
  final List<SchemaStatement> statements(
      SchemaStatement.Phase phase, String kind, String sql, Collection<Long>... oids)
      throws SQLException {
    return rows(
        sql,
        row ->
            new SchemaStatement(phase, kind, row.getString(1), row.getString(2), row.getString(3)),
        oids);
  }

  private <T> List<T> rows(String sql, Row<T> reader, String type, Object[][] arrays)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        Array array = connection.createArrayOf(type, arrays[i]);
        statement.setArray(i + 1, array);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(reader.read(result));
        }
      }
      return rows;
    }
  }
}
