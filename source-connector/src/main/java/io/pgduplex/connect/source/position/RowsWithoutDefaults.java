package io.pgduplex.connect.source.position;

import io.pgduplex.connect.common.Wire;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Row changes of a table whose columns have defaults, under schemas that do not say so. With a default in the schema,
 * both {@code Struct.get} and JsonConverter's {@code replace.null.with.default} (on unless switched off) turn a NULL
 * that the application wrote into the column's default.
 */
final class RowsWithoutDefaults {

  private final Schema envelope;
  private final Schema row;

  private RowsWithoutDefaults(Schema envelope, Schema row) {
    this.envelope = envelope;
    this.row = row;
  }

  /** Null for values that are no row changes, and for tables without a column default. */
  static @Nullable RowsWithoutDefaults of(Schema envelope) {
    Field after = envelope.field(Wire.AFTER);
    if (after == null || envelope.field(Wire.OP) == null || !hasDefaults(after.schema())) {
      return null;
    }
    Schema row = withoutDefaults(after.schema());
    SchemaBuilder builder = like(envelope);
    for (Field field : envelope.fields()) {
      builder.field(field.name(), isRow(field) ? row : field.schema());
    }
    return new RowsWithoutDefaults(builder.build(), row);
  }

  Schema envelope() {
    return envelope;
  }

  Struct copy(Struct change) {
    Struct copy = new Struct(envelope);
    for (Field field : envelope.fields()) {
      Object value = change.getWithoutDefault(field.name());
      copy.put(field, isRow(field) && value instanceof Struct fields ? copyRow(fields) : value);
    }
    return copy;
  }

  private Struct copyRow(Struct fields) {
    Struct copy = new Struct(row);
    for (Field field : row.fields()) {
      copy.put(field, fields.getWithoutDefault(field.name()));
    }
    return copy;
  }

  private static boolean isRow(Field field) {
    return field.name().equals(Wire.BEFORE) || field.name().equals(Wire.AFTER);
  }

  private static boolean hasDefaults(Schema row) {
    return row.fields().stream().anyMatch(field -> field.schema().defaultValue() != null);
  }

  private static Schema withoutDefaults(Schema row) {
    SchemaBuilder builder = like(row);
    for (Field field : row.fields()) {
      Schema column = field.schema();
      builder.field(field.name(), column.defaultValue() == null ? column : withoutDefault(column));
    }
    return builder.build();
  }

  private static Schema withoutDefault(Schema column) {
    boolean struct = column.type() == Schema.Type.STRUCT;
    boolean map = column.type() == Schema.Type.MAP;
    return new ConnectSchema(
        column.type(),
        column.isOptional(),
        null,
        column.name(),
        column.version(),
        column.doc(),
        column.parameters(),
        struct ? column.fields() : null,
        map ? column.keySchema() : null,
        map || column.type() == Schema.Type.ARRAY ? column.valueSchema() : null);
  }

  private static SchemaBuilder like(Schema schema) {
    SchemaBuilder builder = SchemaBuilder.struct().name(schema.name()).doc(schema.doc());
    if (schema.version() != null) {
      builder.version(schema.version());
    }
    if (schema.isOptional()) {
      builder.optional();
    }
    if (schema.parameters() != null) {
      builder.parameters(schema.parameters());
    }
    return builder;
  }
}
