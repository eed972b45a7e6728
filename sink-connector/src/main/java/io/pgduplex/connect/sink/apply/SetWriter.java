package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.statement.CopyText;
import io.pgduplex.connect.sink.statement.Sql;
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
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The fast path: a batch by one statement. What does not come out clean is for the exact path. */
final class SetWriter {

  private final Connection connection;

  SetWriter(Connection connection) {
    this.connection = connection;
  }

  /** Whether the batch is of a kind that one statement can do. */
  static boolean suits(Batch batch) {
    Shape shape = batch.shape();
    return switch (shape.kind()) {
      case SNAPSHOT, INSERT -> !shape.written().isEmpty();
      case UPDATE ->
        shape.lookup().unique() && !shape.keyChange() && !shape.written().isEmpty();
      case DELETE -> shape.lookup().unique();
    };
  }

  /**
   * Writes the batch, or what can be written of it.
   *
   * @return the operations that did not meet the row that they expect; nothing has come of these
   * @throws SQLException also where a row to insert is in another one's way; the caller rolls back to its savepoint
   */
  List<Operation> write(Batch batch) throws SQLException {
    return switch (batch.shape().kind()) {
      case SNAPSHOT, INSERT -> {
        copy(batch);
        yield List.of();
      }
      case UPDATE -> others(Sql.updateSet(batch.shape()), batch);
      case DELETE -> others(Sql.deleteSet(batch.shape()), batch);
    };
  }

  /** The same, but rows to insert whose key is there are left and the others inserted. */
  List<Operation> writeAround(Batch batch) throws SQLException {
    if (batch.shape().kind() != Kind.INSERT && batch.shape().kind() != Kind.SNAPSHOT) {
      return write(batch);
    }
    List<List<@Nullable Object>> keys =
        batch.operations().stream().map(Operation::key).toList();
    List<Operation> existing;
    try (PreparedStatement statement =
        connection.prepareStatement(Sql.existing(batch.shape().table()))) {
      bind(statement, keys);
      existing = numbered(statement, batch);
    }
    Set<Operation> others = Collections.newSetFromMap(new IdentityHashMap<>());
    others.addAll(batch.operations());
    existing.forEach(others::remove);
    List<Operation> free = batch.operations().stream().filter(others::contains).toList();
    if (!free.isEmpty()) {
      copy(new Batch(batch.shape(), free));
    }
    return existing;
  }

  private void copy(Batch batch) throws SQLException {
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(Sql.copy(batch.shape()));
    try {
      byte[] rows = CopyText.of(batch);
      copy.writeToCopy(rows, 0, rows.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private List<Operation> others(String sql, Batch batch) throws SQLException {
    List<List<@Nullable Object>> rows =
        batch.operations().stream().map(row -> row.parameters(batch.shape())).toList();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(bind(statement, rows), rows.size());
      return numbered(statement, batch);
    }
  }

  /** Each parameter is an array with an element for each row; returns the number of the next one. */
  private int bind(PreparedStatement statement, List<List<@Nullable Object>> rows)
      throws SQLException {
    int parameters = rows.get(0).size();
    for (int i = 0; i < parameters; i++) {
      int parameter = i;
      @Nullable Object[] column = rows.stream().map(row -> row.get(parameter)).toArray();
      statement.setArray(parameter + 1, connection.createArrayOf("text", column));
    }
    return parameters + 1;
  }

  private static List<Operation> numbered(PreparedStatement statement, Batch batch)
      throws SQLException {
    List<Operation> operations = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        operations.add(batch.operations().get(row.getInt(1) - 1));
      }
    }
    return operations;
  }
}
