package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.List;

/**
 * By which columns a database knew a row when it changed: what PostgreSQL calls the table's replica identity, as it was at
 * that place in the WAL.
 *
 * <p>On the wire it is text: {@code *} for FULL, else the columns' names joined by commas ({@code id} or {@code id,at});
 * a backslash stands before a comma, a backslash or a star that is part of a name. Empty text is no identity at all, under
 * which PostgreSQL allows no UPDATE and no DELETE.
 *
 * @param full whether the image before a change is the complete row (REPLICA IDENTITY FULL); else it holds the columns
 *     and, in place of every other value, null
 * @param columns the columns of the primary key (DEFAULT) or of the index (USING INDEX), in the table's order; none
 *     under FULL
 */
public record ReplicaIdentity(boolean full, List<String> columns) {

  public static final ReplicaIdentity FULL = new ReplicaIdentity(true, List.of());
  public static final ReplicaIdentity NOTHING = new ReplicaIdentity(false, List.of());

  private static final String ALL = "*";

  public ReplicaIdentity {
    columns = List.copyOf(columns);
  }

  /** The identity that consists of these columns. */
  public static ReplicaIdentity of(List<String> columns) {
    return new ReplicaIdentity(false, columns);
  }

  /** Reads {@link #text}. */
  public static ReplicaIdentity parse(String text) {
    if (text.equals(ALL)) {
      return FULL;
    }
    List<String> columns = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',') {
        columns.add(name.toString());
        name.setLength(0);
      } else {
        name.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
      }
    }
    if (!text.isEmpty()) {
      columns.add(name.toString());
    }
    return of(columns);
  }

  /** The form on the wire. */
  public String text() {
    return full
        ? ALL
        : String.join(
            ",",
            columns.stream().map(name -> name.replaceAll("[\\\\,*]", "\\\\$0")).toList());
  }

  /** The form for people. */
  @Override
  public String toString() {
    if (full) {
      return "the whole row";
    }
    return columns.isEmpty() ? "nothing" : "(" + String.join(", ", columns) + ")";
  }
}
