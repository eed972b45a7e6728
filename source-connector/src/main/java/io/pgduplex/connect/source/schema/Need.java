package io.pgduplex.connect.source.schema;

/**
 * What a table needs and nobody carries, so that it must be in the target database before the statements run.
 *
 * @param kind in PostgreSQL's words: {@code extension}, {@code function}, {@code operator}, …
 * @param name as PostgreSQL names it; with its arguments, if it is a function
 * @param table one of the tables that need it
 */
public record Need(String kind, String name, TableName table) {

  @Override
  public String toString() {
    return kind + ' ' + name + " (needed by " + table.dotted() + ')';
  }
}
