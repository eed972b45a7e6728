package io.pgduplex.connect.transforms;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's shapes as far as the transform looks at them, with schema and without. */
final class Rows {

  static final Schema SOURCE = SchemaBuilder.struct()
      .name("io.debezium.connector.postgresql.Source")
      .field("schema", Schema.STRING_SCHEMA)
      .field("table", Schema.STRING_SCHEMA)
      .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
      .build();

  private static final Schema ENVELOPE = SchemaBuilder.struct()
      .name("bank.forward.Envelope")
      .field("op", Schema.STRING_SCHEMA)
      .field("source", SOURCE)
      .build();

  private Rows() {}

  static Struct struct(String operation, String schema, @Nullable String origin) {
    return new Struct(ENVELOPE)
        .put("op", operation)
        .put(
            "source",
            new Struct(SOURCE).put("schema", schema).put("table", "t").put("origin", origin));
  }

  static Map<String, Object> map(String operation, String schema, @Nullable String origin) {
    Map<String, Object> source = new HashMap<>(Map.of("schema", schema, "table", "t"));
    if (origin != null) {
      source.put("origin", origin);
    }
    return Map.of("op", operation, "source", source);
  }

  static SourceRecord record(@Nullable Object value) {
    return new SourceRecord(Map.of(), Map.of(), "bank.forward", 0, null, value);
  }

  static SourceRecord record(Struct value) {
    return new SourceRecord(Map.of(), Map.of(), "bank.forward", 0, value.schema(), value);
  }
}
