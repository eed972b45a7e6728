package io.pgduplex.connect.source.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.source.options.ProducerLimit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LargeRowsTest {

  private static final Schema ROW = SchemaBuilder.struct()
      .field("id", Schema.INT32_SCHEMA)
      .field("v", Schema.OPTIONAL_STRING_SCHEMA)
      .optional()
      .build();
  private static final Schema SOURCE = SchemaBuilder.struct()
      .field("schema", Schema.STRING_SCHEMA)
      .field("table", Schema.STRING_SCHEMA)
      .field("lsn", Schema.INT64_SCHEMA)
      .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
      .build();
  private static final Schema CHANGE = SchemaBuilder.struct()
      .field("op", Schema.STRING_SCHEMA)
      .field("before", ROW)
      .field("after", ROW)
      .field("source", SOURCE)
      .build();

  private static final LargeRows LIMIT = new LargeRows(
      new ProducerLimit(ProducerLimit.MAX_REQUEST_SIZE, 1_000, true),
      "bank.forward",
      List.of(new Glob("pgduplex_bank_*")));

  private static SourceRecord change(@Nullable String before, @Nullable String after) {
    Struct change = new Struct(CHANGE)
        .put("op", "u")
        .put("before", row(before))
        .put("after", row(after))
        .put(
            "source",
            new Struct(SOURCE).put("schema", "public").put("table", "t").put("lsn", 77L));
    Schema keySchema = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
    return new SourceRecord(
        Map.of(),
        Map.of(),
        "bank.forward",
        keySchema,
        new Struct(keySchema).put("id", 5),
        CHANGE,
        change);
  }

  private static @Nullable Struct row(@Nullable String value) {
    return value == null ? null : new Struct(ROW).put("id", 5).put("v", value);
  }

  private static void check(SourceRecord record) {
    LIMIT.fit(List.of(change(null, "small"), record));
  }

  @Test
  void letsPassWhatFits() {
    assertThatCode(() -> check(change(null, "x".repeat(1_000)))).doesNotThrowAnyException();
    assertThatCode(() -> check(change("x".repeat(400), "x".repeat(400))))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(change("x".repeat(400), null))).doesNotThrowAnyException();
    SourceRecord marker =
        new SourceRecord(Map.of(), Map.of(), "t", Schema.STRING_SCHEMA, "x".repeat(2_000));
    assertThatCode(() -> LIMIT.fit(List.of(marker))).doesNotThrowAnyException();
  }

  @Test
  void namesTheRowAndWhatToRaise() {
    assertThatThrownBy(() -> check(change(null, "x".repeat(1_001))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "A row of public.t with id = 5 (operation u, LSN 77) takes at least 1,001 bytes in topic bank.forward, more than"
                + " producer.override.max.request.size = 1,000 allows. Raise producer.override.max.request.size and"
                + " producer.override.buffer.memory of this connector, and max.message.bytes of the topic"
                + " (topic.creation.default.max.message.bytes, or kafka-configs where it is there already), then restart the"
                + " task; nothing is lost.");
  }

  @Test
  void countsBothImagesAndWhatJsonWritesLonger() {
    assertThatThrownBy(() -> check(change("x".repeat(501), "x".repeat(500))))
        .hasMessageContaining("1,001 bytes");
    assertThatThrownBy(() -> check(change(null, "\"".repeat(501))))
        .hasMessageContaining("1,002 bytes");
    assertThatThrownBy(() -> check(change(null, "\u0001".repeat(167))))
        .hasMessageContaining("1,002 bytes");
    assertThatThrownBy(() -> check(change(null, "é".repeat(501))))
        .hasMessageContaining("1,002 bytes");
    assertThatThrownBy(() -> check(change(null, "日".repeat(334))))
        .hasMessageContaining("1,002 bytes");
    assertThatThrownBy(() -> check(change(null, "😀".repeat(251))))
        .hasMessageContaining("1,004 bytes");
  }

  @Test
  void leavesSmallRowsAsTheyAre() {
    List<SourceRecord> records = List.of(change("a", "b"), change(null, "c"));
    assertThat(LIMIT.fit(records)).isSameAs(records);
  }

  @Test
  void cutsLongValuesAndNoCharacter() {
    LargeRows rows = new LargeRows(
        new ProducerLimit(ProducerLimit.MAX_REQUEST_SIZE, Long.MAX_VALUE, true),
        "bank.forward",
        List.of(),
        4);
    SourceRecord small = change("ab", "cd");
    List<SourceRecord> fitting =
        rows.fit(List.of(small, change("0123456789", "abc😀def"), change(null, "four")));
    assertThat(fitting).hasSize(3);
    assertThat(fitting.get(0)).isSameAs(small);
    Struct cut = (Struct) fitting.get(1).value();
    assertThat(cut.getArray(Wire.PARTS)).containsExactly("0123", "4567", "89", "abc", "😀de", "f");
    assertThat(cut.getStruct("before").get("v")).isEqualTo("\0" + "0:3");
    assertThat(cut.getStruct("after").get("v")).isEqualTo("\0" + "3:3");
    assertThat(cut.get("op")).isEqualTo("u");
    assertThat(cut.getStruct("source").get("lsn")).isEqualTo(77L);
    assertThat(fitting.get(1).valueSchema()).isSameAs(cut.schema());
    assertThat(Wire.joined(cut.getStruct("after").getString("v"), cut.getArray(Wire.PARTS)))
        .isEqualTo("abc😀def");
    assertThat(((Struct) fitting.get(2).value()).schema().field(Wire.PARTS)).isNull();
  }

  @Test
  void doesNotCareForRowsThatATransformDrops() {
    SourceRecord large = change(null, "x".repeat(2_000));
    ((Struct) large.value()).getStruct("source").put("origin", "pgduplex_bank_reverse");
    assertThat(LIMIT.fit(List.of(large))).containsExactly(large);
    ((Struct) large.value()).getStruct("source").put("origin", "pgduplex_other_reverse");
    assertThatThrownBy(() -> LIMIT.fit(List.of(large))).isInstanceOf(DataException.class);
  }
}
