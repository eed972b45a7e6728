package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.statement.Sql;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The rows of the target that incoming changes meet; each is locked when it is found. */
final class LocalRows {

  private final Connection connection;
  private final String origin;

  /** @param origin the direction's: rows that it wrote came from the sender */
  LocalRows(Connection connection, String origin) {
    this.connection = connection;
    this.origin = origin;
  }

  /**
   * Where a row is; nobody can move it while it is locked.
   *
   * @param table oid of the table that holds it
   * @param ctid its place there
   */
  record Place(long table, String ctid) {}

  /** The row with the operation's identity, or null. */
  @Nullable
  LocalRow withIdentity(Operation operation) throws SQLException {
    String sql = Sql.select(Shape.of(operation), origin);
    return read(sql, Arrays.asList(operation.identity())).values().stream()
        .findFirst()
        .orElse(null);
  }

  /** The rows that hold a unique value of the row that the operation writes; its own is none of them. */
  Map<Place, LocalRow> inTheWay(Operation operation) throws SQLException {
    TargetTable table = operation.table();
    Lookup lookup = operation.identity().length > 0 ? operation.lookup() : table.lookup();
    List<Integer> own = lookup.unique() ? lookup.columns() : List.of();
    List<@Nullable Object> identity =
        operation.identity().length > 0 ? Arrays.asList(operation.identity()) : operation.key();
    Map<Place, LocalRow> rows = new LinkedHashMap<>();
    for (List<Integer> unique : table.uniques()) {
      List<@Nullable Object> values = values(operation, unique, own, identity);
      // A null is equal to none; and an INSERT's own key finds its own row.
      if (!values.contains(null) && !(unique.equals(own) && operation.identity().length == 0)) {
        if (!own.isEmpty()) {
          values.addAll(identity);
        }
        rows.putAll(read(Sql.selectInTheWay(table, unique, own, origin), values));
      }
    }
    return rows;
  }

  /** What the row will hold there; null also where that is not known. */
  private static List<@Nullable Object> values(
      Operation operation,
      List<Integer> unique,
      List<Integer> own,
      List<@Nullable Object> identity) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int position : unique) {
      Object value = operation.values()[position];
      int ofIdentity = own.indexOf(position);
      if (value instanceof Marker) {
        value = ofIdentity < 0 ? null : identity.get(ofIdentity);
      }
      values.add(value);
    }
    return values;
  }

  private Map<Place, LocalRow> read(String sql, List<? extends @Nullable Object> parameters)
      throws SQLException {
    Map<Place, LocalRow> rows = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      bind(select, parameters);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long micros = row.getLong(2);
          OptionalLong committed = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(micros);
          rows.put(
              new Place(row.getLong(4), row.getString(5)),
              new LocalRow(row.getString(1), committed, row.getBoolean(3)));
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

  /** Takes a row away. */
  void remove(TargetTable table, Place place) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(Sql.deleteAt(table))) {
      delete.setLong(1, place.table());
      delete.setString(2, place.ctid());
      delete.executeUpdate();
    }
  }
}
