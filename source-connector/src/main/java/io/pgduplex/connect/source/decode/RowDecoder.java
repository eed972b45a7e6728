package io.pgduplex.connect.source.decode;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.PostgresReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Column;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream.ReplicationMessageProcessor;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputReplicationMessage;
import io.debezium.relational.Table;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.postgresql.core.Oid;

/**
 * Debezium's decoder, which reads the messages of rows itself: their values stay the text that the server wrote, where
 * Debezium makes objects of them that lose some; and it tells under which replica identity a row was changed, and whether its
 * old tuple is the whole row ({@code O}) or only the identity's columns with nulls in place of the rest ({@code K}).
 *
 * <p>Used by the thread that reads the replication stream. The formats are in PostgreSQL's documentation, "Logical
 * Replication Message Formats".
 */
public final class RowDecoder extends PgOutputMessageDecoder {

  private static final String DECODER_FIELD = "messageDecoder";

  /** What Java reads where the bytes are no UTF-8; also a character by itself. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final PostgresSchema schema;
  private final SourceWithIdentity source;
  private final Map<Integer, Relation> relations = new HashMap<>();
  private Instant commitTime = POSTGRES_EPOCH;
  private long transactionId;

  RowDecoder(
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
    RowDecoder decoder =
        new RowDecoder(new MessageDecoderContext(config, schema), connection, source);
    try {
      // Debezium chooses the decoder by an enum, and offers no other way to have one of one's own.
      Field field = PostgresReplicationConnection.class.getDeclaredField(DECODER_FIELD);
      field.setAccessible(true);
      field.set(stream, decoder);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ConnectException(
          "The bundled Debezium has no place for a decoder of one's own: " + e, e);
    }
  }

  @Override
  public void processNotEmptyMessage(
      ByteBuffer message, ReplicationMessageProcessor processor, TypeRegistry types)
      throws SQLException, InterruptedException {
    int start = message.position();
    char type = (char) message.get(start);
    source.nextRow(null);
    switch (type) {
      case 'R' -> {
        ByteBuffer relation = message.duplicate();
        super.processNotEmptyMessage(message, processor, types);
        relation.position(start + 1);
        int id = relation.getInt();
        relations.put(id, Relation.read(relation, schema.tableFor(id)));
      }
      case 'B' -> {
        begin(message, start);
        super.processNotEmptyMessage(message, processor, types);
      }
      case 'I', 'U', 'D' -> row(type, message, processor, types);
      default -> super.processNotEmptyMessage(message, processor, types);
    }
  }

  private void begin(ByteBuffer message, int start) {
    int time = start + 1 + Long.BYTES;
    commitTime = POSTGRES_EPOCH.plus(message.getLong(time), ChronoUnit.MICROS);
    transactionId = Integer.toUnsignedLong(message.getInt(time + Long.BYTES));
  }

  private void row(
      char type, ByteBuffer message, ReplicationMessageProcessor processor, TypeRegistry types)
      throws SQLException, InterruptedException {
    int id = message.getInt(message.position() + 1);
    Relation relation = relations.get(id);
    if (relation == null) {
      throw new DataException("A row of relation " + id + " came before its description");
    }
    Table table = relation.table();
    if (table == null) {
      // Debezium passes over it.
      super.processNotEmptyMessage(message, processor, types);
      return;
    }
    if (schema.tableFor(id) != table) {
      // Debezium puts values under the names of this one.
      throw new DataException("Table " + table.id() + " was described anew, but not by the server");
    }
    source.nextRow(relation.identity());
    message.position(message.position() + 1 + Integer.BYTES);
    PostgresType text = types.get(Oid.TEXT);
    List<Column> before = null;
    List<Column> after = null;
    char tuple = (char) message.get();
    if (tuple != 'N') {
      checkOld(tuple, relation);
      before = columns(message, table, text);
    }
    if (type != 'D') {
      if (before != null) {
        tuple = (char) message.get();
      }
      after = columns(message, table, text);
    }
    processor.process(new PgOutputReplicationMessage(
        operation(type),
        table.id().toDoubleQuotedString(),
        commitTime,
        transactionId,
        before,
        after));
  }

  private static Operation operation(char type) {
    return switch (type) {
      case 'I' -> Operation.INSERT;
      case 'U' -> Operation.UPDATE;
      default -> Operation.DELETE;
    };
  }

  private static void checkOld(char tuple, Relation relation) {
    if (tuple != (relation.full() ? 'O' : 'K')) {
      throw new DataException("An old row of " + relation.name() + " is marked '" + tuple
          + "', which contradicts the table's replica identity " + relation.identity());
    }
  }

  /** One tuple. All columns say that they are of type text: what they are is known from the table. */
  private static List<Column> columns(ByteBuffer message, Table table, PostgresType text) {
    int count = message.getShort();
    List<Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = table.columns().get(i).name();
      char form = (char) message.get();
      columns.add(
          switch (form) {
            case 't' -> new TextColumn(name, text, text(message, table, name));
            case 'n' -> new TextColumn(name, text, null);
            case 'u' ->
              new UnchangedToastedReplicationMessageColumn(name, text, text.getName(), true);
            default ->
              throw new DataException(
                  "Column %s.%s comes in the unknown form '%s'".formatted(table.id(), name, form));
          });
    }
    return columns;
  }

  private static String text(ByteBuffer message, Table table, String column) {
    int length = message.getInt();
    int start = message.arrayOffset() + message.position();
    String text = new String(message.array(), start, length, StandardCharsets.UTF_8);
    message.position(message.position() + length);
    if (text.indexOf(REPLACEMENT) >= 0
        && !Arrays.equals(
            text.getBytes(StandardCharsets.UTF_8),
            Arrays.copyOfRange(message.array(), start, start + length))) {
      throw new DataException(
          "Column %s.%s holds bytes that are no UTF-8, as a \"char\" may before PostgreSQL 16"
              .formatted(table.id(), column));
    }
    return text;
  }
}
