package io.pgduplex.connect.sink.table;

import java.util.List;

/**
 * What a unique index or an exclusion constraint forbids: two rows that fit the predicate and whose keys all meet.
 *
 * @param columns positions of its columns, where rows meet if these are equal by their types' own equality, and nothing
 *     else counts; empty where that is not all
 * @param keys what is compared
 * @param predicate which rows it is for, as SQL over the table's columns; empty for all
 * @param nullsEqual whether a null meets a null; else it meets nothing
 */
public record UniqueRule(
    List<Integer> columns, List<Key> keys, String predicate, boolean nullsEqual) {

  /**
   * One of the values that are compared.
   *
   * @param expression SQL over the table's columns, whose names stand there alone, of the type that the operator takes
   * @param operator with its schema
   * @param collate the collation to compare by, as SQL behind the second value; empty where there is none
   */
  public record Key(String expression, String operator, String collate) {}
}
