package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.former.FormerTypes;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * What a statement on a table of this side makes of a row that the other side sent before it has made the same.
 *
 * @param number in {@code pgduplex.ddl_log}
 * @param table as it was called then
 * @param ofType whether a type has its columns, which is altered by no expression
 * @param columns as they were before
 * @param types that these needed
 * @param added what older rows have in columns that it added, by the columns' numbers
 * @param text of the statement; empty where it cannot be known
 * @param settings of its session
 */
record DefinitionChange(
    long number,
    TableName table,
    boolean ofType,
    List<Column> columns,
    FormerTypes types,
    Map<Integer, @Nullable String> added,
    Optional<String> text,
    Map<String, String> settings) {

  /**
   * A column as it was.
   *
   * @param number which it keeps
   * @param newType its type afterwards; null where its values stayed
   * @param change what makes of its values those that they are by the types within its own; null where they stay
   */
  record Column(
      int number,
      String name,
      String type,
      @Nullable String newType,
      @Nullable UnaryOperator<String> change) {}

  /**
   * The row as it would be if it had been there.
   *
   * @param row texts by the columns' numbers; what it lacks stays away
   * @param whole whether added columns are to be there
   */
  Map<Integer, @Nullable Object> applied(
      Connection connection, Map<Integer, @Nullable Object> row, boolean whole)
      throws SQLException {
    Map<Integer, @Nullable Object> result = new HashMap<>(row);
    if (whole) {
      result.putAll(added);
    }
    new Retyping(this, row).into(connection, result);
    for (Column column : columns) {
      Object value = row.get(column.number());
      if (column.change() != null && value != null && !Wire.UNAVAILABLE_VALUE.equals(value)) {
        result.put(column.number(), changed(column, column.change(), value.toString()));
      }
    }
    return result;
  }

  private String changed(Column column, UnaryOperator<String> change, String value) {
    try {
      return change.apply(value);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "A value of " + table + ", column " + column.name() + ", does not fit its type "
              + column.type() + " as it was before it was altered here",
          e);
    }
  }
}
