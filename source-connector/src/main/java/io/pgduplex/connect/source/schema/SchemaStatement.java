package io.pgduplex.connect.source.schema;

/**
 * One statement of those that make the selected tables; what it needs was made by the statements before it.
 *
 * @param phase whether it runs before or after the rows
 * @param kind what it makes, in PostgreSQL's words: {@code table}, {@code index}, {@code constraint}, …
 * @param schema the schema of the table, type or sequence that it is about
 * @param name the name of that table, type or sequence: of an index or a constraint the table's; empty for a schema
 * @param sql the statement, without a semicolon at its end; it means the same whatever the search_path
 */
public record SchemaStatement(Phase phase, String kind, String schema, String name, String sql) {

  /** When a statement runs. */
  public enum Phase {
    /** What rows cannot be without, keys included: repeated and conflicting rows are told by them. */
    BEFORE_ROWS,
    /** What is cheaper with the rows there, or would keep rows out that are in the source as well. */
    AFTER_ROWS,
    /** Where it comes in the stream; what is there already, and is no table, stays. */
    CREATE,
    /** Where it comes in the stream. */
    CHANGE,
    /** The same outside of a transaction: it builds an index while others write. */
    CONCURRENTLY,
    /** Never: it says what cannot be carried. */
    UNSUPPORTED,
    /** Never: a change that leaves nothing to do. */
    NOTHING
  }

  SchemaStatement ofKind(String other) {
    return new SchemaStatement(phase, other, schema, name, sql);
  }

  SchemaStatement at(Phase other) {
    return of(other, sql);
  }

  /** Another one about the same. */
  SchemaStatement of(Phase otherPhase, String otherSql) {
    return new SchemaStatement(otherPhase, kind, schema, name, otherSql);
  }
}
