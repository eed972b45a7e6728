package io.pgduplex.connect.source.schema;

import java.util.List;

/**
 * A question to the catalogs, for all objects of a kind at once.
 *
 * @param name what the answer is called where it is written down
 * @param sql the text, with a {@code ?} for each parameter
 * @param parameters which oids each of them is
 */
record Query(String name, String sql, List<Of> parameters) {

  /** Sets of oids. */
  enum Of {
    /** Tables that are made. */
    TABLES,
    /** Tables that are there when they are. */
    SELECTED,
    TYPES,
    COLLATIONS,
    SEQUENCES
  }

  static Query of(String name, String sql, Of... parameters) {
    return new Query(name, sql, List.of(parameters));
  }
}
