package io.pgduplex.connect.source.decode;

import io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.PgConnectionSupplier;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.connection.AbstractReplicationMessageColumn;
import org.jspecify.annotations.Nullable;

/** A value as the server wrote it. */
final class TextColumn extends AbstractReplicationMessageColumn {

  private final @Nullable String text;

  TextColumn(String name, PostgresType type, @Nullable String text) {
    super(name, type, type.getName(), true);
    this.text = text;
  }

  @Override
  // Debezium's interface says nothing about null; a NULL is null.
  @SuppressWarnings("NullAway")
  public @Nullable Object getValue(PgConnectionSupplier connection, boolean unknownTypes) {
    return text;
  }
}
