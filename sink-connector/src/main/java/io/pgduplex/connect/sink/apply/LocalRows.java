package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.LocalRow.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads rows of the target as conflicts know them. */
final class LocalRows {

  private LocalRows() {}

  /** The rows of a statement that gives them as {@link io.pgduplex.connect.sink.statement.Sql#select} does. */
  static Map<Place, LocalRow> read(
      Connection connection, String sql, List<? extends @Nullable Object> parameters)
      throws SQLException {
    Map<Place, LocalRow> rows = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, parameters);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long micros = row.getLong(2);
          OptionalLong committed = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(micros);
          Place place = new Place(row.getLong(4), row.getString(5));
          List<String> key = List.of((String[]) row.getArray(6).getArray());
          rows.put(place, new LocalRow(row.getString(1), committed, row.getBoolean(3), key, place));
        }
      }
    }
    return rows;
  }

  /** Values as PostgreSQL's text form. */
  static void bind(PreparedStatement statement, List<? extends @Nullable Object> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setString(i + 1, (String) values.get(i));
    }
  }
}
