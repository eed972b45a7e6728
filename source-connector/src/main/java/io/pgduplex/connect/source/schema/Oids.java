package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What queries are asked about, by {@link Of}. */
record Oids(
    Collection<Long> tables,
    Collection<Long> types,
    Collection<Long> collations,
    Collection<Long> sequences) {

  static Oids ofTables(Set<Long> tables) {
    return new Oids(tables, List.of(), List.of(), List.of());
  }

  static Oids ofTypes(Set<Long> types) {
    return new Oids(List.of(), types, List.of(), List.of());
  }

  static Oids ofSequences(Set<Long> sequences) {
    return new Oids(List.of(), List.of(), List.of(), sequences);
  }

  Collection<Long> of(Of which) {
    return switch (which) {
      case TABLES, SELECTED -> tables;
      case TYPES -> types;
      case COLLATIONS -> collations;
      case SEQUENCES -> sequences;
    };
  }
}
