package io.pgduplex.connect.source.capture;

import io.pgduplex.connect.source.options.DebeziumConfig;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.position.EndOffset;
import io.pgduplex.connect.source.position.LargeRows;
import io.pgduplex.connect.source.position.Positioner;
import io.pgduplex.connect.source.prepare.Preparation;
import io.pgduplex.connect.source.prepare.Preparation.Prepared;
import io.pgduplex.connect.source.prepare.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium after another, so that an outage of the database needs no human.
 *
 * <h2>Why a failure ends the run, and never lets Debezium restart itself</h2>
 *
 * Debezium's own restart resumes from Connect's stored offset and sends again what came after it, in the middle of the
 * records that this task counts. Here each run has its own epoch, takes seq from 1, and begins whole:
 *
 * <ul>
 *   <li>A run resumes after the last END that was <em>polled</em>. That END, and all before it, are ahead of the new run's
 *       records in the one producer's one partition: Connect hands records on in the order of poll, with idempotence
 *       the producer keeps it once its first one is acknowledged ({@link FirstRecord}), and a record that it cannot deliver fails the task. So nothing polled can be missing
 *       when the new run's first record is in the topic.
 *   <li>If the task itself dies, the next one resumes after the last END that Kafka acknowledged and Connect stored. What
 *       was sent after it is sent again, whole, under a higher epoch; the sink drops transactions whose END it has.
 *   <li>A transaction that the old run sent in part never gets its END. The sink sees a higher epoch where it expects
 *       the next seq, and rolls the part back.
 *   <li>The first END of a run names the END that the run resumed after, so the chain of ENDs stays unbroken across runs;
 *       that the slot still has every change after it is checked before.
 *   <li>Before the first END there is nothing to resume after: the snapshot begins again with a new slot.
 * </ul>
 *
 * <p>Used by the task's thread; {@link #commit} and {@link #acknowledge} may come from another one.
 */
public final class Capture implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration POLL_WAIT = Duration.ofMillis(200);
  private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(60);

  private final Settings settings;
  private final SourceTaskContext context;
  private final Preparation preparation;
  private final Duration silenceLimit;
  private final LargeRows largeRows;
  private final CapturedStatements statements;

  private @Nullable EndOffset lastEnd;
  private volatile @Nullable DebeziumRun run;
  private volatile boolean offsetsStored;
  private boolean snapshotUnsafe;

  /** Null while nothing is copied. */
  private @Nullable CopyProgress copy;

  /** What the records of the snapshot presume, until it has been looked at again. */
  private @Nullable Prepared unconfirmed;

  private @Nullable Positioner positioner;
  private Duration backoff = FIRST_BACKOFF;
  private long notBefore = System.nanoTime();
  private long lastSign = System.nanoTime();

  public Capture(Settings settings, SourceTaskContext context) {
    this.settings = settings;
    this.context = context;
    this.preparation = new Preparation(settings);
    this.largeRows =
        new LargeRows(settings.producerLimit(), settings.topic(), settings.foreignOrigins());
    this.statements = new CapturedStatements(settings.link());
    this.lastEnd = storedEnd();
    Duration beats = settings.heartbeatInterval().multipliedBy(30);
    this.silenceLimit = beats.compareTo(SHORTEST_SILENCE) > 0 ? beats : SHORTEST_SILENCE;
  }

  /** The next records for the topic; empty when there are none, also while the database is away. */
  public List<SourceRecord> poll() throws InterruptedException {
    long wait = notBefore - System.nanoTime();
    if (run == null && wait > 0) {
      Thread.sleep(Math.min(POLL_WAIT.toMillis(), 1 + Duration.ofNanos(wait).toMillis()));
      return List.of();
    }
    try {
      return pollRun();
    } catch (RuntimeException | SQLException e) {
      retryOrFail(e);
      return List.of();
    }
  }

  private List<SourceRecord> pollRun() throws SQLException, InterruptedException {
    DebeziumRun current = run;
    Positioner place = positioner;
    if (current == null || place == null) {
      begin();
      return List.of();
    }
    noteSafeSnapshot();
    List<SourceRecord> records = current.poll();
    if (records.isEmpty()) {
      checkSilence(place);
      return records;
    }
    confirm();
    List<SourceRecord> positioned = place.position(largeRows.fit(statements.expand(records)));
    lastEnd = place.lastEnd();
    noteCopy(records, place);
    lastSign = System.nanoTime();
    backoff = FIRST_BACKOFF;
    return positioned;
  }

  private void begin() throws SQLException {
    Prepared prepared = preparation.prepare(lastEnd);
    unconfirmed = prepared;
    copy = prepared.snapshotTables().isEmpty()
        ? null
        : new CopyProgress(
            settings.link(), prepared.snapshotTables().size(), prepared.estimatedRows());
    LOG.info(
        "{}: run {} begins {}",
        settings.link(),
        prepared.epoch(),
        lastEnd != null
            ? "after " + lastEnd.lsn()
            : prepared.snapshotTables().isEmpty()
                ? "at the slot's position"
                : "with a snapshot of " + prepared.snapshotTables());
    positioner = new Positioner(
        settings.topic(), prepared.epoch(), lastEnd, !prepared.snapshotTables().isEmpty());
    snapshotUnsafe = !prepared.snapshotTables().isEmpty();
    run =
        DebeziumRun.start(DebeziumConfig.of(settings, prepared.snapshotTables()), context, lastEnd);
    lastSign = System.nanoTime();
  }

  private void noteCopy(List<SourceRecord> records, Positioner place) {
    if (copy == null) {
      return;
    }
    if (place.hasSeenEnd()) {
      copy.end();
      copy = null;
    } else {
      copy.count(records);
    }
  }

  /** Debezium has its locks before it reads the first row; what was changed before may have come before the slot. */
  private void confirm() throws SQLException {
    Prepared prepared = unconfirmed;
    unconfirmed = null;
    if (prepared != null && !preparation.isStillSo(prepared)) {
      throw new RetriableException(
          "tables were changed while the first copy began; it has to begin again");
    }
  }

  private void noteSafeSnapshot() throws SQLException {
    if (snapshotUnsafe && offsetsStored && storedEnd() != null) {
      preparation.snapshotIsSafe();
      snapshotUnsafe = false;
    }
    offsetsStored = false;
  }

  private @Nullable EndOffset storedEnd() {
    return EndOffset.from(
        context.offsetStorageReader().offset(Map.of("server", settings.link().objectName())));
  }

  /**
   * Heartbeats come while a run streams, whatever the application does. Where they stop the connection hangs, or
   * Debezium has stopped reading without saying so.
   */
  private void checkSilence(Positioner place) {
    Duration silence = Duration.ofNanos(System.nanoTime() - lastSign);
    if (place.hasSeenEnd() && silence.compareTo(silenceLimit) > 0) {
      throw new RetriableException("no heartbeat for " + silence.toSeconds() + " s");
    }
  }

  private void retryOrFail(Exception failure) {
    close();
    if (!SqlFailure.isTransient(failure) && !lostATable(failure)) {
      throw new ConnectException(settings.link() + ": " + explain(failure), failure);
    }
    LOG.warn(
        "{}: interrupted, trying again in {} ms after {}: {}",
        settings.link(),
        backoff.toMillis(),
        lastEnd == null ? "the start" : lastEnd.lsn(),
        failure.toString());
    LOG.debug("Interrupted by", failure);
    notBefore = System.nanoTime() + backoff.toNanos();
    Duration doubled = backoff.multipliedBy(2);
    backoff = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
  }

  /** Before a copy has its locks, tables that it is to lock may be dropped; then it has to begin again. */
  private boolean lostATable(Exception failure) {
    return copy != null && unconfirmed != null && SqlFailure.isOfWhatIsGone(failure);
  }

  /** Connect shows the first line: Debezium's says only that something happened, the cause's says what. */
  private static String explain(Exception failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(failure.getMessage());
    String reason = String.valueOf(root.getMessage());
    return message.contains(reason) ? message : message + " " + reason;
  }

  /** Kafka has acknowledged a record. */
  public void acknowledge() {
    DebeziumRun current = run;
    if (current != null) {
      current.acknowledge();
    }
  }

  /** Connect has stored offsets: lets the slot forget the WAL before them. */
  public void commit() throws InterruptedException {
    offsetsStored = true;
    DebeziumRun current = run;
    if (current != null) {
      current.commit();
    }
  }

  @Override
  public void close() {
    DebeziumRun current = run;
    run = null;
    positioner = null;
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException e) {
        LOG.warn("{}: Debezium did not stop cleanly: {}", settings.link(), e.toString());
      }
    }
  }
}
