package io.pgduplex.connect.source.values;

import io.debezium.data.Json;
import io.debezium.data.Uuid;
import io.debezium.data.Xml;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * Gives every column one of five forms, so that one rule holds for all types, those of extensions and users included:
 * booleans and integers are JSON's own, everything else is a string that PostgreSQL reads back as the same value. Floats too:
 * JSON has no NaN, and loses the sign of zero. Debezium's own forms lose some (the length of a varbit, a timetz's offset),
 * drop some columns (interval[], money[]) and write others in several ways.
 */
public final class ExactValues implements CustomConverter<SchemaBuilder, RelationalColumn> {

  @Override
  public void configure(Properties properties) {
    // Nothing to choose.
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    Form form = formOf(column.nativeType());
    if (!column.isOptional()) {
      // An old row holds only its key unless the replica identity is FULL: what it does not hold is
      // null, also in a
      // column that is NOT NULL. Debezium would put 0 or '' there. Optional columns it marks
      // itself, later.
      form.schema.optional();
    }
    registration.register(form.schema, value -> convert(column, form.from, value));
  }

  // Debezium's interface says nothing about null; a NULL is null on both sides.
  @SuppressWarnings("NullAway")
  private static @Nullable Object convert(
      RelationalColumn column, Function<Object, Object> from, @Nullable Object value) {
    // Of defaults Debezium makes objects, and nobody downstream is to see them; rows come as text.
    if (value == null || (value == column.defaultValue() && !(value instanceof String))) {
      return null;
    }
    try {
      return from.apply(value);
    } catch (RuntimeException e) {
      throw new DataException(
          "Column %s.%s of type %s: %s"
              .formatted(column.dataCollection(), column.name(), column.typeName(), e.getMessage()),
          e);
    }
  }

  private static Form formOf(int type) {
    return switch (type) {
      case Oid.BOOL -> new Form(SchemaBuilder.bool(), ExactValues::bool);
      case Oid.INT2 -> new Form(SchemaBuilder.int16(), value -> Short.valueOf(value.toString()));
      case Oid.INT4 -> new Form(SchemaBuilder.int32(), value -> Integer.valueOf(value.toString()));
      case Oid.INT8, Oid.OID ->
        new Form(SchemaBuilder.int64(), value -> Long.valueOf(value.toString()));
      case Oid.JSON, Oid.JSONB -> new Form(Json.builder(), PostgresText::of);
      case Oid.UUID -> new Form(Uuid.builder(), PostgresText::of);
      case Oid.XML -> new Form(Xml.builder(), PostgresText::of);
      default -> new Form(SchemaBuilder.string(), PostgresText::of);
    };
  }

  private static Object bool(Object value) {
    return switch (value.toString()) {
      case "true", "t" -> true;
      case "false", "f" -> false;
      default -> throw new DataException("not a boolean");
    };
  }

  private record Form(SchemaBuilder schema, Function<Object, Object> from) {}
}
