package io.pgduplex.connect.source.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's catalogs as they are. */
final class LiveCatalog implements Catalog {

  private final Connection connection;

  LiveCatalog(Connection connection) {
    this.connection = connection;
  }

  @Override
  public <T> List<T> rows(Query query, Reading<T> reading, Oids oids) throws SQLException {
    Object[][] arrays =
        query.parameters().stream().map(which -> oids.of(which).toArray()).toArray(Object[][]::new);
    return rows(query.sql(), reading, "oid", arrays);
  }

  /** Each parameter of the query is an array of texts. */
  <T> List<T> rowsByText(String sql, Reading<T> reading, Object[]... texts) throws SQLException {
    return rows(sql, reading, "text", texts);
  }

  private <T> List<T> rows(String sql, Reading<T> reading, String type, Object[][] arrays)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        statement.setArray(i + 1, connection.createArrayOf(type, arrays[i]));
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        LiveRow row = new LiveRow(result);
        while (result.next()) {
          rows.add(reading.read(row));
        }
      }
      return rows;
    }
  }

  private record LiveRow(ResultSet result) implements Row {

    @Override
    public @Nullable String nullable(String column) throws SQLException {
      return result.getString(column);
    }

    @Override
    public long number(String column) throws SQLException {
      return result.getLong(column);
    }

    @Override
    public boolean flag(String column) throws SQLException {
      return result.getBoolean(column);
    }

    @Override
    public List<Long> numbers(String column) throws SQLException {
      return Arrays.asList((Long[]) array(column).getArray());
    }

    @Override
    public List<String> texts(String column) throws SQLException {
      return Arrays.asList((String[]) array(column).getArray());
    }

    private Array array(String column) throws SQLException {
      return result.getArray(column);
    }
  }
}
