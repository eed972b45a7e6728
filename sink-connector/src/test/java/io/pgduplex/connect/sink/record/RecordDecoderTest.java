package io.pgduplex.connect.sink.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import io.pgduplex.connect.sink.record.ChangeEvent.End;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.Nothing;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.ChangeEvent.TablesPublished;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecordDecoderTest {

  private static final ReplicaIdentity BY_ID = ReplicaIdentity.of(List.of("id"));
  private static final Position AT = new Position(42, 3, 17);

  private static final Schema ROW =
      SchemaBuilder.struct().optional().field("id", Schema.INT64_SCHEMA).build();
  private static final String SENDER = "pgduplex_orders_forward";

  private static final Schema SOURCE = SchemaBuilder.struct()
      .field("name", Schema.STRING_SCHEMA)
      .field("schema", Schema.STRING_SCHEMA)
      .field("table", Schema.STRING_SCHEMA)
      .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
      .field("ts_ms", Schema.INT64_SCHEMA)
      .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
      .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
      .field("replica_identity", Schema.OPTIONAL_STRING_SCHEMA)
      .build();
  private static final Schema ENVELOPE = SchemaBuilder.struct()
      .field("before", ROW)
      .field("after", ROW)
      .field("source", SOURCE)
      .field("op", Schema.STRING_SCHEMA)
      .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
      .build();
  private static final Schema MARKER = SchemaBuilder.struct()
      .field("status", Schema.STRING_SCHEMA)
      .field("id", Schema.STRING_SCHEMA)
      .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
      .field("ts_ms", Schema.INT64_SCHEMA)
      .build();
  private static final Schema HEARTBEAT =
      SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();

  /** The two forms that converters give. */
  enum Form {
    STRUCT,
    MAP;

    @Nullable
    Object image(@Nullable Long id) {
      if (id == null) {
        return null;
      }
      return this == MAP ? Tables.row("id", id) : new Struct(ROW).put("id", id);
    }

    Object change(String op, @Nullable Long before, @Nullable Long after) {
      return change(op, before, after, "public", "t", null, "id");
    }

    Object change(
        String op,
        @Nullable Long before,
        @Nullable Long after,
        String schema,
        String table,
        @Nullable String origin,
        @Nullable String identity) {
      if (this == MAP) {
        return Tables.row(
            "before",
            image(before),
            "after",
            image(after),
            "op",
            op,
            "ts_ms",
            9L,
            "source",
            Tables.row(
                "name",
                SENDER,
                "schema",
                schema,
                "table",
                table,
                "lsn",
                100L,
                "ts_ms",
                5L,
                "ts_us",
                5001L,
                "origin",
                origin,
                "replica_identity",
                identity));
      }
      Struct source = new Struct(SOURCE)
          .put("name", SENDER)
          .put("schema", schema)
          .put("table", table)
          .put("lsn", 100L)
          .put("ts_ms", 5L)
          .put("ts_us", 5001L)
          .put("origin", origin)
          .put("replica_identity", identity);
      return new Struct(ENVELOPE)
          .put("before", image(before))
          .put("after", image(after))
          .put("source", source)
          .put("op", op)
          .put("ts_ms", 9L);
    }

    Object marker(String status, String id) {
      return this == MAP
          ? Tables.row("status", status, "id", id, "event_count", null, "ts_ms", 7L)
          : new Struct(MARKER).put("status", status).put("id", id).put("ts_ms", 7L);
    }

    Object heartbeat() {
      return this == MAP ? Tables.row("ts_ms", 7L) : new Struct(HEARTBEAT).put("ts_ms", 7L);
    }
  }

  private final RecordDecoder decoder =
      new RecordDecoder(new LinkDirection("orders", Direction.FORWARD));

  @Test
  void refusesAChangeOfAnotherDirection() {
    Object value = Tables.row(
        "op",
        "c",
        "source",
        Tables.row("name", "pgduplex_orders_reverse", "schema", "s", "table", "t"));
    assertThatThrownBy(() -> decode(value))
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "orders.forward-0@42: this change was sent by pgduplex_orders_reverse, but the sink applies"
                + " pgduplex_orders_forward. Set 'topics' to the topic of link.name and link.direction.");
  }

  private static SinkRecord bare(@Nullable Object value) {
    return new SinkRecord("orders.forward", 0, null, null, null, value, 42);
  }

  private static SinkRecord record(@Nullable Object value) {
    SinkRecord record = bare(value);
    record.headers().addLong(Wire.EPOCH, 3).addLong(Wire.SEQ, 17);
    return record;
  }

  private ChangeEvent decode(@Nullable Object value) {
    return decoder.decode(record(value));
  }

  @ParameterizedTest
  @EnumSource
  void readsRowChanges(Form form) {
    TableName table = new TableName("public", "t");
    assertThat(decode(form.change("c", null, 1L)))
        .isEqualTo(new RowChange(AT, table, Kind.INSERT, null, form.image(1L), BY_ID, 100, 5001));
    assertThat(decode(form.change("u", 1L, 2L)))
        .isEqualTo(new RowChange(
            AT, table, Kind.UPDATE, form.image(1L), form.image(2L), BY_ID, 100, 5001));
    assertThat(decode(form.change("d", 1L, null)))
        .isEqualTo(new RowChange(AT, table, Kind.DELETE, form.image(1L), null, BY_ID, 100, 5001));
    assertThat(decode(form.change("r", null, 1L, "public", "t", null, null)))
        .isEqualTo(new RowChange(
            AT, table, Kind.SNAPSHOT, null, form.image(1L), ReplicaIdentity.NOTHING, 100, 5001));
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatTheSourceKnewTheRowBy(Form form) {
    assertThat(identity(form, "*")).isEqualTo(ReplicaIdentity.FULL);
    assertThat(identity(form, "id,at")).isEqualTo(ReplicaIdentity.of(List.of("id", "at")));
    assertThat(identity(form, "*")).isEqualTo(ReplicaIdentity.FULL);
  }

  private ReplicaIdentity identity(Form form, String text) {
    return ((RowChange) decode(form.change("u", 1L, 2L, "public", "t", null, text))).identity();
  }

  /** Taken for anything at all, it could make an incomplete image a complete one. */
  @ParameterizedTest
  @EnumSource
  void refusesAChangeThatDoesNotSayWhatItsRowWasKnownBy(Form form) {
    assertThatThrownBy(() -> decode(form.change("d", 1L, null, "public", "t", null, null)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "orders.forward-0@42: the DELETE of public.t does not say by which columns the source knew the row"
                + " (source.replica_identity), as every change does that the link's source connector sends. Does a transform"
                + " change the record?");
    assertThatThrownBy(() -> decode(form.change("u", null, 1L, "public", "t", null, null)))
        .hasMessageContaining("the UPDATE of public.t does not say");
  }

  @Test
  void refusesAnUpdateUnderFullWithoutTheRowBefore() {
    assertThatThrownBy(() -> decode(Form.MAP.change("u", null, 1L, "public", "t", null, "*")))
        .isInstanceOf(DataException.class)
        .hasMessage("orders.forward-0@42: the UPDATE of public.t carries no 'before' image.");
  }

  @ParameterizedTest
  @EnumSource
  void readsTruncate(Form form) {
    assertThat(decode(form.change("t", null, null)))
        .isEqualTo(new Truncate(AT, List.of(new TableName("public", "t")), 100, 5001));
  }

  @ParameterizedTest
  @EnumSource
  void readsMarkers(Form form) {
    SinkRecord begin = record(form.marker("BEGIN", "720:0"));
    begin.headers().addLong(Wire.PREVIOUS_END, 24_000_000);
    assertThat(decoder.decode(begin)).isEqualTo(new Begin(AT, 24_000_000));
    SinkRecord end = record(form.marker("END", "720:24023128"));
    end.headers().addLong(Wire.PREVIOUS_END, 24_000_000);
    assertThat(decoder.decode(end)).isEqualTo(new End(AT, 24_023_128, 24_000_000, 7000));
    assertThatThrownBy(() -> decode(form.marker("END", "720:24023128")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("header 'pgduplex.previous.end' is missing");
  }

  @ParameterizedTest
  @EnumSource
  void findsNothingInHeartbeats(Form form) {
    assertThat(decode(form.heartbeat())).isEqualTo(new Nothing(AT));
  }

  @ParameterizedTest
  @EnumSource
  void findsNothingInMessagesAndInItsOwnTables(Form form) {
    assertThat(decode(form.change("m", null, null))).isEqualTo(new Nothing(AT));
    assertThat(decode(form.change(
            "c", null, 1L, "pgduplex", "progress", "pgduplex_orders_reverse", "link,direction")))
        .isEqualTo(new Nothing(AT));
  }

  @Test
  void findsNothingInATombstone() {
    assertThat(decode(null)).isEqualTo(new Nothing(AT));
  }

  @Test
  void takesTheMillisecondsWhereThereAreNoMicroseconds() {
    Map<String, @Nullable Object> value = Tables.row(
        "op",
        "c",
        "after",
        Tables.row("id", 1L),
        "source",
        Tables.row("name", SENDER, "schema", "s", "table", "t", "ts_ms", 5L));
    assertThat(decode(value))
        .isEqualTo(new RowChange(
            AT,
            new TableName("s", "t"),
            Kind.INSERT,
            null,
            Tables.row("id", 1L),
            ReplicaIdentity.NOTHING,
            0,
            5000));
  }

  @Test
  void keepsRowsOfOtherOrigins() {
    assertThat(
            decode(Form.MAP.change("c", null, 1L, "public", "t", "pgduplex_stock_forward", "id")))
        .isInstanceOf(RowChange.class);
  }

  @Test
  void readsHeadersThatCameAsText() {
    SinkRecord record = bare(Form.MAP.heartbeat());
    record.headers().addString(Wire.EPOCH, "3").addString(Wire.SEQ, "17");
    assertThat(decoder.decode(record).position()).isEqualTo(AT);
  }

  private void refuses(SinkRecord record, Class<?> type, String message) {
    assertThatThrownBy(() -> decoder.decode(record)).isExactlyInstanceOf(type).hasMessage(message);
  }

  @Test
  void refusesAnotherPartition() {
    refuses(
        new SinkRecord("orders.forward", 2, null, null, null, null, 5),
        ConnectException.class,
        "orders.forward-2@5: a direction's topic has one partition, but this record is in partition 2."
            + " Recreate the topic with one partition (topic.creation.default.partitions=1).");
  }

  @Test
  void refusesARecordWithoutItsHeaders() {
    refuses(
        bare(Form.MAP.heartbeat()),
        DataException.class,
        "orders.forward-0@42: header 'pgduplex.epoch' is missing. Only a pgduplex source connector may write to this"
            + " topic, and header.converter must be the same at source and sink.");
  }

  @Test
  void refusesHeadersThatAreNoNumbers() {
    SinkRecord text = bare(Form.MAP.heartbeat());
    text.headers().addString(Wire.EPOCH, "three");
    refuses(
        text,
        DataException.class,
        "orders.forward-0@42: header 'pgduplex.epoch' is not a number but three.");
    SinkRecord bytes = bare(Form.MAP.heartbeat());
    bytes.headers().addBytes(Wire.EPOCH, new byte[] {3});
    refuses(
        bytes,
        DataException.class,
        "orders.forward-0@42: header 'pgduplex.epoch' is not a number. Set header.converter to the same class at source"
            + " and sink, for example org.apache.kafka.connect.converters.LongConverter.");
  }

  @Test
  void refusesAValueWithoutStructure() {
    refuses(
        record("{}"),
        DataException.class,
        "orders.forward-0@42: the value is neither a Struct nor a Map but String."
            + " Set value.converter as at the source connector.");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnUnknownOperation(Form form) {
    refuses(
        record(form.change("x", null, 1L)),
        DataException.class,
        "orders.forward-0@42: unknown operation 'x' (known: c, u, d, r, t, m).");
  }

  @ParameterizedTest
  @CsvSource({"c, INSERT, after", "u, UPDATE, after", "d, DELETE, before", "r, SNAPSHOT, after"})
  void refusesAChangeWithoutTheImageThatItNeeds(String op, String kind, String image) {
    for (Form form : Form.values()) {
      refuses(
          record(form.change(op, null, null)),
          DataException.class,
          "orders.forward-0@42: the " + kind + " of public.t carries no '" + image + "' image.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatItWroteItself(Form form) {
    refuses(
        record(form.change("c", null, 1L, "public", "t", "pgduplex_orders_forward", "id")),
        ConnectException.class,
        "orders.forward-0@42: this change of public.t was written by pgduplex_orders_forward, this direction's own sink:"
            + " source and sink are connected to the same database, and every change would go round for ever. Correct"
            + " database.hostname, database.port or database.dbname of one of them.");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatTheOppositeSinkWrote(Form form) {
    refuses(
        record(form.change("c", null, 1L, "public", "t", "pgduplex_orders_reverse", "id")),
        ConnectException.class,
        "orders.forward-0@42: this change of public.t was written by pgduplex_orders_reverse, the opposite direction's"
            + " sink, and would loop. Add the DropLoopback transform with origins=pgduplex_orders_reverse to the source"
            + " connector.");
  }

  @Test
  void refusesAChangeWithoutSource() {
    refuses(
        record(Tables.row("op", "c")),
        DataException.class,
        "orders.forward-0@42: the change has no field 'source'.");
    refuses(
        record(
            Tables.row("op", "c", "source", new HashMap<>(Map.of("name", SENDER, "schema", "s")))),
        DataException.class,
        "orders.forward-0@42: the change names no table (source.schema, source.table).");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnEndWithoutPosition(Form form) {
    refuses(
        record(form.marker("END", "720")),
        DataException.class,
        "orders.forward-0@42: the END marker's id must be <xid>:<lsn> but is 720.");
    refuses(
        record(form.marker("END", "720:0/16")),
        DataException.class,
        "orders.forward-0@42: the END marker's id is not a number but 0/16.");
  }

  @Test
  void refusesOtherShapes() {
    String message =
        "orders.forward-0@42: neither a change, a transaction marker nor a heartbeat. Does something other than the"
            + " link's source connector write to this topic?";
    refuses(record(Tables.row("id", 1)), DataException.class, message);
    refuses(record(Tables.row("status", "RUNNING", "ts_ms", 1)), DataException.class, message);
  }

  @ParameterizedTest
  @CsvSource({"orders, forward, true", "orders, reverse, false", "other, forward, false"})
  void hearsWhichTablesItsOwnDirectionPublishes(String linkName, String direction, boolean ours) {
    Map<String, @Nullable Object> change = new HashMap<>();
    change.put("op", "u");
    change.put(
        "after",
        Tables.row(
            "link", linkName, "direction", direction, "tables", "{public.t,\"Odd Schema\".t}"));
    change.put(
        "source",
        Tables.row(
            "name", SENDER, "schema", "pgduplex", "table", "selection", "lsn", 7L, "ts_us", 8L));
    assertThat(decode(change))
        .isEqualTo(
            ours ? new TablesPublished(AT, "{public.t,\"Odd Schema\".t}", 7, 8) : new Nothing(AT));
  }

  @ParameterizedTest
  @CsvSource({"r, true", "c, false"})
  void readsStatementsThatAreToBeRun(String op, boolean ofSnapshot) {
    assertThat(decode(statement(op, "before_rows", Wire.LITERAL_UNAVAILABLE_VALUE)))
        .isEqualTo(new Ddl(
            AT,
            9,
            ofSnapshot,
            DdlPhase.BEFORE_ROWS,
            3,
            "table",
            new TableName("public", Wire.UNAVAILABLE_VALUE),
            "CREATE TABLE …",
            7,
            8));
    assertThat(decode(statement("d", "before_rows", "t"))).isEqualTo(new Nothing(AT));
  }

  @ParameterizedTest
  @CsvSource({"create, CREATE", "change, CHANGE", "unsupported, UNSUPPORTED", "nothing, NOTHING"})
  void readsWhatIsDoneAfterTheFirstCopyAndPassesItOverInACopy(String text, DdlPhase phase) {
    assertThat(decode(statement("c", text, "t")))
        .isEqualTo(new Ddl(
            AT, 9, false, phase, 3, "table", new TableName("public", "t"), "CREATE TABLE …", 7, 8));
    assertThat(decode(statement("r", text, "t"))).isEqualTo(new Nothing(AT));
    assertThat(decode(statement("u", text, "t"))).isEqualTo(new Nothing(AT));
  }

  @Test
  void refusesStatementsOfAPhaseThatItDoesNotKnow() {
    assertThatThrownBy(() -> decode(statement("c", "later", "t")))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a row of pgduplex.ddl_log of phase later")
        .hasMessageContaining("Use the same version of pgduplex on both sides.");
  }

  private static Map<String, @Nullable Object> statement(String op, String phase, String table) {
    Map<String, @Nullable Object> change = new HashMap<>();
    change.put("op", op);
    change.put(
        op.equals("d") ? "before" : "after",
        Tables.row(
            "link",
            "orders",
            "direction",
            "forward",
            "id",
            9L,
            "phase",
            phase,
            "ordinal",
            3,
            "object_kind",
            "table",
            "object_schema",
            "public",
            "object_name",
            table,
            "statement",
            "CREATE TABLE …"));
    change.put(
        "source",
        Tables.row(
            "name", SENDER, "schema", "pgduplex", "table", "ddl_log", "lsn", 7L, "ts_us", 8L));
    return change;
  }
}
