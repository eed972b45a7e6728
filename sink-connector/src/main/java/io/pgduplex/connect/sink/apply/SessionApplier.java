package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.resolve.LeftOut;
import io.pgduplex.connect.sink.transaction.Group;
import io.pgduplex.connect.sink.transaction.TransactionAssembler;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a direction's events through a session, from what is committed on: whole source transactions share a target
 * transaction, and a large one is streamed into it. The work that {@link #take} returns may be run by another thread, while
 * nothing else is called.
 */
final class SessionApplier {

  private static final Logger LOG = LoggerFactory.getLogger(SessionApplier.class);

  private final TargetSession session;
  private final SinkConfig config;
  private final RetrySchedule retry;
  private final Selections selections;
  private final SchemaSync schema;
  private final ConflictRetention retention;
  private final ChangeWriter writer;
  private final ConcurrentIndexes indexes;
  private final TransactionAssembler assembler;
  private final Stopwatch sinceCommit = new Stopwatch();
  private final Stopwatch sinceChange = new Stopwatch();
  private long streamedChanges;

  /**
   * @param leftOut changes that lost when what comes was applied before
   * @param retry is told of each commit
   */
  SessionApplier(TargetSession session, SinkConfig config, LeftOut leftOut, RetrySchedule retry) {
    this.session = session;
    this.config = config;
    this.retry = retry;
    this.selections = new Selections(config.link(), config.twoWay(), session.connection());
    this.schema = new SchemaSync(session.connection(), config);
    this.retention = new ConflictRetention(config.link(), config.conflictRetention());
    this.writer = new ChangeWriter(session, config, selections, schema, leftOut);
    this.indexes = new ConcurrentIndexes(session.connection(), config);
    this.assembler = new TransactionAssembler(config.link().toString(), session.committed());
  }

  TargetSession session() {
    return session;
  }

  /** Before anything is applied for the first time. */
  void firstStart() throws SQLException {
    writer.firstStart();
    session.connection().commit();
  }

  /**
   * Takes the next event, and writes what is due with it.
   *
   * @return what is to be done before the next event, and may take long
   */
  Optional<LongWork.Work> take(ChangeEvent event) throws SQLException {
    if (event instanceof DataChange) {
      sinceChange.restart();
    }
    if (assembler.mustCommitBefore(event)) {
      commit();
    }
    boolean copied = event instanceof Begin begin && begin.previousEnd() == Wire.AFTER_SNAPSHOT;
    if (copied && assembler.hasComplete()) {
      commit();
    }
    if (assembler.accept(event)) {
      rollback();
    }
    if (copied && schema.hasPending()) {
      return Optional.of(this::finishCopy);
    }
    if (assembler.mustCommit()) {
      return Optional.of(this::commit);
    }
    if (assembler.completeSize() >= config.batchSize()) {
      commit();
    }
    return assembler.openSize() >= config.transactionBufferRows() && !assembler.openStaysWhole()
        ? stream()
        : Optional.empty();
  }

  /** Writes what is due once no more events are at hand. */
  void writeDue() throws SQLException {
    if (assembler.hasComplete() || isProgressDue()) {
      commit();
    }
    if (assembler.isStreaming()) {
      return;
    }
    if (selections.isCheckDue()) {
      selections.check();
      rollback();
    } else if (retention.isDue()) {
      retention.prune(session.connection());
    }
  }

  /** Whether nothing more has come of a large transaction for too long. */
  boolean isStalled() {
    return assembler.isStreaming() && sinceChange.hasPassed(config.openTransactionTimeout());
  }

  /** Empty transactions alone are not worth a commit each: on an old server it would come back as an empty one. */
  private boolean isProgressDue() {
    return assembler.knowsTime()
        && !assembler.isStreaming()
        && assembler.progress().nextOffset() != session.committed().nextOffset()
        && sinceCommit.hasPassed(config.progressInterval());
  }

  private void commit() throws SQLException {
    Group group = assembler.takeComplete();
    indexes.build(group.changes());
    writer.write(group.changes());
    session.commit(group, streamedChanges);
    writer.committed();
    streamedChanges = 0;
    sinceCommit.restart();
    retry.succeeded();
    LOG.debug(
        "Direction {}: committed {} changes, {}",
        config.link(),
        group.changes().size(),
        group.progress());
  }

  /** The part of a large transaction that has come goes into the target transaction, which stays open until its end. */
  private Optional<LongWork.Work> stream() throws SQLException {
    if (!assembler.isStreaming() && assembler.hasComplete()) {
      commit();
    }
    if (assembler.openHasDefinitions()) {
      return Optional.of(this::writePart);
    }
    writePart();
    return Optional.empty();
  }

  private void writePart() throws SQLException {
    List<DataChange> part = assembler.takeOpen();
    writer.writePart(part);
    streamedChanges += Group.count(part);
    // The source is not to blame for the time that this took.
    sinceChange.restart();
  }

  /** After it the tables are no longer as they were. */
  private void finishCopy() throws SQLException {
    schema.runPending();
    rollback();
  }

  /** Takes back what was written since the last commit. */
  void rollback() throws SQLException {
    session.rollback();
    writer.rolledBack();
    streamedChanges = 0;
  }
}
