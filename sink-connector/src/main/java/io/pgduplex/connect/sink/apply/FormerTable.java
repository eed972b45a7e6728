package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Fields;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table as the other side still knows it.
 *
 * @param name what it was called
 * @param now what it is called; empty if it is gone
 * @param numbers of its columns as they were, by their names
 * @param columns the names that they have now, by their numbers
 * @param changes in their order
 */
record FormerTable(
    TableName name,
    Optional<TableName> now,
    Map<String, Integer> numbers,
    Map<Integer, String> columns,
    List<DefinitionChange> changes) {

  /** Whether the other side's rows fit as they are. */
  boolean isTheSame() {
    return now.isPresent()
        && now.get().equals(name)
        && changes.isEmpty()
        && numbers.entrySet().stream()
            .allMatch(column -> column.getKey().equals(columns.get(column.getValue())));
  }

  /**
   * A change of one of its rows as one of the table that there is now.
   *
   * @param keyed whether rows are told by a key, and not as a whole
   */
  RowChange translate(RowChange row, Connection connection, boolean keyed) throws SQLException {
    return new RowChange(
        row.position(),
        now.orElseThrow(),
        row.kind(),
        translate(row.before(), connection, !keyed),
        translate(row.after(), connection, !keyed || row.kind() == Kind.INSERT),
        translate(row.identity()),
        row.lsn(),
        row.commitMicros());
  }

  private @Nullable Object translate(@Nullable Object image, Connection connection, boolean whole)
      throws SQLException {
    if (image == null) {
      return null;
    }
    Map<Integer, @Nullable Object> row = new LinkedHashMap<>();
    Map<String, @Nullable Object> translated = new LinkedHashMap<>();
    for (String column : Fields.names(image)) {
      Integer number = numbers.get(column);
      if (number == null) {
        translated.put(column, Fields.get(image, column));
      } else {
        row.put(number, Fields.get(image, column));
      }
    }
    for (DefinitionChange change : changes) {
      row = change.applied(connection, row, whole);
    }
    row.forEach((number, value) -> {
      String name = columns.get(number);
      if (name != null) {
        translated.put(name, value);
      }
    });
    return translated;
  }

  private ReplicaIdentity translate(ReplicaIdentity identity) {
    return identity.full()
        ? identity
        : ReplicaIdentity.of(identity.columns().stream()
            .map(column -> numbers.containsKey(column) ? columns.get(numbers.get(column)) : column)
            .filter(Objects::nonNull)
            .toList());
  }
}
