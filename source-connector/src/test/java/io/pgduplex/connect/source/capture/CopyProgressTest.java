package io.pgduplex.connect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class CopyProgressTest {

  private static final Schema SOURCE = SchemaBuilder.struct()
      .field("schema", Schema.STRING_SCHEMA)
      .field("table", Schema.STRING_SCHEMA)
      .build();
  private static final Schema ENVELOPE =
      SchemaBuilder.struct().field("source", SOURCE).build();

  @Test
  void saysTableRowsRateAndWhatIsLeft() {
    CopyProgress copy = copyOf(5000);
    copy.count(rows("t", 700));
    copy.count(rows("t", 200));
    copy.count(rows("u", 100));
    assertThat(copy.text(2))
        .isEqualTo("first copy: table 2 of 3 (public.u), 1,000 rows, 500 rows/s,"
            + " about 8 s left of about 5,000 rows");
  }

  @Test
  void estimatesNothingWhereNothingIsKnown() {
    CopyProgress copy = copyOf(0);
    copy.count(rows("t", 10));
    assertThat(copy.text(1)).isEqualTo("first copy: table 1 of 3 (public.t), 10 rows, 10 rows/s");
  }

  private static CopyProgress copyOf(long estimate) {
    return new CopyProgress(new LinkDirection("bank", Direction.FORWARD), 3, estimate);
  }

  private static List<SourceRecord> rows(String table, int count) {
    Struct source = new Struct(SOURCE).put("schema", "public").put("table", table);
    return Collections.nCopies(
        count,
        new SourceRecord(
            Map.of(), Map.of(), "topic", ENVELOPE, new Struct(ENVELOPE).put("source", source)));
  }
}
