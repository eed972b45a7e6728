package io.pgduplex.connect.source.decode;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.postgresql.PostgresSourceInfoStructMaker;
import io.debezium.connector.postgresql.SourceInfo;
import io.pgduplex.connect.common.Wire;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's {@code source} block with one more field, {@link Wire#SOURCE_IDENTITY}. Debezium makes it by name, one for
 * each reading of its configuration, and asks it for each row on the thread that has just decoded that row.
 */
public final class SourceWithIdentity extends PostgresSourceInfoStructMaker {

  /** One instance for all: where two schemas are not the same object, each row's source block is compared by content. */
  private static final AtomicReference<@Nullable Schema> SCHEMA = new AtomicReference<>();

  private @Nullable String identity;

  @Override
  public void init(String connector, String version, CommonConnectorConfig config) {
    super.init(connector, version, config);
    SCHEMA.compareAndSet(null, withIdentity(super.schema()));
  }

  private static Schema withIdentity(Schema schema) {
    SchemaBuilder builder = SchemaBuilder.struct().name(schema.name()).version(schema.version());
    for (Field field : schema.fields()) {
      builder.field(field.name(), field.schema());
    }
    return builder.field(Wire.SOURCE_IDENTITY, Schema.OPTIONAL_STRING_SCHEMA).build();
  }

  /** Says under which identity the row was changed that comes next; null for what is no change of a row. */
  void nextRow(@Nullable String text) {
    identity = text;
  }

  @Override
  public Schema schema() {
    Schema schema = SCHEMA.get();
    return schema == null ? super.schema() : schema;
  }

  @Override
  public Struct struct(SourceInfo sourceInfo) {
    return super.struct(sourceInfo).put(Wire.SOURCE_IDENTITY, identity);
  }
}
