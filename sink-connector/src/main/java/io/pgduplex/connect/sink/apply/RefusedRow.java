package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row that the server does not take: which one, and why. */
final class RefusedRow extends SQLException {

  private static final long serialVersionUID = 1L;

  /** Of a long key's value, in characters. */
  private static final int SHOWN = 60;

  private final transient Operation operation;

  RefusedRow(Operation operation, SQLException cause) {
    super(describe(operation) + cause.getMessage(), cause.getSQLState(), cause);
    this.operation = operation;
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
   * @param connection on which nothing is open
   */
  List<String> columns(Connection connection) {
    List<String> refused = new ArrayList<>();
    TargetTable table = operation.table();
    BitSet written = operation.written();
    for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
      TargetColumn column = table.columns().get(i);
      if (operation.values()[i] instanceof String value
          && !takes(connection, table, column, value)) {
        refused.add(column.name() + " of type " + column.type());
      }
    }
    return refused;
  }

  /** A variable is like its column: it cuts nothing off, where a cast would, and its domain is checked. */
  private static boolean takes(
      Connection connection, TargetTable table, TargetColumn column, String value) {
    String block = "DECLARE v " + table.name().quoted() + "." + Identifiers.quote(column.name())
        + "%TYPE; BEGIN v := " + Identifiers.literal(value) + "::" + column.type() + "; END";
    try (Statement statement = connection.createStatement()) {
      statement.execute("DO LANGUAGE plpgsql " + Identifiers.literal(block));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
