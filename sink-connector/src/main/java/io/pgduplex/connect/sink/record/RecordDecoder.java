package io.pgduplex.connect.sink.record;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.Control;
import io.pgduplex.connect.sink.record.ChangeEvent.ControlKind;
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
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's envelope and our headers; see {@link Wire} for the shapes. A record that is none of them stops the
 * direction: something else writes to the topic.
 */
public final class RecordDecoder {

  private static final long MICROS_PER_MILLI = 1000;

  private final LinkDirection link;
  private final String oppositeOrigin;
  private final Map<String, Map<String, TableName>> tableNames = new HashMap<>();
  private final Map<String, ReplicaIdentity> identities = new HashMap<>();

  /** Decodes records of {@code link}; those of any other direction are refused. */
  public RecordDecoder(LinkDirection link) {
    this.link = link;
    this.oppositeOrigin = link.opposite().origin();
  }

  /** Decodes one record; throws {@link ConnectException} with its coordinates when it is not one of ours. */
  public ChangeEvent decode(SinkRecord record) {
    if (record.kafkaPartition() != Wire.PARTITION) {
      throw new ConnectException(
          at(record) + ": a direction's topic has one partition, but this record is in partition "
              + record.kafkaPartition()
              + ". Recreate the topic with one partition (topic.creation.default.partitions=1).");
    }
    Position position =
        new Position(record.kafkaOffset(), header(record, Wire.EPOCH), header(record, Wire.SEQ));
    Object value = record.value();
    if (value == null) {
      return new Nothing(position);
    }
    if (!Fields.isContainer(value)) {
      throw new DataException(at(record) + ": the value is neither a Struct nor a Map but "
          + value.getClass().getSimpleName() + ". Set value.converter as at the source connector.");
    }
    String op = Fields.text(value, Wire.OP);
    if (op != null) {
      return change(record, position, value, op);
    }
    String status = Fields.text(value, Wire.STATUS);
    if (Wire.STATUS_BEGIN.equals(status)) {
      return new Begin(position, header(record, Wire.PREVIOUS_END));
    }
    if (Wire.STATUS_END.equals(status)) {
      return end(record, position, value);
    }
    if (status == null && Fields.has(value, Wire.TS_MS)) {
      return new Nothing(position);
    }
    throw new DataException(at(record) + ": neither a change, a transaction marker nor a heartbeat."
        + " Does something other than the link's source connector write to this topic?");
  }

  private ChangeEvent change(SinkRecord record, Position position, Object value, String op) {
    Object source = Fields.get(value, Wire.SOURCE);
    if (source == null || !Fields.isContainer(source)) {
      throw new DataException(at(record) + ": the change has no field 'source'.");
    }
    String sender = Fields.text(source, Wire.SOURCE_NAME);
    if (!link.objectName().equals(sender)) {
      throw new ConnectException(
          at(record) + ": this change was sent by " + sender + ", but the sink applies "
              + link.objectName() + ". Set 'topics' to the topic of link.name and link.direction.");
    }
    if (op.equals("m")) {
      return new Nothing(position);
    }
    TableName table = tableName(record, source);
    if (table.schema().equals(PgduplexSchema.NAME)) {
      return own(record, position, table, value, source);
    }
    String origin = Fields.text(source, Wire.SOURCE_ORIGIN);
    if (link.origin().equals(origin)) {
      throw new ConnectException(
          at(record) + ": this change of " + table + " was written by " + origin
              + ", this direction's own sink: source and sink are connected to the same database, and every change would"
              + " go round for ever. Correct database.hostname, database.port or database.dbname of one of them.");
    }
    if (oppositeOrigin.equals(origin)) {
      throw new ConnectException(
          at(record) + ": this change of " + table + " was written by " + oppositeOrigin
              + ", the opposite direction's sink, and would loop. Add the DropLoopback transform with origins="
              + oppositeOrigin + " to the source connector.");
    }
    long lsn = Fields.number(source, Wire.SOURCE_LSN, 0);
    long micros = Fields.number(
        source, Wire.SOURCE_TS_US, Fields.number(source, Wire.TS_MS, 0) * MICROS_PER_MILLI);
    if (op.equals("t")) {
      return new Truncate(position, List.of(table), lsn, micros);
    }
    Object before = LongValues.joined(value, Wire.BEFORE);
    Object after = LongValues.joined(value, Wire.AFTER);
    Kind kind = kind(record, op);
    ReplicaIdentity identity = identity(record, source, kind, table);
    boolean needsBefore = kind == Kind.DELETE || (kind == Kind.UPDATE && identity.full());
    if ((before == null && needsBefore) || (after == null && kind != Kind.DELETE)) {
      throw new DataException(at(record) + ": the " + kind + " of " + table + " carries no "
          + (before == null && needsBefore ? "'before'" : "'after'") + " image.");
    }
    return new RowChange(position, table, kind, before, after, identity, lsn, micros);
  }

  private ReplicaIdentity identity(SinkRecord record, Object source, Kind kind, TableName table) {
    String text = Fields.text(source, Wire.SOURCE_IDENTITY);
    if (text != null) {
      return identities.computeIfAbsent(text, ReplicaIdentity::parse);
    }
    if (kind == Kind.UPDATE || kind == Kind.DELETE) {
      throw new DataException(
          at(record) + ": the " + kind + " of " + table
              + " does not say by which columns the source knew the row (source."
              + Wire.SOURCE_IDENTITY
              + "), as every change does that the link's source connector sends. Does a transform change the record?");
    }
    return ReplicaIdentity.NOTHING;
  }

  /** A row of pgduplex's own tables; those of another link or direction cross as well, and mean nothing here. */
  private ChangeEvent own(
      SinkRecord record, Position position, TableName table, Object value, Object source) {
    Object row = LongValues.joined(value, Wire.AFTER);
    if (row == null
        || !link.link().equals(Fields.text(row, "link"))
        || !link.direction().toString().equals(Fields.text(row, "direction"))) {
      return new Nothing(position);
    }
    long lsn = Fields.number(source, Wire.SOURCE_LSN, 0);
    long micros = Fields.number(source, Wire.SOURCE_TS_US, 0);
    if (table.name().equals(PgduplexSchema.SELECTION)) {
      return new TablesPublished(position, text(row, "tables"), lsn, micros);
    }
    if (table.name().equals(PgduplexSchema.DDL_LOG)) {
      return ddl(record, position, value, row, lsn, micros);
    }
    return table.name().equals(PgduplexSchema.CONTROL)
        ? control(record, position, row, lsn, micros)
        : new Nothing(position);
  }

  private static ChangeEvent ddl(
      SinkRecord record, Position position, Object value, Object row, long lsn, long micros) {
    DdlPhase phase = DdlPhase.named(text(row, "phase"))
        .orElseThrow(() -> unknown(record, "ddl_log of phase " + text(row, "phase")));
    String op = Fields.text(value, Wire.OP);
    boolean ofSnapshot = "r".equals(op);
    // What was done before a copy is in the definitions that the copy brings; a row that changes
    // has been read.
    if (ofSnapshot ? phase.afterCopy() : !"c".equals(op)) {
      return new Nothing(position);
    }
    return new Ddl(
        position,
        Fields.number(row, "id", 0),
        ofSnapshot,
        phase,
        (int) Fields.number(row, "ordinal", 0),
        text(row, "object_kind"),
        new TableName(text(row, "object_schema"), text(row, "object_name")),
        text(row, "statement"),
        lsn,
        micros);
  }

  private static ConnectException unknown(SinkRecord record, String what) {
    return new ConnectException(
        at(record) + ": a row of pgduplex." + what
            + ", which this version of the sink does not know. Use the same version of pgduplex on both sides.");
  }

  private static Control control(
      SinkRecord record, Position position, Object row, long lsn, long micros) {
    ControlKind kind = ControlKind.named(text(row, "kind"))
        .orElseThrow(() -> unknown(record, "control of kind " + text(row, "kind")));
    return new Control(
        position,
        kind,
        Fields.number(row, kind.answers() ? "answers" : "id", 0),
        (int) Fields.number(row, "round", 0),
        new TableName(text(row, "table_schema"), text(row, "table_name")),
        text(row, "key_columns"),
        text(row, "key_values"),
        Fields.text(row, "columns"),
        Fields.text(row, "row_values"),
        lsn,
        micros);
  }

  private static String text(Object row, String column) {
    String text = String.valueOf(Fields.text(row, column));
    return text.equals(Wire.LITERAL_UNAVAILABLE_VALUE) ? Wire.UNAVAILABLE_VALUE : text;
  }

  private static Kind kind(SinkRecord record, String op) {
    return switch (op) {
      case "r" -> Kind.SNAPSHOT;
      case "c" -> Kind.INSERT;
      case "u" -> Kind.UPDATE;
      case "d" -> Kind.DELETE;
      default ->
        throw new DataException(
            at(record) + ": unknown operation '" + op + "' (known: c, u, d, r, t, m).");
    };
  }

  private static End end(SinkRecord record, Position position, Object value) {
    String id = Fields.text(value, Wire.TRANSACTION_ID);
    int colon = id == null ? -1 : id.lastIndexOf(':');
    if (id == null || colon < 0) {
      throw new DataException(
          at(record) + ": the END marker's id must be <xid>:<lsn> but is " + id + ".");
    }
    long lsn = number(record, "the END marker's id", id.substring(colon + 1));
    return new End(
        position,
        lsn,
        header(record, Wire.PREVIOUS_END),
        Fields.number(value, Wire.TS_MS, 0) * MICROS_PER_MILLI);
  }

  private TableName tableName(SinkRecord record, Object source) {
    String schema = Fields.text(source, Wire.SOURCE_SCHEMA);
    String table = Fields.text(source, Wire.SOURCE_TABLE);
    if (schema == null || table == null) {
      throw new DataException(
          at(record) + ": the change names no table (source.schema, source.table).");
    }
    return tableNames
        .computeIfAbsent(schema, any -> new HashMap<>())
        .computeIfAbsent(table, name -> new TableName(schema, name));
  }

  private static long header(SinkRecord record, String name) {
    Header header = record.headers().lastWithName(name);
    if (header == null) {
      throw new DataException(at(record) + ": header '" + name
          + "' is missing. Only a pgduplex source connector may write"
          + " to this topic, and header.converter must be the same at source and sink.");
    }
    @Nullable Object value = header.value();
    if (value instanceof Number number) {
      return number.longValue();
    }
    if (value instanceof String text) {
      return number(record, "header '" + header.key() + "'", text);
    }
    throw new DataException(
        at(record) + ": header '" + header.key()
            + "' is not a number. Set header.converter to the same"
            + " class at source and sink, for example org.apache.kafka.connect.converters.LongConverter.");
  }

  private static long number(SinkRecord record, String where, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DataException(at(record) + ": " + where + " is not a number but " + text + ".", e);
    }
  }

  private static String at(SinkRecord record) {
    return record.topic() + "-" + record.kafkaPartition() + "@" + record.kafkaOffset();
  }
}
