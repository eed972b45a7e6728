package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Control;
import io.pgduplex.connect.sink.record.ChangeEvent.ControlKind;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.resolve.Corrections;
import io.pgduplex.connect.sink.resolve.RowKey;
import io.pgduplex.connect.sink.resolve.RowWriter;
import io.pgduplex.connect.sink.resolve.Settlement;
import io.pgduplex.connect.sink.table.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/** Does what rows of {@code pgduplex.control} that came in say. */
final class ControlRows {

  private final Connection connection;
  private final TableCatalog catalog;
  private final FormerTables former;
  private final Settlement settlement;
  private final Corrections corrections;
  private final RowWriter writer;

  ControlRows(
      Connection connection,
      TableCatalog catalog,
      FormerTables former,
      Settlement settlement,
      Corrections corrections,
      RowWriter writer) {
    this.connection = connection;
    this.catalog = catalog;
    this.former = former;
    this.settlement = settlement;
    this.corrections = corrections;
    this.writer = writer;
  }

  /** All that came before it in the stream is written. */
  void apply(Control row) throws SQLException {
    switch (row.kind()) {
      case CORRECTION, REASSERTION, DELETION -> {
        Optional<Operation> operation = operation(row);
        if (operation.isPresent()) {
          apply(row, operation.get());
        }
      }
      case ACKNOWLEDGEMENT -> settlement.acknowledged(row.number());
      case REWRITTEN -> settlement.acknowledge(row.number());
      case DEFINITION -> former.applied(row.number());
    }
  }

  private void apply(Control row, Operation operation) throws SQLException {
    if (row.kind() == ControlKind.CORRECTION) {
      correct(row, operation);
      return;
    }
    if (row.kind() == ControlKind.DELETION) {
      writer.staysDeleted(operation);
    }
    settlement.note(RowKey.found(operation), row.round());
  }

  private void correct(Control row, Operation operation) throws SQLException {
    try {
      if (operation.kind() == Kind.DELETE) {
        corrections.remove(row.number(), row.round(), operation);
      } else {
        corrections.set(row.number(), row.round(), operation);
      }
    } catch (SQLException e) {
      throw RefusedRow.unlessTransient(operation, e);
    }
  }

  /** What the row with its key is to become: an UPDATE, or a DELETE where it holds no row. Empty if its table is gone. */
  private Optional<Operation> operation(Control control) throws SQLException {
    List<String> keyColumns = List.of(texts(control.keyColumns()));
    Map<String, @Nullable String> key = image(control.keyColumns(), control.keyValues());
    boolean absent = control.columns() == null || control.values() == null;
    RowChange change = new RowChange(
        control.position(),
        control.table(),
        absent ? Kind.DELETE : Kind.UPDATE,
        key,
        control.columns() == null || control.values() == null
            ? null
            : image(control.columns(), control.values()),
        ReplicaIdentity.of(keyColumns),
        control.lsn(),
        control.commitMicros());
    Optional<RowChange> known = former.translate(change);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Operation operation = Operation.of(catalog.get(connection, known.get().table()), known.get());
    return Optional.of(absent ? operation : operation.withKey());
  }

  private Map<String, @Nullable String> image(String columns, String values) throws SQLException {
    String[] names = texts(columns);
    @Nullable String[] texts = texts(values);
    Map<String, @Nullable String> image = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      // As the source would send it.
      image.put(
          names[i],
          Wire.UNAVAILABLE_VALUE.equals(texts[i]) ? Wire.LITERAL_UNAVAILABLE_VALUE : texts[i]);
    }
    return image;
  }

  private String[] texts(String array) throws SQLException {
    return (String[])
        new PgArray(connection.unwrap(BaseConnection.class), Oid.TEXT_ARRAY, array).getArray();
  }
}
