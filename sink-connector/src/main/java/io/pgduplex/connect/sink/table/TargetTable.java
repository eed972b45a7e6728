package io.pgduplex.connect.sink.table;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.record.TableName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of the target, as its catalog has it.
 *
 * @param name schema and name
 * @param partitioned whether it has partitions, which hold its rows
 * @param columns the columns that can be written, in the table's order; generated ones are not among them
 * @param generated the generated columns' names, each with SQL of its value over the others; a virtual one, which is in no
 *     index, with a null
 * @param lookup how a row is found of which everything is known: by the table's key, or as a whole
 * @param uniques the column sets, as positions in {@code columns}, that unique indexes hold for all rows without nulls
 *     in them; the key's is one
 * @param rules the unique indexes and exclusion constraints that are checked with each row
 * @param deferrable those that can be checked where a transaction ends, and in a replica session are not checked at all
 * @param otherUnique whether there are unique indexes or exclusion constraints besides the key
 */
public record TargetTable(
    TableName name,
    boolean partitioned,
    List<TargetColumn> columns,
    Map<String, String> generated,
    Lookup lookup,
    List<List<Integer>> uniques,
    List<UniqueRule> rules,
    List<UniqueRule> deferrable,
    boolean otherUnique) {

  /** Its own rows, for SQL: a table that inherits from it may hold rows with the same key. */
  public String rows() {
    return partitioned ? name.quoted() : "ONLY " + name.quoted();
  }

  /** Whether rows are told apart by a key; else by all their values. */
  public boolean hasKey() {
    return lookup.unique();
  }

  /** Positions of the key's columns; none where there is no key. */
  public List<Integer> key() {
    return hasKey() ? lookup.columns() : List.of();
  }

  /** Whether no row can stand in the way of another but by a key of the same text. */
  public boolean keyIsOnlyUnique() {
    return hasKey()
        && !otherUnique
        && key().stream().allMatch(i -> columns.get(i).exactEquality());
  }

  /**
   * How the row is found here that the source knows by {@code source}. Where the source tells only some columns, these
   * must be unique here too: by fewer of them, or by others, another row might be found.
   *
   * @return empty where it cannot be found for sure
   */
  public Optional<Lookup> lookup(ReplicaIdentity source) {
    if (source.full() || isKey(source.columns())) {
      return Optional.of(lookup);
    }
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (source.columns().contains(columns.get(i).name())) {
        positions.add(i);
      }
    }
    return positions.size() == source.columns().size()
            && uniques.stream().anyMatch(positions::containsAll)
        ? Optional.of(new Lookup(List.copyOf(positions), true))
        : Optional.empty();
  }

  private boolean isKey(List<String> names) {
    if (!hasKey() || names.size() != lookup.columns().size()) {
      return false;
    }
    for (int position : lookup.columns()) {
      if (!names.contains(columns.get(position).name())) {
        return false;
      }
    }
    return true;
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
    return lookupNames(lookup);
  }

  /** The column names that a lookup goes by, for messages. */
  public String lookupNames(Lookup by) {
    return by.unique()
        ? by.columns().stream()
            .map(i -> columns.get(i).name())
            .collect(Collectors.joining(", ", "(", ")"))
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
