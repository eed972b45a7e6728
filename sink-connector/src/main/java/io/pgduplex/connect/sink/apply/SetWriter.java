package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.statement.CopyText;
import io.pgduplex.connect.sink.statement.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The fast path: a batch by one statement. Whatever does not come out clean is for the exact path. */
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
   * Writes the batch.
   *
   * @return whether every operation met the row it expects; if not, the caller rolls back to its savepoint
   */
  boolean write(Batch batch) throws SQLException {
    int size = batch.operations().size();
    return switch (batch.shape().kind()) {
      case SNAPSHOT, INSERT -> copy(batch) == size;
      case UPDATE -> count(Sql.updateSet(batch.shape()), batch) == size;
      case DELETE -> count(Sql.deleteSet(batch.shape()), batch) == size;
    };
  }

  private long copy(Batch batch) throws SQLException {
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(Sql.copy(batch.shape()));
    try {
      byte[] rows = CopyText.of(batch);
      copy.writeToCopy(rows, 0, rows.length);
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** Each parameter is an array with an element for each row. */
  private int count(String sql, Batch batch) throws SQLException {
    List<List<@Nullable Object>> rows =
        batch.operations().stream().map(row -> row.parameters(batch.shape())).toList();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < rows.get(0).size(); i++) {
        int parameter = i;
        @Nullable Object[] column = rows.stream().map(row -> row.get(parameter)).toArray();
        statement.setArray(parameter + 1, connection.createArrayOf("text", column));
      }
      return statement.executeUpdate();
    }
  }
}
