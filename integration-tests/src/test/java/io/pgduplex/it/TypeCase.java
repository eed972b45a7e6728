package io.pgduplex.it;

import java.util.List;

/**
 * A type with values that are easily lost.
 *
 * @param name as in a column's definition
 * @param since the PostgreSQL version from which on the values are there
 * @param setup makes it, where it is not PostgreSQL's own
 * @param nullable whether a NULL is one of its values
 * @param values SQL expressions
 */
record TypeCase(String name, int since, String setup, boolean nullable, List<String> values) {

  TypeCase {
    values = List.copyOf(values);
  }

  boolean isOf(String otherName, int otherSince) {
    return name.equals(otherName) && since == otherSince;
  }

  @Override
  public String toString() {
    return name;
  }
}
