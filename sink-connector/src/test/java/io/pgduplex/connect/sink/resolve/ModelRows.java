package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.LocalRow.Place;
import io.pgduplex.connect.sink.plan.Marker;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows in memory, with what a server knows of them: who wrote each, and when that was committed. */
class ModelRows implements TargetRows {

  static final String UNIQUE_VIOLATION = "23505";

  /**
   * A row's current version.
   *
   * @param values in the order of the table's columns
   * @param fromSender whether the sink wrote it
   * @param micros when it was committed; empty in the transaction that wrote it
   */
  record Version(List<@Nullable Object> values, boolean fromSender, OptionalLong micros) {}

  private final Map<TargetTable, Map<List<@Nullable Object>, Version>> tables = new HashMap<>();

  Map<List<@Nullable Object>, Version> of(TargetTable table) {
    return tables.computeIfAbsent(table, any -> new HashMap<>());
  }

  /** Puts a row there that nothing is in the way of. */
  void put(TargetTable table, Version version) {
    of(table).put(keyOf(table, version.values()), version);
  }

  /** Another that holds the same rows. */
  Map<TargetTable, Map<List<@Nullable Object>, Version>> copy() {
    Map<TargetTable, Map<List<@Nullable Object>, Version>> copy = new HashMap<>();
    tables.forEach((table, rows) -> copy.put(table, new HashMap<>(rows)));
    return copy;
  }

  /** Makes the rows be as they were. */
  void restore(Map<TargetTable, Map<List<@Nullable Object>, Version>> before) {
    tables.clear();
    tables.putAll(before);
  }

  /** The sink's transaction is committed. */
  void commit(long micros) {
    for (Map<List<@Nullable Object>, Version> rows : tables.values()) {
      rows.replaceAll((key, row) -> row.micros().isEmpty() && row.fromSender()
          ? new Version(row.values(), true, OptionalLong.of(micros))
          : row);
    }
  }

  static List<@Nullable Object> keyOf(TargetTable table, List<@Nullable Object> values) {
    List<@Nullable Object> key = new ArrayList<>();
    table.key().forEach(position -> key.add(values.get(position)));
    return key;
  }

  /** The keys of the rows that share a unique value with these. */
  List<List<@Nullable Object>> sharing(TargetTable table, List<@Nullable Object> values) {
    return sharing(table, table.uniques(), values);
  }

  /** The same of what is checked where a transaction ends. */
  List<List<@Nullable Object>> sharingAtEnd(TargetTable table, List<@Nullable Object> values) {
    return sharing(table, table.deferrable().stream().map(UniqueRule::columns).toList(), values);
  }

  /** Whether a table's rows are such that a transaction may end. */
  boolean holdAtEnd(TargetTable table) {
    return of(table).values().stream()
        .allMatch(row -> sharingAtEnd(table, row.values()).size() <= 1);
  }

  private List<List<@Nullable Object>> sharing(
      TargetTable table, List<List<Integer>> uniques, List<@Nullable Object> values) {
    List<List<@Nullable Object>> keys = new ArrayList<>();
    of(table).forEach((key, row) -> {
      boolean shares = uniques.stream()
          .anyMatch(unique -> unique.stream()
              .allMatch(i -> values.get(i) != null
                  && Objects.equals(values.get(i), row.values().get(i))));
      if (shares) {
        keys.add(key);
      }
    });
    return keys;
  }

  @Override
  public boolean insert(Operation operation) {
    List<@Nullable Object> values = Arrays.asList(operation.values());
    if (!sharing(operation.table(), values).isEmpty()) {
      return false;
    }
    put(operation.table(), written(values));
    return true;
  }

  private static Version written(List<@Nullable Object> values) {
    return new Version(values, true, OptionalLong.empty());
  }

  @Override
  public boolean update(Operation operation) throws SQLException {
    Version row = matching(operation);
    if (row == null) {
      return false;
    }
    List<@Nullable Object> identity = Arrays.asList(operation.identity());
    List<@Nullable Object> values = result(operation, row);
    if (sharing(operation.table(), values).stream().anyMatch(key -> !key.equals(identity))) {
      throw new RowInTheWay(new SQLException("duplicate key", UNIQUE_VIOLATION));
    }
    of(operation.table()).remove(identity);
    put(operation.table(), written(values));
    return true;
  }

  private static List<@Nullable Object> result(Operation operation, Version row) {
    List<@Nullable Object> values = new ArrayList<>(row.values());
    for (int i = 0; i < values.size(); i++) {
      if (operation.written().get(i)) {
        values.set(i, operation.values()[i]);
      }
    }
    return values;
  }

  @Override
  public boolean delete(Operation operation) {
    return matching(operation) != null
        && of(operation.table()).remove(Arrays.asList(operation.identity())) != null;
  }

  @Nullable
  Version matching(Operation operation) {
    Version row = of(operation.table()).get(Arrays.asList(operation.identity()));
    return row != null
            && operation.compared().stream()
                .allMatch(i -> Objects.equals(row.values().get(i), operation.expected()[i]))
        ? row
        : null;
  }

  @Override
  public @Nullable LocalRow find(Operation operation) {
    List<@Nullable Object> identity = Arrays.asList(operation.identity());
    Version row = of(operation.table()).get(identity);
    return row == null ? null : local(row, identity);
  }

  private static LocalRow local(Version row, List<@Nullable Object> key) {
    List<String> texts = key.stream().map(String::valueOf).toList();
    return new LocalRow(
        row.values().toString(),
        row.micros(),
        row.fromSender(),
        texts,
        new Place(0, texts.toString()));
  }

  @Override
  public boolean holds(Operation operation) {
    Version row = of(operation.table()).get(Arrays.asList(operation.identity()));
    return row != null && row.values().equals(Arrays.asList(operation.values()));
  }

  @Override
  public List<LocalRow> inTheWay(Operation operation) {
    return others(operation, sharing(operation.table(), values(operation)));
  }

  @Override
  public List<LocalRow> inTheWayAtEnd(Operation operation) {
    return others(operation, sharingAtEnd(operation.table(), values(operation)));
  }

  /** Of the row as the operation makes it. */
  private List<@Nullable Object> values(Operation operation) {
    TargetTable table = operation.table();
    List<@Nullable Object> identity = Arrays.asList(operation.identity());
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(operation.values()));
    Version row = of(table).get(identity);
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof Marker) {
        int ofKey = table.key().indexOf(i);
        values.set(
            i,
            ofKey >= 0 ? identity.get(ofKey) : row == null ? null : row.values().get(i));
      }
    }
    return values;
  }

  private List<LocalRow> others(Operation operation, List<List<@Nullable Object>> keys) {
    List<@Nullable Object> own =
        operation.identity().length > 0 ? Arrays.asList(operation.identity()) : operation.key();
    return keys.stream()
        .filter(key -> !key.equals(own))
        .map(key -> local(Objects.requireNonNull(of(operation.table()).get(key)), key))
        .toList();
  }

  @Override
  public Set<Operation> suspects(TargetTable table, List<Operation> operations) {
    return Set.copyOf(operations);
  }

  @Override
  public void awaitOthers(Collection<TargetTable> tables) {}

  @Override
  public void remove(TargetTable table, LocalRow row) {
    of(table).remove(new ArrayList<Object>(row.key()));
  }

  /** All rows, by table and key. */
  Map<String, List<@Nullable Object>> contents() {
    Map<String, List<@Nullable Object>> contents = new HashMap<>();
    tables.forEach((table, rows) ->
        rows.forEach((key, row) -> contents.put(table.name() + " " + key, row.values())));
    return contents;
  }
}
