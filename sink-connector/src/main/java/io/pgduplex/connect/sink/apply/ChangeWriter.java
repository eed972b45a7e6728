package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Control;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.ChangeEvent.SnapshotBegins;
import io.pgduplex.connect.sink.record.ChangeEvent.TablesPublished;
import io.pgduplex.connect.sink.record.ChangeEvent.Truncate;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.resolve.ApplyAgain;
import io.pgduplex.connect.sink.resolve.Conflicts;
import io.pgduplex.connect.sink.resolve.Corrections;
import io.pgduplex.connect.sink.resolve.LateConflicts;
import io.pgduplex.connect.sink.resolve.LeftOut;
import io.pgduplex.connect.sink.resolve.RowWriter;
import io.pgduplex.connect.sink.resolve.Settlement;
import io.pgduplex.connect.sink.resolve.Settlement.Part;
import io.pgduplex.connect.sink.table.TableCatalog;
import io.pgduplex.connect.sink.table.TablePrivileges;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes changes of every kind into the open target transaction, in their order. */
final class ChangeWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeWriter.class);

  private final Connection connection;
  private final boolean compares;
  private final boolean truncates;
  private final TableCatalog catalog = new TableCatalog();
  private final OperationWriter operations;
  private final LateConflicts late;
  private final ConflictTable conflicts;
  private final ControlTable control;
  private final ControlRows controlRows;
  private final Settlement settlement;
  private final SnapshotAttempts snapshots;
  private final Selections selections;
  private final SchemaSync schema;
  private final SchemaChanges schemaChanges;
  private final Truncation truncation;
  private final FormerTables former;
  private final boolean tellsDefinitions;
  private final Set<Long> definitions = new LinkedHashSet<>();

  /** @param leftOut changes that lost when what comes was applied before */
  ChangeWriter(
      TargetSession session,
      SinkConfig config,
      Selections selections,
      SchemaSync schema,
      LeftOut leftOut) {
    this.connection = session.connection();
    this.compares = config.detectsConflicts();
    this.truncates = config.link().direction() == Direction.FORWARD;
    LinkDirection link = config.link();
    SqlRows rows = new SqlRows(connection, link.origin(), config.lockTimeout());
    this.conflicts = new ConflictTable(connection, link);
    this.control = new ControlTable(connection, link);
    this.former = new FormerTables(connection, catalog, link);
    this.tellsDefinitions = config.twoWay() && link.direction() == Direction.FORWARD;
    this.settlement = new Settlement(Part.of(link.direction(), config.twoWay()), control);
    Conflicts decided = new Conflicts(
        link.direction(),
        config.conflictPolicies(),
        config.skippedOffsets(),
        conflicts,
        settlement);
    this.late = new LateConflicts(rows, decided, leftOut);
    RowWriter writer = new RowWriter(rows, decided);
    this.operations =
        new OperationWriter(connection, writer, late, conflicts, settlement, config.writesSets());
    this.controlRows = new ControlRows(
        connection,
        catalog,
        former,
        settlement,
        new Corrections(rows, conflicts, settlement),
        writer);
    this.truncation = new Truncation(session);
    this.selections = selections;
    this.schema = schema;
    this.schemaChanges = new SchemaChanges(connection, config);
    this.snapshots = new SnapshotAttempts(connection, config.link());
  }

  /** Writes the changes in order; the last is the last of its transaction. */
  void write(List<DataChange> changes) throws SQLException {
    whileTablesStay(() -> {
      apply(changes);
      late.resolve();
      conflicts.write();
      tellDefinitions();
      settlement.write();
      former.requireTypes();
    });
  }

  /** Writes changes of whose transaction more is to come. */
  void writePart(List<DataChange> changes) throws SQLException {
    whileTablesStay(() -> {
      apply(changes);
      late.pause();
      conflicts.write();
      tellDefinitions();
      settlement.write();
    });
  }

  /** Statements that write. */
  @FunctionalInterface
  private interface Writes {
    void run() throws SQLException;
  }

  /** Where somebody changes tables meanwhile, that may be why a row is refused. */
  private void whileTablesStay(Writes writes) throws SQLException {
    try {
      writes.run();
    } catch (ApplyAgain e) {
      throw e;
    } catch (SQLException | ConnectException e) {
      if (former.changedMeanwhile()) {
        throw FormerTables.changed(e);
      }
      throw e;
    }
  }

  private void apply(List<DataChange> changes) throws SQLException {
    former.begin();
    for (DataChange change : changes) {
      if (change instanceof RowChange row) {
        writeRow(row);
      } else if (change instanceof Truncate truncate) {
        operations.flush();
        truncate(truncate);
      } else if (change instanceof Control row) {
        operations.flush();
        controlRows.apply(row);
      } else if (change instanceof Ddl ddl) {
        define(ddl);
      } else if (change instanceof TablesPublished published) {
        selections.note(published.tables());
      } else if (change instanceof SnapshotBegins) {
        operations.flush();
        snapshots.begin(change.position().epoch());
      }
    }
    operations.flush();
  }

  /** Before anything is written for the first time. */
  void firstStart() throws SQLException {
    settlement.firstStart();
  }

  /** What was written since the last commit is committed. */
  void committed() {
    settlement.transactionEnded();
    former.transactionEnded();
  }

  /** What was written since the last commit is rolled back. */
  void rolledBack() {
    settlement.transactionEnded();
    conflicts.discard();
    control.forget();
    late.forget();
    schema.rolledBack();
    snapshots.forget();
    former.forget();
    definitions.clear();
    catalog.clear();
  }

  /** All that was noted under the old definition is written under it. */
  private void define(Ddl ddl) throws SQLException {
    operations.flush();
    if (ddl.phase().afterCopy()) {
      late.resolve(ddl.object());
      conflicts.write();
      if (!definitions.contains(ddl.number())) {
        tellDefinitions();
      }
      settlement.write();
      schemaChanges.take(ddl);
      if (tellsDefinitions) {
        definitions.add(ddl.number());
      }
    } else {
      schema.take(ddl);
    }
    catalog.clear();
  }

  /** What is settled from now on is told in the names that these gave. */
  private void tellDefinitions() throws SQLException {
    if (!definitions.isEmpty()) {
      control.tellDefinitions(definitions);
      definitions.clear();
    }
  }

  private void writeRow(RowChange sent) throws SQLException {
    Optional<RowChange> translated = former.translate(sent);
    if (translated.isEmpty()) {
      return;
    }
    RowChange row = translated.get();
    TargetTable table = catalog.get(connection, row.table());
    snapshots.note(table, row.position().epoch(), row.kind() == Kind.SNAPSHOT);
    Operation known = Operation.of(table, row);
    Operation operation = compares ? known : known.unconditional();
    operations.write(operation);
  }

  private void truncate(Truncate truncate) throws SQLException {
    String tables =
        truncate.tables().stream().map(TableName::toString).collect(Collectors.joining(", "));
    if (!truncates) {
      LOG.info(
          "TRUNCATE of {} at offset {} is left out: TRUNCATE goes forward only",
          tables,
          truncate.position().offset());
      return;
    }
    List<TargetTable> targets = new ArrayList<>();
    for (TableName name : truncate.tables()) {
      TablePrivileges.requireTruncate(connection, name);
      targets.add(catalog.get(connection, name));
    }
    truncation.apply(truncate, targets);
  }
}
