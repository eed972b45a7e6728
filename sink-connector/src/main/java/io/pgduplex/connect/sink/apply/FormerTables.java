package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.table.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables as rows of the reverse direction still know them: A has changed them, and B had not heard of it when it sent the
 * row. B says which of A's changes it has made ({@code definition} in {@code pgduplex.control}), in its
 * place among its rows; for all others {@code pgduplex.ddl_log} says how a table was before. A table that rows are written to
 * stays as it is from its first row on until the transaction ends.
 */
final class FormerTables {

  private static final Logger LOG = LoggerFactory.getLogger(FormerTables.class);

  private static final long UNKNOWN = -1;

  private final Connection connection;
  private final TableCatalog catalog;
  private final LinkDirection link;
  private final PendingDefinitions pending;
  private final Map<TableName, FormerTable> tables = new HashMap<>();
  private final Set<Long> typeChanges = new HashSet<>();

  /** By the names that they have here; the transaction's locks keep them. */
  private final Set<TableName> locked = new HashSet<>();

  /** By the names that B knows; what they are here is known and locked. */
  private final Set<TableName> settled = new HashSet<>();

  /** False while nobody follows statements here, or not yet. */
  private boolean matters;

  /** Of what has been read. */
  private long version = UNKNOWN;

  FormerTables(Connection connection, TableCatalog catalog, LinkDirection link) {
    this.connection = connection;
    this.catalog = catalog;
    this.link = link;
    this.pending = new PendingDefinitions(connection, link);
  }

  /** Before rows are written. */
  void begin() throws SQLException {
    if (!matters && link.direction() == Direction.REVERSE) {
      matters = PgduplexObjects.isThere(connection, PgduplexSchema.DDL_LOG);
    }
  }

  /** The row as one of the table that there is now; empty if that is gone. */
  Optional<RowChange> translate(RowChange row) throws SQLException {
    if (!matters) {
      return Optional.of(row);
    }
    FormerTable table = settle(row.table());
    if (table == null) {
      return Optional.of(row);
    }
    if (table.now().isEmpty()) {
      LOG.info(
          "Direction {} at offset {}: the {} of {} is left out, since the table has been dropped here",
          link,
          row.position().offset(),
          row.kind(),
          row.table());
      return Optional.empty();
    }
    boolean keyed = catalog.get(connection, table.now().get()).hasKey();
    return Optional.of(table.translate(row, connection, keyed));
  }

  /** What a table is here, which stays so; null where it is as B knows it. */
  private @Nullable FormerTable settle(TableName sent) throws SQLException {
    if (version == UNKNOWN) {
      read(pending.version());
    }
    while (!settled.contains(sent)) {
      Optional<TableName> now = now(sent);
      if (now.isPresent() && !locked.contains(now.get())) {
        lock(now.get());
      }
      // It may have got another name before there was a lock on it.
      if (now.equals(now(sent))) {
        now.ifPresent(locked::add);
        settled.add(sent);
      }
    }
    return tables.get(sent);
  }

  private Optional<TableName> now(TableName sent) {
    FormerTable table = tables.get(sent);
    return table == null ? Optional.of(sent) : table.now();
  }

  /** Reads the log again if tables have changed since. */
  private void lock(TableName now) throws SQLException {
    requireTable(now);
    long current = pending.lock(now);
    if (current != version) {
      read(current);
    }
  }

  /** One that is not there may have got another name since the log was read. */
  private void requireTable(TableName now) throws SQLException {
    try {
      catalog.get(connection, now);
    } catch (ConnectException e) {
      if (pending.version() != version) {
        throw changed(e);
      }
      throw e;
    }
  }

  /** Of tables that are not locked everything may be otherwise by now. */
  private void read(long current) throws SQLException {
    Set<Long> now = pending.ofTypes();
    requireSame(now);
    catalog.retain(locked);
    tables.clear();
    tables.putAll(pending.tables());
    typeChanges.clear();
    typeChanges.addAll(now);
    version = current;
  }

  /** B has made the change of this number. What it calls a table from now on may be another one. */
  void applied(long number) throws SQLException {
    requireTypes();
    if (pending.applied(number)) {
      version = UNKNOWN;
      settled.clear();
    }
  }

  /** Once all is written: that types, which no lock keeps, are as they were when it was. */
  void requireTypes() throws SQLException {
    if (!settled.isEmpty() && pending.version() != version) {
      requireSame(pending.ofTypes());
    }
  }

  private void requireSame(Set<Long> now) throws SQLException {
    if (!settled.isEmpty() && !now.equals(typeChanges)) {
      throw changed(null);
    }
  }

  /** After an error: whether tables have changed since the log was read, which may be why. What was written is rolled back for it. */
  boolean changedMeanwhile() throws SQLException {
    if (version == UNKNOWN) {
      return false;
    }
    connection.rollback();
    return pending.version() != version;
  }

  /** The transaction will succeed if it begins again. */
  static SQLException changed(@Nullable Exception met) {
    return new SQLException("tables were changed while rows were written to them", "40001", met);
  }

  /** The locks are gone. */
  void transactionEnded() {
    locked.clear();
    settled.clear();
  }

  /** After a rollback. */
  void forget() {
    transactionEnded();
    version = UNKNOWN;
  }
}
