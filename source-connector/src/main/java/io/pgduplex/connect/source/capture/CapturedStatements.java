package io.pgduplex.connect.source.capture;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.source.schema.SchemaChange;
import io.pgduplex.connect.source.schema.SchemaStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes statements of what the database's event triggers have written into {@code pgduplex.ddl_log}: a record for each, in
 * the place of the one record that says how tables were before a statement and after it.
 */
final class CapturedStatements {

  /** As {@code pgduplex_ddl.write} has it. */
  private static final String CAPTURED = "captured";

  private final LinkDirection link;

  CapturedStatements(LinkDirection link) {
    this.link = link;
  }

  /** The same records, but for those. */
  List<SourceRecord> expand(List<SourceRecord> records) throws SQLException {
    List<SourceRecord> expanded = records;
    for (int i = 0; i < records.size(); i++) {
      SourceRecord record = records.get(i);
      Struct row = captured(record);
      if (row != null && expanded == records) {
        expanded = new ArrayList<>(records.subList(0, i));
      }
      if (row != null) {
        expand(record, row, expanded);
      } else if (expanded != records) {
        expanded.add(record);
      }
    }
    return expanded;
  }

  private @Nullable Struct captured(SourceRecord record) {
    if (!(record.value() instanceof Struct change) || change.schema().field(Wire.OP) == null) {
      return null;
    }
    Struct source = change.getStruct(Wire.SOURCE);
    if (!PgduplexSchema.NAME.equals(source.get(Wire.SOURCE_SCHEMA))
        || !PgduplexSchema.DDL_LOG.equals(source.get(Wire.SOURCE_TABLE))) {
      return null;
    }
    Struct row = change.getStruct(Wire.AFTER);
    return row != null && CAPTURED.equals(row.get("phase")) && link.link().equals(row.get("link"))
        ? row
        : null;
  }

  /** Of a copy it is old, and in the definition that was read for it. */
  private static void expand(SourceRecord record, Struct row, List<SourceRecord> expanded)
      throws SQLException {
    Struct change = (Struct) record.value();
    if (!"c".equals(change.get(Wire.OP))) {
      return;
    }
    for (SchemaStatement statement : SchemaChange.statements(row.getString("statement"))) {
      Struct one = copy(row)
          .put("phase", statement.phase().name().toLowerCase(Locale.ROOT))
          .put("object_kind", statement.kind())
          .put("object_schema", statement.schema())
          .put("object_name", statement.name())
          .put("statement", statement.sql());
      expanded.add(record.newRecord(
          record.topic(),
          record.kafkaPartition(),
          record.keySchema(),
          record.key(),
          record.valueSchema(),
          copy(change).put(Wire.AFTER, one),
          record.timestamp(),
          record.headers()));
    }
  }

  private static Struct copy(Struct struct) {
    Struct copy = new Struct(struct.schema());
    for (Field field : struct.schema().fields()) {
      copy.put(field, struct.getWithoutDefault(field.name()));
    }
    return copy;
  }
}
