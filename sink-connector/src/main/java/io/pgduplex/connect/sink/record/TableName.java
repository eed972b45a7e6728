package io.pgduplex.connect.sink.record;

import io.pgduplex.connect.common.Identifiers;

/** A table's schema and name, as in the catalogs (not quoted). */
public record TableName(String schema, String name) {

  /** The form for SQL. */
  public String quoted() {
    return Identifiers.quote(schema, name);
  }

  /** The form for people. */
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
