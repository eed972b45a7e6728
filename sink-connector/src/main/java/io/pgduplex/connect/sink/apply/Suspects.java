package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.statement.RuleSql;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks for many rows at once which of them are alone with their values. */
final class Suspects {

  private final Connection connection;

  Suspects(Connection connection) {
    this.connection = connection;
  }

  /** Those of a table's operations that may have written a row where it cannot be by a deferrable constraint. */
  Set<Operation> of(TargetTable table, List<Operation> operations) throws SQLException {
    Set<Operation> suspects = Collections.newSetFromMap(new IdentityHashMap<>());
    for (UniqueRule rule : table.deferrable()) {
      List<Operation> asked = new ArrayList<>();
      for (Operation operation : operations) {
        List<@Nullable Object> values = values(rule, operation);
        if (values.isEmpty() || values.stream().anyMatch(Marker.class::isInstance)) {
          suspects.add(operation);
        } else if (!values.contains(null)) {
          asked.add(operation);
        }
      }
      if (!asked.isEmpty()) {
        suspects.addAll(crowded(rule, table, asked));
      }
    }
    return suspects;
  }

  private static List<@Nullable Object> values(UniqueRule rule, Operation operation) {
    List<@Nullable Object> values = new ArrayList<>();
    rule.columns().forEach(position -> values.add(operation.values()[position]));
    return values;
  }

  private List<Operation> crowded(UniqueRule rule, TargetTable table, List<Operation> operations)
      throws SQLException {
    List<Operation> crowded = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(RuleSql.crowded(table, rule.columns()))) {
      for (int i = 0; i < rule.columns().size(); i++) {
        int position = rule.columns().get(i);
        @Nullable
        Object[] values =
            operations.stream().map(operation -> operation.values()[position]).toArray();
        select.setArray(i + 1, connection.createArrayOf("text", values));
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          crowded.add(operations.get(row.getInt(1) - 1));
        }
      }
    }
    return crowded;
  }
}
