package io.pgduplex.connect.source.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Lsn;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PositionerTest {

  private static final Map<String, String> PARTITION = Map.of("server", "pgduplex_orders_forward");
  private static final Map<String, Object> DEBEZIUMS_OFFSET =
      Map.of("lsn", 7L, "lsn_proc", 7L, "lsn_commit", 6L, "transaction_id", "1:7");
  private static final Schema MARKER = SchemaBuilder.struct()
      .field("status", Schema.STRING_SCHEMA)
      .field("id", Schema.STRING_SCHEMA)
      .build();
  private static final Schema HEARTBEAT =
      SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();

  @Test
  void numbersRecordsAndKeepsThemOnOnePartition() {
    List<SourceRecord> records = new Positioner("orders.forward", 42, null, false)
        .position(List.of(marker("BEGIN", "5:100"), heartbeat(), marker("END", "5:200")));
    assertThat(records).extracting(SourceRecord::topic).containsOnly("orders.forward");
    assertThat(records).extracting(SourceRecord::kafkaPartition).containsOnly(0);
    assertThat(records).extracting(r -> header(r, "pgduplex.epoch")).containsOnly(42L);
    assertThat(records).extracting(r -> header(r, "pgduplex.seq")).containsExactly(1L, 2L, 3L);
    assertThat(records).allSatisfy(r -> assertThat(r.sourcePartition()).isEqualTo(PARTITION));
  }

  @Test
  void givesNoOffsetBeforeTheFirstEnd() {
    List<SourceRecord> records = new Positioner("t", 1, null, false)
        .position(
            List.of(heartbeat(), marker("BEGIN", "5:100"), marker("END", "5:200"), heartbeat()));
    assertThat(records.get(0).sourceOffset()).isNull();
    assertThat(records.get(1).sourceOffset()).isNull();
    assertThat(records.get(2).sourceOffset()).isEqualTo(Map.of("lsn", 200L, "lsn_commit", 200L));
    assertThat(records.get(3).sourceOffset()).isEqualTo(Map.of("lsn", 200L, "lsn_commit", 200L));
    assertThat(header(records.get(1), "pgduplex.previous.end")).isEqualTo(-1L);
    assertThat(header(records.get(2), "pgduplex.previous.end")).isEqualTo(-1L);
    assertThat(header(records.get(3), "pgduplex.previous.end")).isNull();
  }

  @Test
  void marksTheFirstEndAfterASnapshot() {
    List<SourceRecord> records = new Positioner("t", 1, null, true)
        .position(
            List.of(marker("BEGIN", "5:100"), marker("END", "5:200"), marker("END", "6:300")));
    assertThat(header(records.get(0), "pgduplex.previous.end")).isEqualTo(0L);
    assertThat(header(records.get(1), "pgduplex.previous.end")).isEqualTo(0L);
    assertThat(header(records.get(2), "pgduplex.previous.end")).isEqualTo(200L);
  }

  @Test
  void chainsEndsAcrossRuns() {
    Positioner positioner = new Positioner("t", 2, new EndOffset(new Lsn(200)), false);
    List<SourceRecord> records = positioner.position(
        List.of(marker("BEGIN", "6:201"), marker("END", "6:300"), marker("END", "7:400")));
    assertThat(records.get(0).sourceOffset()).isEqualTo(Map.of("lsn", 200L, "lsn_commit", 200L));
    assertThat(header(records.get(0), "pgduplex.previous.end")).isEqualTo(200L);
    assertThat(header(records.get(1), "pgduplex.previous.end")).isEqualTo(200L);
    assertThat(header(records.get(2), "pgduplex.previous.end")).isEqualTo(300L);
    assertThat(positioner.lastEnd()).isEqualTo(new EndOffset(new Lsn(400)));
  }

  @Test
  void failsOnAnEndWithoutAPosition() {
    assertThatThrownBy(
            () -> new Positioner("t", 1, null, false).position(List.of(marker("END", "5"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Transaction end without a position: id is 5");
  }

  @Test
  void stripsColumnDefaultsAndKeepsNulls() {
    Schema withDefault = SchemaBuilder.string().optional().defaultValue("d").build();
    Schema required = SchemaBuilder.int32().defaultValue(3).parameter("p", "v").build();
    Schema row = SchemaBuilder.struct()
        .name("t.Value")
        .optional()
        .field("id", Schema.INT32_SCHEMA)
        .field("a", withDefault)
        .field("b", required)
        .build();
    SourceRecord change =
        change(row, new Struct(row).put("id", 1).put("a", null).put("b", 4));
    SourceRecord positioned = position(change);
    Struct value = (Struct) positioned.value();
    Struct after = value.getStruct("after");
    assertThat(after.get("a")).isNull();
    assertThat(after.get("b")).isEqualTo(4);
    assertThat(after.schema().field("a").schema().defaultValue()).isNull();
    assertThat(after.schema().field("b").schema().isOptional()).isFalse();
    assertThat(after.schema().field("b").schema().parameters()).containsEntry("p", "v");
    assertThat(after.schema().name()).isEqualTo("t.Value");
    assertThat(value.get("before")).isNull();
    assertThat(value.get("op")).isEqualTo("c");
    value.validate();
  }

  @Test
  void stripsOneSchemaOnce() {
    Schema row = SchemaBuilder.struct()
        .optional()
        .field("a", SchemaBuilder.string().optional().defaultValue("d").build())
        .build();
    SourceRecord change = change(row, new Struct(row));
    List<SourceRecord> records =
        new Positioner("t", 1, null, false).position(List.of(change, change));
    assertThat(records.get(0).valueSchema()).isSameAs(records.get(1).valueSchema());
  }

  @Test
  void passesRowsWithoutDefaultsUnchanged() {
    Schema row =
        SchemaBuilder.struct().optional().field("a", Schema.STRING_SCHEMA).build();
    SourceRecord change = change(row, new Struct(row).put("a", "x"));
    SourceRecord positioned = position(change);
    assertThat(positioned.value()).isSameAs(change.value());
    assertThat(positioned.valueSchema()).isSameAs(change.valueSchema());
    assertThat(positioned.key()).isSameAs(change.key());
  }

  private static SourceRecord position(SourceRecord entry) {
    return new Positioner("t", 1, null, false).position(List.of(entry)).get(0);
  }

  private static SourceRecord change(Schema row, Struct after) {
    Schema envelope = SchemaBuilder.struct()
        .name("t.Envelope")
        .version(2)
        .field("before", row)
        .field("after", row)
        .field("op", Schema.STRING_SCHEMA)
        .build();
    return new SourceRecord(
        PARTITION,
        DEBEZIUMS_OFFSET,
        "x",
        envelope,
        new Struct(envelope).put("after", after).put("op", "c"));
  }

  private static SourceRecord marker(String status, String id) {
    return new SourceRecord(
        PARTITION,
        DEBEZIUMS_OFFSET,
        "x",
        MARKER,
        new Struct(MARKER).put("status", status).put("id", id));
  }

  private static SourceRecord heartbeat() {
    return new SourceRecord(
        PARTITION, DEBEZIUMS_OFFSET, "x", HEARTBEAT, new Struct(HEARTBEAT).put("ts_ms", 1L));
  }

  private static @Nullable Object header(SourceRecord entry, String name) {
    Header header = entry.headers().lastWithName(name);
    return header == null ? null : header.value();
  }
}
