package io.pgduplex.connect.source.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void derivesTopicAndSnapshotModeFromTheDirection() {
    Settings forward = Settings.of(Examples.forward());
    assertThat(forward.topic()).isEqualTo("orders.forward");
    assertThat(forward.snapshotMode()).isEqualTo(SnapshotMode.INITIAL);
    Settings reverse = Settings.of(Examples.forward("link.direction", "reverse"));
    assertThat(reverse.topic()).isEqualTo("orders.reverse");
    assertThat(reverse.snapshotMode()).isEqualTo(SnapshotMode.NO_DATA);
  }

  @Test
  void followsWhatTheUserSays() {
    Map<String, String> config = Examples.forward("topic", "mine");
    config.put("snapshot.mode", "no_data");
    assertThat(Settings.of(config).topic()).isEqualTo("mine");
    assertThat(Settings.of(config).snapshotMode()).isEqualTo(SnapshotMode.NO_DATA);
  }

  @Test
  void knowsWhatLimitsARowAsFarAsTheDocumentSays() {
    assertThat(Settings.of(Examples.forward()).producerLimit().bytes()).isEqualTo(Long.MAX_VALUE);
    Map<String, String> config = Examples.forward(ProducerLimit.MAX_REQUEST_SIZE, " 2000 ");
    assertThat(Settings.of(config).producerLimit())
        .isEqualTo(new ProducerLimit(ProducerLimit.MAX_REQUEST_SIZE, 2_000, true));
    config.put(ProducerLimit.BUFFER_MEMORY, "1000");
    config.put("value.converter", "org.example.AvroConverter");
    assertThat(Settings.of(config).producerLimit())
        .isEqualTo(new ProducerLimit(ProducerLimit.BUFFER_MEMORY, 1_000, false));
  }

  @Test
  void refusesOtherSnapshotModes() {
    assertThatThrownBy(() -> Settings.of(Examples.forward("snapshot.mode", "always")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("snapshot.mode")
        .hasMessageContaining("initial, no_data");
  }

  @Test
  void refusesWhatIsNoRegularExpression() {
    assertThatThrownBy(() -> Settings.of(Examples.forward("table.include.list", "public.(")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("table.include.list")
        .hasMessageContaining("not a regular expression");
  }

  @Test
  void refusesStreamParametersThatWouldBreakTheStream() {
    assertThatThrownBy(() -> Settings.of(Examples.forward("slot.stream.params", "binary=true")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("slot.stream.params")
        .hasMessageContaining("origin=none");
  }

  @Test
  void selectsAsDebeziumDoes() {
    Selection tables = Selection.of(null, "public\\.orders,Shop\\.it.*");
    assertThat(tables.includes("public", "orders")).isTrue();
    assertThat(tables.includes("public", "orders2")).isFalse();
    assertThat(tables.includes("shop", "Items")).isTrue();
    Selection both = Selection.of("shop", ".*\\.items");
    assertThat(both.includes("shop", "items")).isTrue();
    assertThat(both.includes("public", "items")).isFalse();
    assertThat(both.includes("shop", "orders")).isFalse();
  }

  @Test
  void neverSelectsItsOwnSchema() {
    assertThat(Selection.of(null, ".*").includes("pgduplex", "heartbeat")).isFalse();
    assertThat(Selection.of(".*", null).includes("pgduplex", "conflicts")).isFalse();
  }

  @Test
  void namesSnapshotTablesExactly() {
    String list = DebeziumConfig.of(Settings.of(Examples.forward()), List.of("public.a,b.C"))
        .get("snapshot.include.collection.list");
    List<java.util.regex.Pattern> patterns = Selection.patterns("x", list);
    assertThat(patterns).hasSize(1);
    assertThat(patterns.get(0).matcher("public.a,b.C").matches()).isTrue();
    assertThat(patterns.get(0).matcher("public.a,b.c").matches()).isFalse();
    assertThat(patterns.get(0).matcher("public_a,b.C").matches()).isFalse();
  }
}
