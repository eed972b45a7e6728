package io.pgduplex.connect.source.schema;

import java.util.Comparator;

/** A table's name. */
public record TableName(String schema, String name) implements Comparable<TableName> {

  private static final Comparator<TableName> ORDER =
      Comparator.comparing(TableName::schema).thenComparing(TableName::name);

  /** As in option values and messages. */
  public String dotted() {
    return schema + '.' + name;
  }

  @Override
  public int compareTo(TableName other) {
    return ORDER.compare(this, other);
  }
}
