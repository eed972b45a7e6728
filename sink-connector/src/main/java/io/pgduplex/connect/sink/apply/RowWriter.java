package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.apply.Conflicts.Outcome;
import io.pgduplex.connect.sink.apply.Conflicts.Type;
import io.pgduplex.connect.sink.config.ConflictPolicy;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.statement.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The exact path: one row by one statement, conflicts seen and resolved. */
final class RowWriter {

  private final Connection connection;
  private final Conflicts conflicts;

  RowWriter(Connection connection, Conflicts conflicts) {
    this.connection = connection;
    this.conflicts = conflicts;
  }

  /** Writes the row; {@link RefusedRow} if the server does not take it. */
  void write(Operation operation) throws SQLException {
    try {
      switch (operation.kind()) {
        case SNAPSHOT, INSERT -> insert(operation);
        case UPDATE -> update(operation);
        case DELETE -> delete(operation);
      }
    } catch (SQLException e) {
      throw SqlErrors.classify(e) == ErrorClass.TRANSIENT ? e : new RefusedRow(operation, e);
    }
  }

  private void insert(Operation operation) throws SQLException {
    if (count(Sql.insert(shape(operation)), operation) == 0) {
      insertExists(operation);
    }
  }

  private void insertExists(Operation operation) throws SQLException {
    conflicts.stopIfPolicySaysSo(Type.INSERT_EXISTS, operation);
    String local = operation.table().hasKey() ? local(operation.atItsKey()) : null;
    // A snapshot row carries the snapshot's time and not its own: it never wins over a row that is
    // there.
    if (conflicts.policy() == ConflictPolicy.IGNORE || operation.kind() == Kind.SNAPSHOT) {
      conflicts.record(connection, Type.INSERT_EXISTS, operation, local, Outcome.LOCAL_KEPT);
      return;
    }
    if (local == null) {
      throw new DataException(
          "A row of " + operation.table().name() + " cannot be inserted at offset "
              + operation.change().position().offset()
              + ": another row holds the same value of a unique index that is not"
              + " the key " + operation.table().keyNames()
              + ". Change that row in the target, then restart the task.");
    }
    Operation replace = operation.atItsKey();
    // A row that is all key is replaced as it is there.
    if (!replace.written().isEmpty() && count(Sql.update(shape(replace)), replace) != 1) {
      throw new SQLException(
          "The row that was in the way has gone; another try will tell", "40001");
    }
    conflicts.record(connection, Type.INSERT_EXISTS, operation, local, Outcome.INCOMING_APPLIED);
  }

  private void update(Operation operation) throws SQLException {
    BitSet written = operation.written();
    boolean found = written.isEmpty()
        ? local(operation) != null
        : count(Sql.update(shape(operation)), operation) == 1;
    if (found) {
      return;
    }
    Operation insert = operation.asInsert();
    conflicts.record(connection, Type.UPDATE_MISSING, operation, null, Outcome.INSERTED);
    insert(insert);
  }

  private void delete(Operation operation) throws SQLException {
    if (count(Sql.delete(shape(operation)), operation) == 0) {
      conflicts.record(connection, Type.DELETE_MISSING, operation, null, Outcome.LEFT_OUT);
    }
  }

  private @Nullable String local(Operation operation) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(Sql.select(shape(operation)))) {
      bindIdentity(select, 1, operation);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  private int count(String sql, Operation operation) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int parameter = 1;
      BitSet written = operation.written();
      if (operation.kind() != Kind.DELETE) {
        for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
          statement.setString(parameter++, (String) operation.values()[i]);
        }
      }
      bindIdentity(statement, parameter, operation);
      return atMostOne(operation, statement.executeUpdate());
    }
  }

  private static int atMostOne(Operation operation, int count) {
    if (count > 1) {
      throw new DataException(
          "The " + operation.kind() + " of " + operation.table().name()
              + " at offset " + operation.change().position().offset() + " finds " + count
              + " rows by " + operation.table().lookupNames(operation.lookup())
              + ", where a unique index was when the task began. Put it back, then restart the task.");
    }
    return count;
  }

  private static void bindIdentity(PreparedStatement statement, int first, Operation operation)
      throws SQLException {
    int parameter = first;
    for (Object value : operation.identity()) {
      statement.setString(parameter++, (String) value);
    }
  }

  private static Shape shape(Operation operation) {
    return Shape.of(operation);
  }
}
