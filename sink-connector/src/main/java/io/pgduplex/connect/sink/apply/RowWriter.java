package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.apply.LocalRows.Place;
import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.Outcome;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.statement.Sql;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The exact path: one row by one statement, conflicts seen and resolved. */
final class RowWriter {

  private static final String UPDATE = "pgduplex_update";

  private final Connection connection;
  private final Conflicts conflicts;
  private final LocalRows rows;

  RowWriter(Connection connection, Conflicts conflicts) {
    this.connection = connection;
    this.conflicts = conflicts;
    this.rows = new LocalRows(connection, conflicts.origin());
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
    if (insertIfFree(operation) == 0) {
      insertExists(operation);
    }
  }

  private void insertExists(Operation operation) throws SQLException {
    TargetTable table = operation.table();
    LocalRow sameKey = table.hasKey() ? rows.withIdentity(operation.atItsKey()) : null;
    Map<Place, LocalRow> others = rows.inTheWay(operation);
    List<@Nullable LocalRow> met = new ArrayList<>(others.values());
    if (sameKey != null || others.isEmpty()) {
      met.add(0, sameKey);
    }
    ConflictType type = several(met, ConflictType.INSERT_EXISTS);
    if (!wins(type, operation, met)) {
      record(type, operation, met, Outcome.LOCAL_KEPT);
      return;
    }
    if (sameKey == null && others.isEmpty()) {
      throw new DataException("A row of " + table.name() + " cannot be inserted at offset "
          + operation.change().position().offset()
          + ": another row is in the way by a partial or expression index, or an exclusion constraint."
          + " Change that row in the target, then restart the task.");
    }
    remove(table, others);
    if (sameKey == null) {
      requireRow(insertIfFree(operation));
    } else {
      replace(operation.atItsKey());
    }
    record(type, operation, met, Outcome.INCOMING_APPLIED);
  }

  /** A row that is all key is replaced as it is there. */
  private void replace(Operation update) throws SQLException {
    if (!update.written().isEmpty()) {
      requireRow(updateByIdentity(update));
    }
  }

  private void update(Operation operation) throws SQLException {
    if (operation.written().isEmpty() ? rows.withIdentity(operation) != null : updated(operation)) {
      return;
    }
    LocalRow local = differing(operation);
    if (local == null) {
      updateMissing(operation);
      return;
    }
    boolean wins = conflicts.incomingWins(ConflictType.UPDATE_ORIGIN_DIFFERS, operation, local);
    if (wins && !updated(operation.unconditional())) {
      throw gone();
    }
    conflicts.record(
        connection,
        ConflictType.UPDATE_ORIGIN_DIFFERS,
        operation,
        local,
        wins ? Outcome.INCOMING_APPLIED : Outcome.LOCAL_KEPT);
  }

  /**
   * Whether the row was found; then it is updated, or a row in the way was kept instead. A statement that meets one fails, and
   * would take the transaction with it.
   */
  private boolean updated(Operation operation) throws SQLException {
    if (!operation.table().otherUnique() && !operation.keyChange()) {
      return updateByIdentity(operation) == 1;
    }
    execute("SAVEPOINT " + UPDATE);
    try {
      int count = updateByIdentity(operation);
      execute("RELEASE SAVEPOINT " + UPDATE);
      return count == 1;
    } catch (SQLException e) {
      if (!SqlErrors.isUniqueViolation(e)) {
        throw e;
      }
      execute("ROLLBACK TO SAVEPOINT " + UPDATE + "; RELEASE SAVEPOINT " + UPDATE);
      updateExists(operation, e);
      return true;
    }
  }

  private void updateExists(Operation operation, SQLException violation) throws SQLException {
    Map<Place, LocalRow> others = rows.inTheWay(operation);
    if (others.isEmpty()) {
      // By a partial or expression index, or an exclusion constraint; or it has gone since.
      throw violation;
    }
    List<LocalRow> met = new ArrayList<>(others.values());
    ConflictType type = several(met, ConflictType.UPDATE_EXISTS);
    boolean wins = wins(type, operation, met);
    if (wins) {
      remove(operation.table(), others);
      requireRow(updateByIdentity(operation));
    }
    record(type, operation, met, wins ? Outcome.INCOMING_APPLIED : Outcome.LOCAL_KEPT);
  }

  private static ConflictType several(List<? extends @Nullable LocalRow> met, ConflictType one) {
    return met.size() > 1 ? ConflictType.MULTIPLE_UNIQUE_CONFLICTS : one;
  }

  /** Against each of them. */
  private boolean wins(
      ConflictType type, Operation operation, List<? extends @Nullable LocalRow> met) {
    return met.stream().allMatch(local -> conflicts.incomingWins(type, operation, local));
  }

  /** One record for each row that was met. */
  private void record(
      ConflictType type,
      Operation operation,
      List<? extends @Nullable LocalRow> met,
      Outcome outcome)
      throws SQLException {
    for (LocalRow local : met) {
      conflicts.record(connection, type, operation, local, outcome);
    }
  }

  private void remove(TargetTable table, Map<Place, LocalRow> others) throws SQLException {
    for (Place place : others.keySet()) {
      rows.remove(table, place);
    }
  }

  private void updateMissing(Operation operation) throws SQLException {
    if (conflicts.skipsMissing(operation)) {
      conflicts.record(connection, ConflictType.UPDATE_MISSING, operation, null, Outcome.LEFT_OUT);
      return;
    }
    Operation insert = operation.asInsert();
    conflicts.record(connection, ConflictType.UPDATE_MISSING, operation, null, Outcome.INSERTED);
    insert(insert);
  }

  private void delete(Operation operation) throws SQLException {
    if (deleteByIdentity(operation) == 1) {
      return;
    }
    LocalRow local = differing(operation);
    if (local == null) {
      conflicts.record(connection, ConflictType.DELETE_MISSING, operation, null, Outcome.LEFT_OUT);
      return;
    }
    boolean wins = conflicts.incomingWins(ConflictType.DELETE_ORIGIN_DIFFERS, operation, local);
    if (wins) {
      requireRow(deleteByIdentity(operation.unconditional()));
    }
    conflicts.record(
        connection,
        ConflictType.DELETE_ORIGIN_DIFFERS,
        operation,
        local,
        wins ? Outcome.INCOMING_APPLIED : Outcome.LOCAL_KEPT);
  }

  /** The row that has the identity, but not what the sender's row held; null where there is none. */
  private @Nullable LocalRow differing(Operation operation) throws SQLException {
    return operation.compared().isEmpty() ? null : rows.withIdentity(operation.unconditional());
  }

  private static void requireRow(int count) throws SQLException {
    if (count != 1) {
      throw gone();
    }
  }

  private static SQLException gone() {
    return new SQLException("The row that was in the way has gone; another try will tell", "40001");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int updateByIdentity(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    return count(Sql.update(shape), shape, operation);
  }

  private int deleteByIdentity(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    return count(Sql.delete(shape), shape, operation);
  }

  private int insertIfFree(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    return count(Sql.insert(shape), shape, operation);
  }

  private int count(String sql, Shape shape, Operation operation) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      LocalRows.bind(statement, operation.parameters(shape));
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
}
