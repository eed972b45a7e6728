package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a statement has done to a table's rows.
 *
 * @param hasRows whether there are any
 * @param rewritten whether they were written anew
 * @param retyped whether they were because a column got other values by {@code ALTER COLUMN … TYPE}, which may be the type
 *     that it had
 */
record Rewriting(boolean hasRows, boolean rewritten, boolean retyped) {

  static Rewriting read(JsonNode change) {
    return new Rewriting(
        change.get("hasRows").asBoolean(),
        change.get("rewritten").asBoolean(),
        change.get("retyped").asBoolean());
  }
}
