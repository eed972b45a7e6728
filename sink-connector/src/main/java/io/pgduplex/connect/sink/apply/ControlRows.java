package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Control;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
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

/** Reads rows of {@code pgduplex.control} that came in as the operations that they stand for. */
final class ControlRows {

  private final Connection connection;
  private final TableCatalog catalog;
  private final FormerTables former;

  ControlRows(Connection connection, TableCatalog catalog, FormerTables former) {
    this.connection = connection;
    this.former = former;
    this.catalog = catalog;
  }

  /** What the row with its key is to become: an UPDATE, or a DELETE where it holds no row. Empty if its table is gone. */
  Optional<Operation> operation(Control control) throws SQLException {
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
