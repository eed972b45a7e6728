package io.pgduplex.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropLoopbackTest {

  private static final String FOREIGN = "pgduplex_bank_reverse";

  private final DropLoopback<SourceRecord> transform = configured(FOREIGN);

  private static DropLoopback<SourceRecord> configured(String origins) {
    DropLoopback<SourceRecord> transform = new DropLoopback<>();
    transform.configure(Map.of("origins", origins));
    return transform;
  }

  private static void assertDropped(DropLoopback<SourceRecord> transform, SourceRecord record) {
    assertThat(transform.apply(record)).isNull();
  }

  private static void assertPassed(DropLoopback<SourceRecord> transform, SourceRecord record) {
    assertThat(transform.apply(record)).isSameAs(record);
  }

  @ParameterizedTest
  @CsvSource({
    // op, schema, origin, dropped
    "c, public, pgduplex_bank_reverse, true",
    "u, public, pgduplex_bank_reverse, true",
    "d, public, pgduplex_bank_reverse, true",
    "t, public, pgduplex_bank_reverse, true",
    "c, public, , false",
    "u, public, '', false",
    "c, public, pgduplex_bank_forward, false",
    "c, public, pgduplex_other_reverse, false",
    "c, public, pg_16403, false",
    // The origin of an incremental snapshot's row is that of the transaction streamed before it.
    "r, public, pgduplex_bank_reverse, false",
    "r, public, , false",
    "m, '', pgduplex_bank_reverse, false",
    "c, pgduplex, pgduplex_bank_reverse, false",
  })
  void structAndMapGiveTheSameAnswer(
      String operation, String schema, @Nullable String origin, boolean dropped) {
    for (SourceRecord record : List.of(
        Rows.record(Rows.struct(operation, schema, origin)),
        Rows.record(Rows.map(operation, schema, origin)))) {
      if (dropped) {
        assertDropped(transform, record);
      } else {
        assertPassed(transform, record);
      }
    }
  }

  @Test
  void passesWhatIsNoRow() {
    Schema markerSchema = SchemaBuilder.struct()
        .field("status", Schema.STRING_SCHEMA)
        .field("id", Schema.STRING_SCHEMA)
        .build();
    Schema heartbeatSchema =
        SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();

    assertPassed(
        transform,
        Rows.record(new Struct(markerSchema).put("status", "END").put("id", "731:23456")));
    assertPassed(transform, Rows.record(Map.of("status", "END", "id", "731:23456")));
    assertPassed(transform, Rows.record(new Struct(heartbeatSchema).put("ts_ms", 1L)));
    assertPassed(transform, Rows.record(Map.of("ts_ms", 1L)));
    assertPassed(transform, Rows.record((Object) null));
    assertPassed(transform, Rows.record("text"));
    assertPassed(transform, Rows.record(new byte[] {1}));
  }

  @Test
  void passesShapesThatOnlyLookLikeDebeziums() {
    Schema flat = SchemaBuilder.struct()
        .field("op", Schema.STRING_SCHEMA)
        .field("source", Schema.STRING_SCHEMA)
        .build();
    Schema withoutOrigin = SchemaBuilder.struct()
        .field("op", Schema.STRING_SCHEMA)
        .field(
            "source",
            SchemaBuilder.struct().field("schema", Schema.STRING_SCHEMA).build())
        .build();
    Schema optionalSource = SchemaBuilder.struct()
        .field("op", Schema.STRING_SCHEMA)
        .field(
            "source",
            SchemaBuilder.struct()
                .field("schema", Schema.STRING_SCHEMA)
                .field("origin", Schema.STRING_SCHEMA)
                .optional()
                .build())
        .build();

    assertPassed(transform, Rows.record(new Struct(flat).put("op", "c").put("source", FOREIGN)));
    assertPassed(
        transform,
        Rows.record(new Struct(withoutOrigin)
            .put("op", "c")
            .put(
                "source",
                new Struct(withoutOrigin.field("source").schema()).put("schema", "public"))));
    assertPassed(transform, Rows.record(new Struct(optionalSource).put("op", "c")));
    assertPassed(transform, Rows.record(Map.of("op", "c", "source", FOREIGN)));
    assertPassed(
        transform,
        Rows.record(Map.of("op", "c", "source", Map.of("schema", "public", "origin", 7))));
    assertPassed(transform, Rows.record(Map.of("op", "c", "source", Map.of("origin", FOREIGN))));
    assertPassed(
        transform, Rows.record(Map.of("source", Map.of("origin", FOREIGN, "schema", "public"))));
  }

  @Test
  void decidesTheSameFromAnyPointOfTheStreamOn() {
    List<SourceRecord> stream = new ArrayList<>();
    for (int transaction = 0; transaction < 4; transaction++) {
      String origin = transaction % 2 == 0 ? FOREIGN : null;
      stream.add(Rows.record(Map.of("status", "BEGIN", "id", "7:" + transaction)));
      for (String operation : List.of("c", "u", "d")) {
        stream.add(Rows.record(Rows.struct(operation, "public", origin)));
      }
      stream.add(Rows.record(Map.of("status", "END", "id", "7:" + transaction)));
    }
    List<Boolean> whole = decisions(stream);

    assertThat(whole).filteredOn(dropped -> dropped).hasSize(2 * 3);
    for (int restart = 0; restart < stream.size(); restart++) {
      assertThat(decisions(stream.subList(restart, stream.size())))
          .as("restarted at record %d", restart)
          .isEqualTo(whole.subList(restart, whole.size()));
    }
  }

  private static List<Boolean> decisions(List<SourceRecord> stream) {
    DropLoopback<SourceRecord> fresh = configured(FOREIGN);
    return stream.stream().map(record -> fresh.apply(record) == null).toList();
  }

  @Test
  void staysRightWhenMoreSchemasComeThanItRemembers() {
    for (int i = 0; i < 10_000; i++) {
      Schema envelope = SchemaBuilder.struct()
          .name("table" + i)
          .field("op", Schema.STRING_SCHEMA)
          .field("source", Rows.SOURCE)
          .build();
      Struct source =
          new Struct(Rows.SOURCE).put("schema", "public").put("table", "t").put("origin", FOREIGN);
      assertDropped(
          transform, Rows.record(new Struct(envelope).put("op", "c").put("source", source)));
    }
    assertDropped(transform, Rows.record(Rows.struct("c", "public", FOREIGN)));
  }

  @Test
  void dropsForEachOfSeveralOrigins() {
    DropLoopback<SourceRecord> mesh = configured("pgduplex_ab_reverse, pgduplex_ac_*");

    assertDropped(mesh, Rows.record(Rows.map("c", "public", "pgduplex_ab_reverse")));
    assertDropped(mesh, Rows.record(Rows.map("c", "public", "pgduplex_ac_reverse")));
    assertPassed(mesh, Rows.record(Rows.map("c", "public", "pgduplex_bc_reverse")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void refusesAnEmptyList(String origins) {
    assertThatThrownBy(() -> configured(origins))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("origins")
        .hasMessageContaining("names no origin; give at least pgduplex_<link>_<opposite");
  }

  @Test
  void refusesAnEmptyEntry() {
    assertThatThrownBy(() -> configured("pgduplex_a_reverse,,pgduplex_b_reverse"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has an empty entry, which no origin can match");
  }

  @Test
  void refusesToGuess() {
    try (DropLoopback<SourceRecord> bare = new DropLoopback<>()) {
      assertThatThrownBy(() -> bare.configure(Map.of()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("Missing required configuration \"origins\"");
    }
  }

  @Test
  void isRegisteredAsAPluginAndShowsItsVersion() {
    assertThat(ServiceLoader.load(Transformation.class))
        .hasAtLeastOneElementOfType(DropLoopback.class);
    assertThat(transform.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }
}
