package io.pgduplex.connect.source.capture;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.source.options.ProducerLimit;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Finds the row that the producer will not take, which fails the task without saying which row it is. */
final class RowSizeLimit {

  /** Of a long key's value, in characters. */
  private static final int SHOWN = 60;

  private final ProducerLimit limit;
  private final String topic;

  RowSizeLimit(ProducerLimit limit, String topic) {
    this.limit = limit;
    this.topic = topic;
  }

  /** Throws if one of them is certainly too large; what its schema adds is not counted. */
  void check(List<SourceRecord> records) {
    for (SourceRecord record : records) {
      if (record.value() instanceof Struct change
          && change.schema().field(Wire.OP) != null
          && largest(change) > limit.bytes()) {
        long bytes = bytes(change, Wire.BEFORE) + bytes(change, Wire.AFTER);
        if (bytes > limit.bytes()) {
          throw tooLarge(record, change, bytes);
        }
      }
    }
  }

  /** What the row can take at most, quickly: a character is at most six bytes of JSON. */
  private static long largest(Struct change) {
    return 6 * (characters(change, Wire.BEFORE) + characters(change, Wire.AFTER));
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

  private static @Nullable Struct row(Struct change, String image) {
    return change.schema().field(image) != null
            && change.getWithoutDefault(image) instanceof Struct row
        ? row
        : null;
  }

  private DataException tooLarge(SourceRecord record, Struct change, long bytes) {
    Struct source = change.getStruct(Wire.SOURCE);
    return new DataException(
        ("A row of %s.%s%s (operation %s, LSN %s) takes at least %,d bytes in topic %s, more than %s = %,d allows. Raise"
                + " %s and %s of this connector, and max.message.bytes of the topic (%s, or kafka-configs where it is there"
                + " already), then restart the task; nothing is lost.")
            .formatted(
                source.get("schema"),
                source.get("table"),
                key(record),
                change.get(Wire.OP),
                source.get("lsn"),
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
}
