package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.BatchPlanner;
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
import io.pgduplex.connect.sink.resolve.Conflicts;
import io.pgduplex.connect.sink.resolve.Corrections;
import io.pgduplex.connect.sink.resolve.LateConflicts;
import io.pgduplex.connect.sink.resolve.LeftOut;
import io.pgduplex.connect.sink.resolve.RowKey;
import io.pgduplex.connect.sink.resolve.RowWriter;
import io.pgduplex.connect.sink.resolve.Settlement;
import io.pgduplex.connect.sink.resolve.Settlement.Part;
import io.pgduplex.connect.sink.resolve.Written;
import io.pgduplex.connect.sink.table.TableCatalog;
import io.pgduplex.connect.sink.table.TablePrivileges;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes into the open target transaction: as sets, and what a set cannot do cleanly row by row in the source's
 * order. Both give the same rows.
 */
final class ChangeWriter {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeWriter.class);

  /** At this size halving a batch to find the rows that do not fit costs more than doing them one by one. */
  private static final int ROW_BY_ROW = 8;

  private static final String WHOLE = "pgduplex_whole";
  private static final String PART = "pgduplex_part";

  private final Connection connection;
  private final Savepoints savepoints;
  private final boolean sets;
  private final boolean compares;
  private final boolean truncates;
  private final TableCatalog catalog = new TableCatalog();
  private final SetWriter setWriter;
  private final RowWriter rowWriter;
  private final LateConflicts late;
  private final ConflictTable conflicts;
  private final ControlTable control;
  private final ControlRows controlRows;
  private final Settlement settlement;
  private final Corrections corrections;
  private final SnapshotAttempts snapshots;
  private final Selections selections;
  private final SchemaSync schema;
  private final Truncation truncation;
  private BatchPlanner planner = new BatchPlanner();
  private List<Operation> planned = new ArrayList<>();

  /** @param leftOut changes that lost when what comes was applied before */
  ChangeWriter(
      TargetSession session,
      SinkConfig config,
      Selections selections,
      SchemaSync schema,
      LeftOut leftOut) {
    this.connection = session.connection();
    this.savepoints = new Savepoints(connection);
    this.sets = config.writesSets();
    this.compares = config.detectsConflicts();
    this.truncates = config.link().direction() == Direction.FORWARD;
    this.setWriter = new SetWriter(connection);
    LinkDirection link = config.link();
    SqlRows rows = new SqlRows(connection, link.origin(), config.lockTimeout());
    this.conflicts = new ConflictTable(connection, link);
    this.control = new ControlTable(connection, link);
    this.controlRows = new ControlRows(connection, catalog);
    this.settlement = new Settlement(Part.of(link.direction(), config.twoWay()), control);
    this.corrections = new Corrections(rows, conflicts, settlement);
    Conflicts decided = new Conflicts(
        link.direction(),
        config.conflictPolicies(),
        config.skippedOffsets(),
        conflicts,
        settlement);
    this.rowWriter = new RowWriter(rows, decided);
    this.late = new LateConflicts(rows, decided, leftOut);
    this.truncation = new Truncation(session);
    this.selections = selections;
    this.schema = schema;
    this.snapshots = new SnapshotAttempts(connection, config.link());
  }

  /** Writes the changes in order; the last is the last of its transaction. */
  void write(List<DataChange> changes) throws SQLException {
    apply(changes);
    late.resolve();
    conflicts.write();
    settlement.write();
  }

  /** Writes changes of whose transaction more is to come. */
  void writePart(List<DataChange> changes) throws SQLException {
    apply(changes);
    late.pause();
    conflicts.write();
    settlement.write();
  }

  private void apply(List<DataChange> changes) throws SQLException {
    for (DataChange change : changes) {
      if (change instanceof RowChange row) {
        writeRow(row);
      } else if (change instanceof Truncate truncate) {
        flush();
        truncate(truncate);
      } else if (change instanceof Control row) {
        flush();
        settle(row);
      } else if (change instanceof Ddl ddl) {
        flush();
        schema.take(ddl);
        catalog.clear();
      } else if (change instanceof TablesPublished published) {
        selections.note(published.tables());
      } else if (change instanceof SnapshotBegins) {
        flush();
        snapshots.begin(change.position().epoch());
      }
    }
    flush();
  }

  /** Before anything is written for the first time. */
  void firstStart() throws SQLException {
    settlement.firstStart();
  }

  /** What was written since the last commit is committed. */
  void committed() {
    settlement.transactionEnded();
  }

  /** What was written since the last commit is rolled back. */
  void rolledBack() {
    settlement.transactionEnded();
    conflicts.discard();
    control.forget();
    late.forget();
    schema.rolledBack();
  }

  private void settle(Control row) throws SQLException {
    switch (row.kind()) {
      case CORRECTION -> correct(row, controlRows.operation(row));
      case REASSERTION -> settlement.note(RowKey.found(controlRows.operation(row)), row.round());
      case ACKNOWLEDGEMENT -> settlement.acknowledged(row.number());
      case REWRITTEN -> settlement.acknowledge(row.number());
    }
  }

  private void correct(Control row, Operation operation) throws SQLException {
    try {
      if (operation.kind() == Kind.DELETE) {
        corrections.remove(row.number(), row.round(), operation);
      } else {
        corrections.set(row.number(), row.round(), operation);
      }
    } catch (SQLException e) {
      throw refused(operation, e);
    }
  }

  private void writeOne(Operation operation) throws SQLException {
    try {
      Written written = rowWriter.write(operation);
      late.wrote(operation.table(), List.of(operation), written);
    } catch (SQLException e) {
      throw refused(operation, e);
    }
  }

  private static SQLException refused(Operation operation, SQLException error) {
    return SqlErrors.classify(error) == ErrorClass.TRANSIENT
        ? error
        : new RefusedRow(operation, error);
  }

  private void writeRow(RowChange row) throws SQLException {
    TargetTable table = catalog.get(connection, row.table());
    snapshots.note(table, row.position().epoch(), row.kind() == Kind.SNAPSHOT);
    Operation known = Operation.of(table, row);
    Operation operation = compares ? known : known.unconditional();
    if (late.isLost(operation)) {
      return;
    }
    if (sets) {
      planner.add(operation);
      planned.add(operation);
    } else {
      writeOne(operation);
      settlement.noteDisputed(List.of(operation));
    }
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

  private void flush() throws SQLException {
    if (planned.isEmpty()) {
      return;
    }
    writeBatches(planner.batches());
    settlement.noteDisputed(planned);
    planner = new BatchPlanner();
    planned = new ArrayList<>();
  }

  private void writeBatches(List<Batch> batches) throws SQLException {
    if (batches.size() == 1 && batches.get(0).operations().size() == 1) {
      writeOne(batches.get(0).operations().get(0));
      return;
    }
    conflicts.write();
    savepoints.set(WHOLE);
    if (writeAllAsSets(batches)) {
      savepoints.release(WHOLE);
      return;
    }
    savepoints.rollbackTo(WHOLE);
    conflicts.discard();
    for (Batch batch : batches) {
      writeCarefully(batch);
    }
  }

  private boolean writeAllAsSets(List<Batch> batches) throws SQLException {
    for (Batch batch : batches) {
      // Rows that only the exact path can write may come between sets; their conflicts are
      // resolved there.
      List<Operation> left =
          SetWriter.suits(batch) ? tried(batch, setWriter::write).orElse(null) : batch.operations();
      if (left == null || !(left.isEmpty() || !SetWriter.suits(batch) || batch.independent())) {
        return false;
      }
      writeEach(left);
    }
    return true;
  }

  private void writeEach(List<Operation> operations) throws SQLException {
    for (Operation operation : operations) {
      writeOne(operation);
    }
  }

  /** A way to write a batch; returns what is left of it. */
  @FunctionalInterface
  private interface Way {
    List<Operation> write(Batch batch) throws SQLException;
  }

  /** What is left; empty where nothing could be written so. */
  private Optional<List<Operation>> tried(Batch batch, Way way) throws SQLException {
    try {
      List<Operation> left = way.write(batch);
      if (left.isEmpty()) {
        late.wrote(batch.shape().table(), batch.operations(), Written.CLEAN);
      }
      return Optional.of(left);
    } catch (SQLException e) {
      // Row by row it may succeed (COPY lacks features), or fail with the row's place.
      if (SqlErrors.classify(e) != ErrorClass.TRANSIENT) {
        note(batch, e);
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whatever else is wrong with the server must be seen, also if it goes well row by row. */
  private static void note(Batch batch, SQLException error) {
    String text = "A set of {} rows of {} did not go through and is done row by row";
    int rows = batch.operations().size();
    if (SqlErrors.isOfRow(error)) {
      LOG.debug(text, rows, batch.shape().table().name(), error);
    } else {
      LOG.warn(text, rows, batch.shape().table().name(), error);
    }
  }

  /** As one set; if that is not clean, its halves; at last row by row. */
  private void writeCarefully(Batch batch) throws SQLException {
    List<Operation> operations = batch.operations();
    if (operations.size() <= ROW_BY_ROW || !SetWriter.suits(batch)) {
      writeEach(operations);
      return;
    }
    conflicts.write();
    savepoints.set(PART);
    Optional<List<Operation>> left =
        tried(batch, batch.independent() ? setWriter::writeAround : setWriter::write);
    if (left.isPresent() && (batch.independent() || left.get().isEmpty())) {
      savepoints.release(PART);
      writeEach(left.get());
      return;
    }
    savepoints.rollbackTo(PART);
    conflicts.discard();
    int middle = operations.size() / 2;
    writeCarefully(new Batch(batch.shape(), operations.subList(0, middle)));
    writeCarefully(new Batch(batch.shape(), operations.subList(middle, operations.size())));
  }
}
