package io.pgduplex.connect.source.position;

import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.common.Wire;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of one run their place: the direction's topic and its only partition, the run's epoch, a number
 * counted from 1, and as offset the last END before them. An END carries itself as offset. BEGIN and END carry the END
 * before their transaction in a header, so that the sink can prove that nothing is missing, and sees at once what it has.
 *
 * <p>Used by one thread.
 */
public final class Positioner {

  /** Schemas change with DDL only; a run that has seen so many versions may forget the old ones. */
  private static final int REMEMBERED_SCHEMAS = 10_000;

  private final String topic;
  private final long epoch;
  private final boolean afterSnapshot;
  private final IdentityHashMap<Schema, Shape> shapes = new IdentityHashMap<>();
  private long seq;
  private @Nullable EndOffset lastEnd;
  private @Nullable Map<String, Object> offset;
  private boolean seenEnd;

  /**
   * Begins a run at seq 1.
   *
   * @param start the END that the run resumes after; null for a run that begins with a snapshot or at a new slot
   * @param afterSnapshot whether the run begins with a snapshot
   */
  public Positioner(String topic, long epoch, @Nullable EndOffset start, boolean afterSnapshot) {
    this.topic = topic;
    this.epoch = epoch;
    this.afterSnapshot = afterSnapshot;
    this.lastEnd = start;
    this.offset = start == null ? null : start.toMap();
  }

  /** The last END that went through, or the one that the run resumed after. */
  public @Nullable EndOffset lastEnd() {
    return lastEnd;
  }

  /** Whether the run itself has had an END: it streams. */
  public boolean hasSeenEnd() {
    return seenEnd;
  }

  public List<SourceRecord> position(List<SourceRecord> records) {
    List<SourceRecord> positioned = new ArrayList<>(records.size());
    for (SourceRecord entry : records) {
      positioned.add(position(entry));
    }
    return positioned;
  }

  private SourceRecord position(SourceRecord record) {
    ConnectHeaders headers = new ConnectHeaders();
    headers.addLong(Wire.EPOCH, epoch);
    headers.addLong(Wire.SEQ, ++seq);
    Schema schema = record.valueSchema();
    Object value = record.value();
    if (value instanceof Struct struct) {
      Shape shape = shapeOf(schema);
      if (shape.marker()) {
        headers.addLong(Wire.PREVIOUS_END, previousEnd());
        if (Wire.STATUS_END.equals(struct.getString(Wire.STATUS))) {
          end(struct.getString(Wire.TRANSACTION_ID));
        }
      }
      RowsWithoutDefaults rows = shape.rows();
      if (rows != null) {
        schema = rows.envelope();
        value = rows.copy(struct);
      }
    }
    return new SourceRecord(
        record.sourcePartition(),
        offset,
        topic,
        Wire.PARTITION,
        record.keySchema(),
        record.key(),
        schema,
        value,
        record.timestamp(),
        headers);
  }

  private long previousEnd() {
    EndOffset before = lastEnd;
    if (before != null) {
      return before.lsn().value();
    }
    return afterSnapshot ? Wire.AFTER_SNAPSHOT : Wire.FRESH_SLOT;
  }

  private void end(String transactionId) {
    EndOffset end = new EndOffset(lsnOf(transactionId));
    lastEnd = end;
    seenEnd = true;
    offset = end.toMap();
  }

  private static Lsn lsnOf(String transactionId) {
    int colon = transactionId.indexOf(':');
    if (colon < 1) {
      throw new DataException("Transaction end without a position: id is " + transactionId);
    }
    return new Lsn(Long.parseLong(transactionId, colon + 1, transactionId.length(), 10));
  }

  private Shape shapeOf(Schema schema) {
    Shape known = shapes.get(schema);
    if (known != null) {
      return known;
    }
    if (shapes.size() >= REMEMBERED_SCHEMAS) {
      shapes.clear();
    }
    Shape shape = new Shape(schema.field(Wire.STATUS) != null, RowsWithoutDefaults.of(schema));
    shapes.put(schema, shape);
    return shape;
  }

  /**
   * What records of one schema need.
   *
   * @param marker whether these are transaction markers
   * @param rows how to copy rows whose columns have defaults; null where there is nothing to do
   */
  private record Shape(boolean marker, @Nullable RowsWithoutDefaults rows) {}
}
