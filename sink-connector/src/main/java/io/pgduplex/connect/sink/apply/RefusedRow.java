package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row that the server does not take: which one, and why. */
final class RefusedRow extends SQLException {

  private static final long serialVersionUID = 1L;

  /** Of a long key's value, in characters. */
  private static final int SHOWN = 60;

  /** In characters; what is longer is not sent once more to find out. */
  private static final int TRIED = 1_000_000;

  private final transient Operation operation;

  private RefusedRow(Operation operation, SQLException cause) {
    super(describe(operation) + cause.getMessage(), cause.getSQLState(), cause);
    this.operation = operation;
  }

  /** The error itself where it may pass: then it says nothing of the row. */
  static SQLException unlessTransient(Operation operation, SQLException error) {
    return SqlErrors.classify(error) == ErrorClass.TRANSIENT
        ? error
        : new RefusedRow(operation, error);
  }

  /** By the key's values, and no others: row values belong into no log. */
  private static String describe(Operation operation) {
    TargetTable table = operation.table();
    boolean insert = operation.identity().length == 0;
    Lookup lookup = insert ? table.lookup() : operation.lookup();
    String key = lookup.unique()
        ? " with " + table.lookupNames(lookup) + " = "
            + values(insert ? operation.key() : Arrays.asList(operation.identity()))
        : "";
    return "The " + operation.kind() + " of " + table.name() + key + " at offset "
        + operation.change().position().offset() + " is refused: ";
  }

  private static String values(List<? extends @Nullable Object> key) {
    return key.stream()
        .map(String::valueOf)
        .map(value -> value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "...")
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /**
   * Which columns do not take their values, each with its type; the server's own error seldom says. Writes nothing.
   *
   * @param connection under the settings of {@link TargetSession}, on which nothing is open
   * @throws SQLException if it cannot be found out
   */
  List<String> columns(Connection connection) throws SQLException {
    List<String> refused = new ArrayList<>();
    TargetTable table = operation.table();
    BitSet written = operation.written();
    for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
      TargetColumn column = table.columns().get(i);
      if (operation.values()[i] instanceof String value
          && value.length() <= TRIED
          && !takes(connection, table, column, value)) {
        refused.add(column.name() + " of type " + column.type());
      }
    }
    return refused;
  }

  /**
   * A variable is like its column: it cuts nothing off, where a cast would, and its domain is checked. The value is bound,
   * so that it does not stand in the server's log.
   */
  private boolean takes(Connection connection, TargetTable table, TargetColumn column, String value)
      throws SQLException {
    try (PreparedStatement set =
        connection.prepareStatement("SELECT set_config('pgduplex.value', ?, false)")) {
      set.setString(1, value);
      set.execute();
    }
    String block = "DECLARE v " + table.name().quoted() + "." + Identifiers.quote(column.name())
        + "%TYPE := current_setting('pgduplex.value')::" + column.type() + "; BEGIN END";
    try (Statement statement = connection.createStatement()) {
      statement.execute("DO LANGUAGE plpgsql " + Identifiers.literal(block));
      return true;
    } catch (SQLException e) {
      if (Objects.equals(e.getSQLState(), getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
