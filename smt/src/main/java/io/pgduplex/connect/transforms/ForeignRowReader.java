package io.pgduplex.connect.transforms;

import io.pgduplex.connect.common.Wire;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Finds, in a value with schema (Struct) or without (Map), the rows that came from WAL and carry a replication origin.
 */
final class ForeignRowReader {

  /** A row change or TRUNCATE that was written under an origin, in a table of a schema. */
  record ForeignRow(String origin, String schema) {}

  /**
   * Not {@code r}: a snapshot reads the table, whoever wrote it. Debezium leaves in such a row the origin of whatever
   * transaction it streamed before, so that a row of an incremental snapshot may seem to be a loop-back.
   */
  private static final Set<String> OPERATIONS_IN_WAL = Set.of("c", "u", "d", "t");

  private static final int REMEMBERED_SCHEMAS = 4096;

  private final Memo<Schema, Optional<EnvelopeFields>> envelopes =
      new Memo<>(new IdentityHashMap<>(), REMEMBERED_SCHEMAS, EnvelopeFields::of);

  /** The row and its origin; null for everything else, rows written locally included. */
  @Nullable
  ForeignRow read(@Nullable Object value) {
    if (value instanceof Struct struct) {
      return envelopes.get(struct.schema()).map(fields -> fields.read(struct)).orElse(null);
    }
    if (value instanceof Map<?, ?> map && map.get(Wire.SOURCE) instanceof Map<?, ?> source) {
      return foreignRow(
          map.get(Wire.OP), source.get(Wire.SOURCE_ORIGIN), source.get(Wire.SOURCE_SCHEMA));
    }
    return null;
  }

  private static @Nullable ForeignRow foreignRow(
      @Nullable Object operation, @Nullable Object origin, @Nullable Object schema) {
    return origin instanceof String originName
            && schema instanceof String schemaName
            && operation instanceof String letter
            && OPERATIONS_IN_WAL.contains(letter)
        ? new ForeignRow(originName, schemaName)
        : null;
  }

  private record EnvelopeFields(Field operation, Field source, Field origin, Field schema) {

    static Optional<EnvelopeFields> of(Schema value) {
      Field operation = value.field(Wire.OP);
      Field source = value.field(Wire.SOURCE);
      if (operation == null || source == null || source.schema().type() != Schema.Type.STRUCT) {
        return Optional.empty();
      }
      Field origin = source.schema().field(Wire.SOURCE_ORIGIN);
      Field schema = source.schema().field(Wire.SOURCE_SCHEMA);
      return origin == null || schema == null
          ? Optional.empty()
          : Optional.of(new EnvelopeFields(operation, source, origin, schema));
    }

    @Nullable
    ForeignRow read(Struct value) {
      return value.get(source) instanceof Struct from
          ? foreignRow(value.get(operation), from.get(origin), from.get(schema))
          : null;
    }
  }
}
