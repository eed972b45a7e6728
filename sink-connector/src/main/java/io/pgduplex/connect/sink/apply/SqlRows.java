package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.resolve.RowInTheWay;
import io.pgduplex.connect.sink.resolve.TargetRows;
import io.pgduplex.connect.sink.statement.Sql;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The rows of the target, one by one statement. */
final class SqlRows implements TargetRows {

  private static final String ROW = "pgduplex_row";

  private final Connection connection;
  private final Savepoints savepoints;
  private final String origin;
  private final RowsInTheWay inTheWay;
  private final Suspects suspects;
  private final OtherWriters others;

  /** @param origin the direction's: rows that it wrote came from the sender */
  SqlRows(Connection connection, String origin, Duration lockTimeout) {
    this.connection = connection;
    this.savepoints = new Savepoints(connection);
    this.origin = origin;
    this.inTheWay = new RowsInTheWay(connection, origin);
    this.suspects = new Suspects(connection);
    this.others = new OtherWriters(connection, lockTimeout);
  }

  @Override
  public boolean insert(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    if (operation.table().deferrable().isEmpty()) {
      return count(Sql.insert(shape), shape, operation) == 1;
    }
    try {
      return countUnlessInTheWay(Sql.insert(shape), shape, operation) == 1;
    } catch (RowInTheWay inTheWay) {
      return false;
    }
  }

  @Override
  public boolean update(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    boolean alone = !operation.table().otherUnique() && !operation.keyChange();
    return (alone
            ? count(Sql.update(shape), shape, operation)
            : countUnlessInTheWay(Sql.update(shape), shape, operation))
        == 1;
  }

  /** A statement that meets a row in the way fails, and would take the transaction with it. */
  private int countUnlessInTheWay(String sql, Shape shape, Operation operation)
      throws SQLException {
    savepoints.set(ROW);
    try {
      int count = count(sql, shape, operation);
      savepoints.release(ROW);
      return count;
    } catch (SQLException e) {
      if (!SqlErrors.isUniqueViolation(e)) {
        throw e;
      }
      savepoints.rollbackTo(ROW);
      throw new RowInTheWay(e);
    }
  }

  @Override
  public boolean delete(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    return count(Sql.delete(shape), shape, operation) == 1;
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

  @Override
  public @Nullable LocalRow find(Operation operation) throws SQLException {
    String sql = Sql.select(Shape.of(operation), origin);
    return LocalRows.read(connection, sql, Arrays.asList(operation.identity())).values().stream()
        .findFirst()
        .orElse(null);
  }

  @Override
  public boolean holds(Operation operation) throws SQLException {
    Shape shape = Shape.of(operation);
    List<@Nullable Object> parameters = new ArrayList<>(Arrays.asList(operation.identity()));
    shape.written().stream().forEach(i -> parameters.add(operation.values()[i]));
    try (PreparedStatement select = connection.prepareStatement(Sql.holds(shape))) {
      LocalRows.bind(select, parameters);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  @Override
  public List<LocalRow> inTheWay(Operation operation) throws SQLException {
    return inTheWay.of(operation, operation.table().rules());
  }

  @Override
  public List<LocalRow> inTheWayAtEnd(Operation operation) throws SQLException {
    return inTheWay.of(operation, operation.table().deferrable());
  }

  @Override
  public Set<Operation> suspects(TargetTable table, List<Operation> operations)
      throws SQLException {
    return suspects.of(table, operations);
  }

  @Override
  public void awaitOthers(Collection<TargetTable> tables) throws SQLException {
    others.await(tables);
  }

  @Override
  public void remove(TargetTable table, LocalRow row) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(Sql.deleteAt(table))) {
      delete.setLong(1, row.place().table());
      delete.setString(2, row.place().ctid());
      delete.executeUpdate();
    }
  }
}
