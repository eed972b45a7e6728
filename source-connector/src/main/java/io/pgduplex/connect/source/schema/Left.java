package io.pgduplex.connect.source.schema;

import java.util.HashSet;
import java.util.Set;

/**
 * What tables have of their own by now, and had from one above: that one has lost it by ONLY, so they are to keep it.
 *
 * @param columns names, quoted
 * @param notNull names of columns that are NOT NULL, quoted
 * @param constraints names, quoted
 */
record Left(Set<String> columns, Set<String> notNull, Set<String> constraints) {

  static final Left NOTHING = new Left(Set.of(), Set.of(), Set.of());

  Left and(Left other) {
    return new Left(
        union(columns, other.columns),
        union(notNull, other.notNull),
        union(constraints, other.constraints));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }
}
