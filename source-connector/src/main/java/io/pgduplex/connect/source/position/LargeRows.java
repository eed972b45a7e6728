package io.pgduplex.connect.source.position;

import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.source.options.ProducerLimit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows with large values: long values travel in parts ({@link Wire#PARTS}), since Kafka Connect's JSON converter writes strings
 * of any length but reads none of more than 20 million characters. And a row that the producer will not take is
 * found before, since that would fail the task without saying which row it is.
 *
 * <p>Used by one thread.
 */
public final class LargeRows {

  /** In characters. */
  static final int PART = 8_000_000;

  /** Of a long key's value in a message, in characters. */
  private static final int SHOWN = 60;

  /** A character is at most so many bytes of JSON. */
  private static final int LARGEST_CHARACTER = 6;

  /** As Positioner: schemas change with DDL only. */
  private static final int REMEMBERED_SCHEMAS = 1_000;

  private static final Schema PARTS =
      SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build();

  private final ProducerLimit limit;
  private final String topic;
  private final List<Glob> foreignOrigins;
  private final int part;
  private final IdentityHashMap<Schema, Schema> withParts = new IdentityHashMap<>();

  /**
   * For rows that go to {@code topic} by a producer with this limit.
   *
   * @param foreignOrigins whose rows a transform drops before they reach the producer
   */
  public LargeRows(ProducerLimit limit, String topic, List<Glob> foreignOrigins) {
    this(limit, topic, foreignOrigins, PART);
  }

  LargeRows(ProducerLimit limit, String topic, List<Glob> foreignOrigins, int part) {
    this.limit = limit;
    this.topic = topic;
    this.foreignOrigins = foreignOrigins;
    this.part = part;
  }

  /** The same records, those with long values cut; throws if one is certainly larger than the producer's limit. */
  public List<SourceRecord> fit(List<SourceRecord> records) {
    List<SourceRecord> fitting = records;
    for (int i = 0; i < records.size(); i++) {
      SourceRecord record = records.get(i);
      if (record.value() instanceof Struct change && change.schema().field(Wire.OP) != null) {
        long characters = characters(change, Wire.BEFORE) + characters(change, Wire.AFTER);
        boolean large = characters > Math.min(limit.bytes() / LARGEST_CHARACTER, part);
        if (large && isSent(change)) {
          checkSize(record, change);
          fitting = fitting == records ? new ArrayList<>(records) : fitting;
          fitting.set(i, cut(record, change));
        }
      }
    }
    return fitting;
  }

  private boolean isSent(Struct change) {
    Object origin = change.getStruct(Wire.SOURCE).get(Wire.SOURCE_ORIGIN);
    return origin == null
        || foreignOrigins.stream().noneMatch(foreign -> foreign.matches(origin.toString()));
  }

  private static long characters(Struct change, String image) {
    long sum = 0;
    Struct row = row(change, image);
    if (row != null) {
      for (Field field : row.schema().fields()) {
        if (field.schema().type() == Schema.Type.STRING
            && row.getWithoutDefault(field.name()) instanceof String text) {
          sum += text.length();
        }
      }
    }
    return sum;
  }

  private static @Nullable Struct row(Struct change, String image) {
    return change.schema().field(image) != null
            && change.getWithoutDefault(image) instanceof Struct row
        ? row
        : null;
  }

  private void checkSize(SourceRecord record, Struct change) {
    long bytes = bytes(change, Wire.BEFORE) + bytes(change, Wire.AFTER);
    if (bytes > limit.bytes()) {
      throw tooLarge(record, change, bytes);
    }
  }

  private long bytes(Struct change, String image) {
    long sum = 0;
    Struct row = row(change, image);
    if (row != null) {
      for (Field field : row.schema().fields()) {
        if (row.getWithoutDefault(field.name()) instanceof String text) {
          sum += limit.bytesOf(text);
        }
      }
    }
    return sum;
  }

  private DataException tooLarge(SourceRecord record, Struct change, long bytes) {
    Struct source = change.getStruct(Wire.SOURCE);
    return new DataException(String.format(
        Locale.ROOT,
        "A row of %s.%s%s (operation %s, LSN %s) takes at least %,d bytes in topic %s, more than %s = %,d allows. Raise"
            + " %s and %s of this connector, and max.message.bytes of the topic (%s, or kafka-configs where it is there"
            + " already), then restart the task; nothing is lost.",
        source.get(Wire.SOURCE_SCHEMA),
        source.get(Wire.SOURCE_TABLE),
        key(record),
        change.get(Wire.OP),
        source.get(Wire.SOURCE_LSN),
        bytes,
        topic,
        limit.option(),
        limit.bytes(),
        ProducerLimit.MAX_REQUEST_SIZE,
        ProducerLimit.BUFFER_MEMORY,
        ProducerLimit.MAX_MESSAGE_BYTES));
  }

  private static String key(SourceRecord record) {
    if (!(record.key() instanceof Struct key)) {
      return "";
    }
    return key.schema().fields().stream()
        .map(field -> field.name() + " = " + shown(key.getWithoutDefault(field.name())))
        .collect(Collectors.joining(", ", " with ", ""));
  }

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private SourceRecord cut(SourceRecord record, Struct change) {
    List<String> parts = new ArrayList<>();
    if (withParts.size() >= REMEMBERED_SCHEMAS) {
      withParts.clear();
    }
    Schema schema = withParts.computeIfAbsent(change.schema(), LargeRows::withParts);
    Struct copy = new Struct(schema);
    for (Field field : change.schema().fields()) {
      Object value = change.getWithoutDefault(field.name());
      boolean image = field.name().equals(Wire.BEFORE) || field.name().equals(Wire.AFTER);
      copy.put(field.name(), image && value instanceof Struct row ? cut(row, parts) : value);
    }
    copy.put(Wire.PARTS, parts.isEmpty() ? null : parts);
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        schema,
        copy,
        record.timestamp(),
        record.headers());
  }

  private static Schema withParts(Schema envelope) {
    SchemaBuilder builder = SchemaBuilder.struct()
        .name(envelope.name())
        .version(envelope.version())
        .doc(envelope.doc());
    envelope.fields().forEach(field -> builder.field(field.name(), field.schema()));
    return builder.field(Wire.PARTS, PARTS).build();
  }

  private Struct cut(Struct row, List<String> parts) {
    Struct copy = new Struct(row.schema());
    for (Field field : row.schema().fields()) {
      Object value = row.getWithoutDefault(field.name());
      copy.put(
          field,
          value instanceof String text && text.length() > part ? inParts(text, parts) : value);
    }
    return copy;
  }

  private String inParts(String text, List<String> parts) {
    int first = parts.size();
    int begin = 0;
    while (begin < text.length()) {
      int end = Math.min(begin + part, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      parts.add(text.substring(begin, end));
      begin = end;
    }
    return Wire.inParts(first, parts.size() - first);
  }
}
