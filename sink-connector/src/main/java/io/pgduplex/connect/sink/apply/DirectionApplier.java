package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.Begin;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.RecordDecoder;
import io.pgduplex.connect.sink.resolve.ApplyAgain;
import io.pgduplex.connect.sink.resolve.LeftOut;
import io.pgduplex.connect.sink.transaction.Group;
import io.pgduplex.connect.sink.transaction.Progress;
import io.pgduplex.connect.sink.transaction.TransactionAssembler;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a direction's topic: whole source transactions, in order, exactly once.
 *
 * <p>The database's progress says where to go on, never Connect's offsets: each new session rewinds the consumer to it.
 * After an error that may pass the session is given up, the partition paused, and a later {@link #put} begins a new
 * session; nothing sleeps in here.
 */
public final class DirectionApplier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DirectionApplier.class);

  private static final long LONG_WORK_MS = 500;

  private final SinkConfig config;
  private final SinkTaskContext context;
  private final TopicPartition partition;
  private final RecordDecoder decoder;
  private final RetrySchedule retry;
  private final OppositeDirection opposite;

  private @Nullable Running running;
  private @Nullable LongWork longWork;
  private long streamedChanges;

  /** What lives as long as a session. */
  private record Running(
      TargetSession session,
      Selections selections,
      SchemaSync schema,
      ConflictRetention retention,
      ChangeWriter writer,
      TransactionAssembler assembler,
      Stopwatch sinceCommit,
      Stopwatch sinceChange) {}

  public DirectionApplier(SinkConfig config, SinkTaskContext context, TopicPartition partition) {
    this.config = config;
    this.context = context;
    this.partition = partition;
    this.decoder = new RecordDecoder(config.link());
    this.opposite = new OppositeDirection(config);
    this.retry = new RetrySchedule(config.retryBackoff(), config.retryTimeout(), System::nanoTime);
  }

  /** Applies the next records; also called without any, for what is due by time. */
  public void put(Collection<SinkRecord> records) {
    Duration wait = retry.remaining();
    if (!wait.isZero()) {
      context.timeout(wait.toMillis());
      return;
    }
    try {
      if (longWork != null) {
        awaitLongWork(longWork);
        return;
      }
      if (running == null) {
        // What came along is from where Connect thought to go on; the rewind brings the right
        // records.
        running = begin();
        return;
      }
      applyOrBeginAgain(running, records);
    } catch (SQLException e) {
      onError(e);
    }
  }

  private void awaitLongWork(LongWork work) throws SQLException {
    if (!work.isDone()) {
      context.timeout(LONG_WORK_MS);
      return;
    }
    longWork = null;
    work.result();
    running = goOn(Objects.requireNonNull(running).session(), new LeftOut());
  }

  private void applyOrBeginAgain(Running now, Collection<SinkRecord> records) throws SQLException {
    try {
      apply(now, records);
    } catch (ApplyAgain again) {
      LOG.info(
          "Direction {}: {} changes lost to rows of this side by deferrable constraints; what came since the last commit"
              + " is applied again without them",
          config.link(),
          again.leftOut().size());
      rollback(now);
      running = goOn(now.session(), again.leftOut());
    }
  }

  /** The offset that is committed in the database; empty while there is no session. */
  public OptionalLong committedOffset() {
    return running == null
        ? OptionalLong.empty()
        : OptionalLong.of(running.session().committed().nextOffset());
  }

  private @Nullable Running begin() throws SQLException {
    TargetSession session = TargetSession.open(config, partition.topic());
    if (mustWait(session)) {
      retry.pause(config.retryBackoff());
      context.pause(partition);
      context.timeout(config.retryBackoff().toMillis());
      return null;
    }
    LOG.info("Direction {} goes on at {}", config.link(), session.committed());
    Running now = goOn(session, new LeftOut());
    if (session.committed().nextOffset() == 0) {
      now.writer().firstStart();
      session.connection().commit();
    }
    return now;
  }

  /** From what is committed. */
  private Running goOn(TargetSession session, LeftOut leftOut) {
    Progress progress = session.committed();
    context.offset(partition, progress.nextOffset());
    context.resume(partition);
    Selections selections = new Selections(config.link(), config.twoWay(), session.connection());
    SchemaSync schema = new SchemaSync(session.connection(), config);
    return new Running(
        session,
        selections,
        schema,
        new ConflictRetention(config.link(), config.conflictRetention()),
        new ChangeWriter(session, config, selections, schema, leftOut),
        new TransactionAssembler(config.link().toString(), progress),
        new Stopwatch(),
        new Stopwatch());
  }

  private boolean mustWait(TargetSession session) throws SQLException {
    boolean wait = true;
    try {
      wait = opposite.mustBeAwaited(session);
      return wait;
    } finally {
      if (wait) {
        session.close();
      }
    }
  }

  private void apply(Running now, Collection<SinkRecord> records) throws SQLException {
    for (SinkRecord record : records) {
      ChangeEvent event = decoder.decode(record);
      if (event instanceof DataChange) {
        now.sinceChange().restart();
      }
      if (now.assembler().mustCommitBefore(event)) {
        commit(now);
      }
      if (event instanceof Begin begin && begin.previousEnd() == Wire.AFTER_SNAPSHOT) {
        if (now.assembler().hasComplete()) {
          commit(now);
        }
        if (now.schema().hasPending()) {
          finishSchema(now);
          return;
        }
      }
      if (now.assembler().accept(event)) {
        rollback(now);
      }
      if (now.assembler().mustCommit() || now.assembler().completeSize() >= config.batchSize()) {
        commit(now);
      }
      if (now.assembler().openSize() >= config.transactionBufferRows()) {
        stream(now);
      }
    }
    if (now.assembler().hasComplete() || isProgressDue(now)) {
      commit(now);
    }
    if (now.assembler().isStreaming()
        && now.sinceChange().hasPassed(config.openTransactionTimeout())) {
      giveUpStalled();
    } else if (!now.assembler().isStreaming() && now.selections().isCheckDue()) {
      now.selections().check();
      rollback(now);
    } else if (!now.assembler().isStreaming() && now.retention().isDue()) {
      now.retention().prune(now.session().connection());
    }
    context.timeout(config.progressInterval().toMillis());
  }

  /** Empty transactions alone are not worth a commit each: on an old server it would come back as an empty one. */
  private boolean isProgressDue(Running now) {
    return now.assembler().knowsTime()
        && !now.assembler().isStreaming()
        && now.assembler().progress().nextOffset() != now.session().committed().nextOffset()
        && now.sinceCommit().hasPassed(config.progressInterval());
  }

  private void commit(Running now) throws SQLException {
    Group group = now.assembler().takeComplete();
    now.writer().write(group.changes());
    now.session().commit(group, streamedChanges);
    now.writer().committed();
    streamedChanges = 0;
    now.sinceCommit().restart();
    retry.succeeded();
    LOG.debug(
        "Direction {}: committed {} changes, {}",
        config.link(),
        group.changes().size(),
        group.progress());
  }

  /** The part of a large transaction that has come goes into the target transaction, which stays open until its end. */
  private void stream(Running now) throws SQLException {
    if (!now.assembler().isStreaming() && now.assembler().hasComplete()) {
      commit(now);
    }
    List<DataChange> part = now.assembler().takeOpen();
    now.writer().writePart(part);
    streamedChanges += Group.count(part);
  }

  /** What is made after the rows may take long: Connect wants {@link #put} back, and nothing to be applied meanwhile. */
  private void finishSchema(Running now) {
    context.pause(partition);
    context.timeout(LONG_WORK_MS);
    longWork = LongWork.start("schema", now.schema()::runPending);
  }

  private void giveUpStalled() {
    LOG.warn(
        "Direction {}: the source sends nothing more of a large transaction for {}; what was written of it is rolled"
            + " back so that its locks go, and read again",
        config.link(),
        config.openTransactionTimeout());
    restart();
    retry.pause(config.openTransactionTimeout());
    context.pause(partition);
  }

  private void onError(SQLException error) {
    restart();
    String what = "Direction " + config.link() + ": " + error.getMessage() + columns(error)
        + " (SQLSTATE " + error.getSQLState() + ").";
    if (SqlErrors.classify(error) != ErrorClass.TRANSIENT) {
      throw new ConnectException(
          what + " Nothing of the transaction was applied." + advice(error), error);
    }
    Duration wait = retry.failed(
        () -> new ConnectException(what + " It did not pass within retry.timeout.ms.", error));
    LOG.warn(
        "{} This may pass; next try in {} ms from the last commit", what, wait.toMillis(), error);
    context.pause(partition);
    context.timeout(wait.toMillis());
  }

  private static String advice(SQLException error) {
    return error instanceof RefusedStatement statement
        ? statement.advice()
        : SqlErrors.advice(error);
  }

  /** Best effort: the error stands without it. */
  private String columns(SQLException error) {
    if (!(error instanceof RefusedRow row)) {
      return "";
    }
    try (Connection connection = TargetSession.connectAside(config)) {
      TargetSession.configure(connection, config);
      List<String> columns = row.columns(connection);
      return columns.isEmpty() ? "" : "; column " + String.join(", ", columns);
    } catch (SQLException e) {
      LOG.debug("Which column it is could not be found out", e);
      return "";
    }
  }

  private void rollback(Running now) throws SQLException {
    now.session().rollback();
    now.writer().rolledBack();
    streamedChanges = 0;
  }

  private void restart() {
    streamedChanges = 0;
    if (running != null) {
      if (longWork != null) {
        // Else closing would wait for it.
        running.session().abort();
        longWork = null;
      }
      running.session().close();
      running = null;
    }
  }

  /** Rolls back what is open and disconnects. */
  @Override
  public void close() {
    restart();
  }
}
