package io.pgduplex.connect.common.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Compares what two databases' catalogs say about tables, and what belongs to them, by the objects' names. Owners, grants,
 * triggers, rules and policies are left aside.
 */
public final class CatalogComparison {

  private CatalogComparison() {}

  /**
   * What is in one of the databases alone, or differs: {@code column public.t.a, default: 1 | 2}.
   *
   * @param leftOut schemas that are not looked at
   * @param compared which objects are: {@code column public.t.a}
   */
  public static List<String> differences(
      Connection one, Connection other, Collection<String> leftOut, Predicate<String> compared)
      throws SQLException {
    SortedMap<String, SortedMap<String, String>> ofOne = read(one, leftOut);
    SortedMap<String, SortedMap<String, String>> ofOther = read(other, leftOut);
    List<String> differences = new ArrayList<>();
    TreeSet<String> objects = new TreeSet<>(ofOne.keySet());
    objects.addAll(ofOther.keySet());
    objects.removeIf(compared.negate());
    for (String object : objects) {
      if (!ofOther.containsKey(object)) {
        differences.add(object + ": in the first only");
      } else if (!ofOne.containsKey(object)) {
        differences.add(object + ": in the second only");
      } else {
        addDifferences(object, ofOne.get(object), ofOther.get(object), differences);
      }
    }
    return differences;
  }

  private static void addDifferences(
      String object,
      SortedMap<String, String> one,
      SortedMap<String, String> other,
      List<String> differences) {
    one.forEach((property, value) -> {
      String there = other.get(property);
      if (!value.equals(there)) {
        differences.add(object + ", " + property + ": " + value + " | " + there);
      }
    });
  }

  /** By object, its properties. */
  public static SortedMap<String, SortedMap<String, String>> read(
      Connection connection, Collection<String> leftOut) throws SQLException {
    SortedMap<String, SortedMap<String, String>> objects = new TreeMap<>();
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("""
          SET LOCAL search_path = '';
          SET LOCAL TimeZone = 'UTC';
          SET LOCAL quote_all_identifiers = off""");
      for (String query : CatalogQueries.ALL) {
        read(connection, query, leftOut, objects);
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
    return objects;
  }

  private static void read(
      Connection connection,
      String query,
      Collection<String> leftOut,
      SortedMap<String, SortedMap<String, String>> objects)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setArray(1, connection.createArrayOf("text", leftOut.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String before = objects
              .computeIfAbsent(row.getString(1), unused -> new TreeMap<>())
              .put(row.getString(2), String.valueOf(row.getString(3)));
          if (before != null) {
            throw new IllegalStateException("Two of one name: " + row.getString(1));
          }
        }
      }
    }
  }
}
