package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.sink.record.TableName;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of the target, as its catalog has it.
 *
 * @param name schema and name
 * @param columns the columns that can be written, in the table's order; generated ones are not among them
 * @param generated names of the generated columns
 * @param key positions in {@code columns} of the columns that identify a row; empty where only the whole row does
 * @param otherUnique whether there are unique indexes or exclusion constraints besides the key
 */
public record TargetTable(
    TableName name,
    List<TargetColumn> columns,
    Set<String> generated,
    List<Integer> key,
    boolean otherUnique) {

  /** Whether rows are told apart by a key; else by all their values. */
  public boolean hasKey() {
    return !key.isEmpty();
  }

  /** Whether no row can stand in the way of another but by a key of the same text. */
  public boolean keyIsOnlyUnique() {
    return hasKey() && !otherUnique && key.stream().allMatch(i -> columns.get(i).exactEquality());
  }

  /** The positions that tell a row apart: the key, or all columns. */
  public List<Integer> identity() {
    return hasKey() ? key : IntStream.range(0, columns.size()).boxed().toList();
  }

  /** Whether one of the columns at {@code positions} is GENERATED ALWAYS AS IDENTITY, so that UPDATE cannot set it. */
  public boolean hasIdentityAlways(BitSet positions) {
    return positions.stream().anyMatch(i -> columns.get(i).identityAlways());
  }

  /** The names at {@code positions}, in the table's order. */
  public List<String> names(BitSet positions) {
    return positions.stream().mapToObj(i -> columns.get(i).name()).toList();
  }

  /** The key's column names, for messages. */
  public String keyNames() {
    return hasKey()
        ? key.stream().map(i -> columns.get(i).name()).collect(Collectors.joining(", ", "(", ")"))
        : "(no key: whole row)";
  }

  /** One reading of the catalog is one table: comparing by content would cost for each row. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
