package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.table.TargetTable;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowReaderTest {

  private static final TargetTable TABLE = Tables.table("t")
      .key("id", "bigint")
      .column("name", "text")
      .column("here_only", "text")
      .generated("doubled", "(id * 2)::bigint")
      .build();

  private static @Nullable Object[] read(Object image) {
    return RowReader.read(TABLE, image, new Position(7, 1, 1));
  }

  @Test
  void ordersValuesAsTheTargetsColumns() {
    assertThat(read(row("name", "a", "here_only", "b", "id", 1))).containsExactly("1", "a", "b");
  }

  @Test
  void marksColumnsThatTheSourceLacks() {
    assertThat(read(row("id", 1, "name", null))).containsExactly("1", null, Marker.ABSENT);
  }

  @Test
  void readsStructs() {
    Schema schema = SchemaBuilder.struct()
        .field("name", Schema.OPTIONAL_STRING_SCHEMA)
        .field("id", Schema.INT64_SCHEMA)
        .build();
    assertThat(read(new Struct(schema).put("id", 1L).put("name", "a")))
        .containsExactly("1", "a", Marker.ABSENT);
  }

  @Test
  void neverTakesASchemasDefaultForNull() {
    Schema schema = SchemaBuilder.struct()
        .field("id", Schema.INT64_SCHEMA)
        .field("name", SchemaBuilder.string().optional().defaultValue("unnamed").build())
        .build();
    Struct struct = new Struct(schema).put("id", 1L).put("name", null);
    assertThat(struct.get("name")).as("what Struct.get would say").isEqualTo("unnamed");
    assertThat(read(struct)).containsExactly("1", null, Marker.ABSENT);
  }

  @Test
  void leavesOutGeneratedColumns() {
    assertThat(read(row("id", 1, "name", "a", "doubled", 2)))
        .containsExactly("1", "a", Marker.ABSENT);
  }

  @Test
  void refusesColumnsThatTheTargetLacks() {
    assertThatThrownBy(() -> read(row("id", 1, "Name", "a", "more", "b", "doubled", 2)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Table public.t of the target has no column Name, more, which the source's row at offset 7 carries."
                + " Add it as on the other side, then restart the task.");
    Schema schema = SchemaBuilder.struct().field("more", Schema.INT64_SCHEMA).build();
    assertThatThrownBy(() -> read(new Struct(schema).put("more", 1L)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no column more,");
  }
}
