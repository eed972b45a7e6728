package io.pgduplex.connect.source.identity;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.PostgresReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream.ReplicationMessageProcessor;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.debezium.relational.Table;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/**
 * Debezium's decoder, which also keeps what it passes over: under which replica identity a row was changed, and whether its
 * old tuple is the whole row ({@code O}) or only the identity's columns with nulls in place of the rest ({@code K}).
 *
 * <p>Used by the thread that reads the replication stream. The formats are in PostgreSQL's documentation, "Logical
 * Replication Message Formats".
 */
public final class IdentityDecoder extends PgOutputMessageDecoder {

  private static final String DECODER_FIELD = "messageDecoder";

  private final PostgresSchema schema;
  private final SourceWithIdentity source;
  private final Map<Integer, Relation> relations = new HashMap<>();

  IdentityDecoder(
      MessageDecoderContext context, PostgresConnection connection, SourceWithIdentity source) {
    super(context, connection);
    this.schema = context.getSchema();
    this.source = source;
  }

  /** Puts such a decoder in the place of the one that {@code stream} was made with. */
  public static void installIn(
      ReplicationConnection stream,
      PostgresConnection connection,
      PostgresSchema schema,
      PostgresConnectorConfig config) {
    SourceWithIdentity source = (SourceWithIdentity) config.<SourceInfo>getSourceInfoStructMaker();
    IdentityDecoder decoder =
        new IdentityDecoder(new MessageDecoderContext(config, schema), connection, source);
    try {
      // Debezium chooses the decoder by an enum, and offers no other way to have one of one's own.
      Field field = PostgresReplicationConnection.class.getDeclaredField(DECODER_FIELD);
      field.setAccessible(true);
      field.set(stream, decoder);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ConnectException(
          "The bundled Debezium has no place for the decoder that reads replica identities: " + e,
          e);
    }
  }

  @Override
  public void processNotEmptyMessage(
      ByteBuffer message, ReplicationMessageProcessor processor, TypeRegistry types)
      throws SQLException, InterruptedException {
    int start = message.position();
    char type = (char) message.get(start);
    if (type == 'R') {
      ByteBuffer relation = message.duplicate();
      super.processNotEmptyMessage(message, processor, types);
      relation.position(start + 1);
      int id = relation.getInt();
      relations.put(id, Relation.read(relation, schema.tableFor(id)));
      return;
    }
    source.nextRow(type == 'I' || type == 'U' || type == 'D' ? identityOf(message, start) : null);
    super.processNotEmptyMessage(message, processor, types);
  }

  private String identityOf(ByteBuffer message, int start) {
    int id = message.getInt(start + 1);
    Relation relation = relations.get(id);
    if (relation == null) {
      throw new DataException("A row of relation " + id + " came before its description");
    }
    keepColumns(id, relation);
    char tuple = (char) message.get(start + 1 + Integer.BYTES);
    if ((tuple == 'O' && !relation.full()) || (tuple == 'K' && relation.full())) {
      throw new DataException("An old row of " + relation.name() + " is marked '" + tuple
          + "', which contradicts the table's replica identity " + relation.identity());
    }
    return relation.identity();
  }

  /**
   * When an enum gets a new value, Debezium reads its table anew from today's catalog, which may have other columns than
   * the rows in the stream (generated ones, later or dropped ones): values would come under other columns' names.
   */
  private void keepColumns(int id, Relation relation) {
    Table table = relation.table();
    if (table != null && schema.tableFor(id) != table) {
      schema.applySchemaChangesForTable(id, table);
      relations.put(id, relation.with(schema.tableFor(id)));
    }
  }
}
