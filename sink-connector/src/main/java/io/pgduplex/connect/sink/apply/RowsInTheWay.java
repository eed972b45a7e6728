package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.LocalRow.Place;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.statement.RuleSql;
import io.pgduplex.connect.sink.statement.Sql;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds, and locks, the rows that the table's unique indexes and exclusion constraints do not allow beside another. */
final class RowsInTheWay {

  private final Connection connection;
  private final String origin;

  RowsInTheWay(Connection connection, String origin) {
    this.connection = connection;
    this.origin = origin;
  }

  /** By {@code rules}, those of the row that the operation writes; its own, which for an INSERT has the same key, is none of them. */
  List<LocalRow> of(Operation operation, List<UniqueRule> rules) throws SQLException {
    TargetTable table = operation.table();
    boolean insert = operation.identity().length == 0;
    Lookup lookup = insert ? table.lookup() : operation.lookup();
    List<Integer> own = lookup.unique() ? lookup.columns() : List.of();
    List<@Nullable Object> identity =
        insert ? operation.key() : Arrays.asList(operation.identity());
    Map<Place, LocalRow> rows = new LinkedHashMap<>();
    for (UniqueRule rule : rules) {
      if (!insert || !rule.columns().equals(own)) {
        rows.putAll(by(rule, operation, own, identity));
      }
    }
    if (own.isEmpty() && !insert && !rows.isEmpty()) {
      rows.keySet().removeAll(own(operation).keySet());
    }
    return List.copyOf(rows.values());
  }

  private Map<Place, LocalRow> by(
      UniqueRule rule, Operation operation, List<Integer> own, List<@Nullable Object> identity)
      throws SQLException {
    @Nullable Object[] values = operation.values();
    TargetTable table = operation.table();
    List<@Nullable Object> parameters = new ArrayList<>();
    String sql;
    if (!rule.columns().isEmpty()
        && rule.columns().stream().noneMatch(i -> values[i] instanceof Marker)) {
      rule.columns().forEach(i -> parameters.add(values[i]));
      if (parameters.contains(null)) {
        return Map.of();
      }
      sql = RuleSql.byColumns(table, rule.columns(), own, origin);
    } else {
      List<Integer> known = IntStream.range(0, values.length)
          .filter(i -> !(values[i] instanceof Marker))
          .boxed()
          .toList();
      known.forEach(i -> parameters.add(values[i]));
      parameters.addAll(Arrays.asList(operation.identity()));
      sql = RuleSql.byRule(Shape.of(operation), known, rule, own, origin);
    }
    if (!own.isEmpty()) {
      parameters.addAll(identity);
    }
    return LocalRows.read(connection, sql, parameters);
  }

  /** Of several equal rows the one that an UPDATE takes. */
  private Map<Place, LocalRow> own(Operation operation) throws SQLException {
    return LocalRows.read(
        connection, Sql.select(Shape.of(operation), origin), Arrays.asList(operation.identity()));
  }
}
