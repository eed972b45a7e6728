package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.BatchPlanner;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.resolve.LateConflicts;
import io.pgduplex.connect.sink.resolve.RowWriter;
import io.pgduplex.connect.sink.resolve.Settlement;
import io.pgduplex.connect.sink.resolve.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes operations on rows into the open target transaction: as sets, and what a set cannot do cleanly row by row in the
 * source's order. Both give the same rows.
 */
final class OperationWriter {

  private static final Logger LOG = LoggerFactory.getLogger(OperationWriter.class);

  /** At this size halving a batch to find the rows that do not fit costs more than doing them one by one. */
  private static final int ROW_BY_ROW = 8;

  private static final String WHOLE = "pgduplex_whole";
  private static final String PART = "pgduplex_part";

  private final Savepoints savepoints;
  private final SetWriter setWriter;
  private final RowWriter rowWriter;
  private final LateConflicts late;
  private final ConflictTable conflicts;
  private final Settlement settlement;
  private final boolean sets;
  private BatchPlanner planner = new BatchPlanner();
  private List<Operation> planned = new ArrayList<>();

  /** @param sets whether sets are made at all */
  OperationWriter(
      Connection connection,
      RowWriter rowWriter,
      LateConflicts late,
      ConflictTable conflicts,
      Settlement settlement,
      boolean sets) {
    this.savepoints = new Savepoints(connection);
    this.setWriter = new SetWriter(connection);
    this.rowWriter = rowWriter;
    this.late = late;
    this.conflicts = conflicts;
    this.settlement = settlement;
    this.sets = sets;
  }

  /** Takes the next one, unless it has lost already; it may be written at the next {@link #flush}. */
  void write(Operation operation) throws SQLException {
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

  /** Writes what has been taken; to be called before anything else is done to the tables. */
  void flush() throws SQLException {
    if (planned.isEmpty()) {
      return;
    }
    writeBatches(planner.batches());
    settlement.noteDisputed(planned);
    planner = new BatchPlanner();
    planned = new ArrayList<>();
  }

  private void writeOne(Operation operation) throws SQLException {
    try {
      Written written = rowWriter.write(operation);
      late.wrote(operation.table(), List.of(operation), written);
    } catch (SQLException e) {
      throw RefusedRow.unlessTransient(operation, e);
    }
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
