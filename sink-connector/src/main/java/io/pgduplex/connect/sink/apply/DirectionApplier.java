package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.ErrorClass;
import io.pgduplex.connect.sink.error.SqlErrors;
import io.pgduplex.connect.sink.record.RecordDecoder;
import io.pgduplex.connect.sink.resolve.ApplyAgain;
import io.pgduplex.connect.sink.resolve.LeftOut;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
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

  /** How long {@link #put} waits for work that may take long before it leaves it to itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final SinkConfig config;
  private final SinkTaskContext context;
  private final TopicPartition partition;
  private final RecordDecoder decoder;
  private final RetrySchedule retry;
  private final OppositeDirection opposite;
  private final ErrorReport errors;

  private @Nullable SessionApplier running;
  private @Nullable Awaited awaited;

  /** Work that was begun, and the offset of the record to go on with after it. */
  private record Awaited(LongWork work, long nextOffset, LongWorkReport report) {}

  public DirectionApplier(SinkConfig config, SinkTaskContext context, TopicPartition partition) {
    this.config = config;
    this.context = context;
    this.partition = partition;
    this.decoder = new RecordDecoder(config.link());
    this.opposite = new OppositeDirection(config);
    this.errors = new ErrorReport(config);
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

  /** While something is awaited the partition is paused, and no records come. */
  private void applyOrBeginAgain(SessionApplier now, Collection<SinkRecord> records)
      throws SQLException {
    try {
      if (awaited == null) {
        apply(now, records);
      } else {
        goOnAfter(awaited);
      }
    } catch (ApplyAgain again) {
      LOG.info(
          "Direction {}: {} changes lost to rows of this side by deferrable constraints; what came since the last commit"
              + " is applied again without them",
          config.link(),
          again.leftOut().size());
      now.rollback();
      running = goOn(now.session(), again.leftOut());
    }
  }

  /** The offset that is committed in the database; empty while there is no session. */
  public OptionalLong committedOffset() {
    return running == null
        ? OptionalLong.empty()
        : OptionalLong.of(running.session().committed().nextOffset());
  }

  private @Nullable SessionApplier begin() throws SQLException {
    TargetSession session = TargetSession.open(config, partition.topic());
    if (mustWait(session)) {
      retry.pause(config.retryBackoff());
      context.pause(partition);
      context.timeout(config.retryBackoff().toMillis());
      return null;
    }
    LOG.info("Direction {} goes on at {}", config.link(), session.committed());
    SessionApplier now = goOn(session, new LeftOut());
    if (session.committed().nextOffset() == 0) {
      now.firstStart();
    }
    return now;
  }

  /** From what is committed. */
  private SessionApplier goOn(TargetSession session, LeftOut leftOut) {
    context.offset(partition, session.committed().nextOffset());
    context.resume(partition);
    return new SessionApplier(session, config, leftOut, retry);
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

  private void apply(SessionApplier now, Collection<SinkRecord> records) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (SinkRecord record : records) {
      Optional<LongWork.Work> work = now.take(decoder.decode(record));
      if (work.isPresent()) {
        awaited = new Awaited(
            LongWork.start("definitions", work.get()),
            record.kafkaOffset() + 1,
            new LongWorkReport(config, now.session().process()));
        if (!isOver(awaited.work(), Duration.ofNanos(deadline - System.nanoTime()))) {
          // Connect wants put back. What is left of the records is fetched again.
          context.pause(partition);
          context.timeout(LOOK_AGAIN.toMillis());
          return;
        }
      }
    }
    now.writeDue();
    if (now.isStalled()) {
      giveUpStalled();
    }
    context.timeout(config.progressInterval().toMillis());
  }

  private void goOnAfter(Awaited before) throws SQLException {
    if (!isOver(before.work(), Duration.ZERO)) {
      before.report().sayIfDue();
      context.timeout(LOOK_AGAIN.toMillis());
      return;
    }
    context.offset(partition, before.nextOffset());
    context.resume(partition);
    context.timeout(config.progressInterval().toMillis());
  }

  /** Whether what is awaited is done; throws what it met. */
  private boolean isOver(LongWork work, Duration patience) throws SQLException {
    if (!work.isDone(patience)) {
      return false;
    }
    awaited = null;
    work.result();
    return true;
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
    String what = errors.what(error);
    if (SqlErrors.classify(error) != ErrorClass.TRANSIENT) {
      throw new ConnectException(
          what + " Nothing of the transaction was applied." + ErrorReport.advice(error), error);
    }
    Duration wait = retry.failed(
        () -> new ConnectException(what + " It did not pass within retry.timeout.ms.", error));
    LOG.warn(
        "{} This may pass; next try in {} ms from the last commit", what, wait.toMillis(), error);
    context.pause(partition);
    context.timeout(wait.toMillis());
  }

  private void restart() {
    if (running != null) {
      if (awaited != null) {
        // Else closing would wait for it.
        running.session().abort();
        awaited = null;
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
