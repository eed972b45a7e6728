package io.pgduplex.connect.source.schema;

/**
 * A part of a table's definition for which there is no statement.
 *
 * @param kind in PostgreSQL's words: {@code foreign key}, {@code index}, …
 * @param name its name; empty for the table itself
 * @param reason why, as the end of a sentence
 */
public record LeftOut(TableName table, String kind, String name, String reason) {

  @Override
  public String toString() {
    String of = name.isEmpty() ? "" : name + " of ";
    return kind + ' ' + of + table.dotted() + ": " + reason;
  }
}
