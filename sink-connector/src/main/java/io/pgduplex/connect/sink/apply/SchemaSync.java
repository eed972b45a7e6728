package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.apply.SchemaSteps.Outcome;
import io.pgduplex.connect.sink.apply.SchemaSteps.Step;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.config.SinkOptions;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the tables of a first copy: with some statements before the rows, in the transactions of these, and with others
 * after them, each in a transaction of its own. What has been run is kept beside it, so that a copy that begins again goes
 * on where the source's tables are still the same; where they are not, what was made goes first.
 */
final class SchemaSync {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaSync.class);

  private final Connection connection;
  private final LinkDirection link;
  private final SchemaSteps steps;
  private final TargetObjects objects;
  private final CopiedSequences sequences;
  private final boolean keepsTables;

  SchemaSync(Connection connection, SinkConfig config) {
    this.connection = connection;
    this.link = config.link();
    this.steps = new SchemaSteps(connection, link);
    this.objects = new TargetObjects(connection, config);
    this.sequences = new CopiedSequences(connection, config);
    this.keepsTables = config.keepsTables();
  }

  /** Runs the statement, or keeps it for the end of the copy. */
  void take(Ddl ddl) throws SQLException {
    if (ddl.phase() == DdlPhase.BEGIN) {
      begin(ddl);
    } else if (ddl.phase() == DdlPhase.NOW) {
      now(new Step(ddl, Outcome.DONE));
    } else if (!steps.has(ddl.ordinal())) {
      steps.add(done(ddl));
    }
  }

  private void begin(Ddl ddl) throws SQLException {
    Optional<Step> before = steps.begin();
    if (before.isPresent() && before.get().object().equals(ddl.object())) {
      return;
    }
    if (before.isPresent()) {
      makeAnew(before.get());
    }
    List<String> existing = objects.existing(ddl.statement());
    if (!existing.isEmpty() && !keepsTables) {
      throw new ConnectException("The first copy of " + link
          + " is to make tables that are there already: " + String.join(", ", existing)
          + ". Nothing was written. Drop them, or keep them, with their rows, by "
          + SinkOptions.TARGET_TABLES_EXISTING
          + "=proceed, then restart the task.");
    }
    steps.add(new Step(ddl, Outcome.PENDING));
  }

  /** Only of a copy that never came to its end: later, users may have added grants, indexes and others of their own. */
  private void makeAnew(Step before) throws SQLException {
    if (before.outcome() == Outcome.DONE) {
      throw new ConnectException("A copy of " + link
          + " begins again, but the source's tables are no longer as they were when an earlier one made them here: "
          + before.statement()
          + ". Nothing was changed. Change these tables as on the source (then set "
          + SinkOptions.TARGET_TABLES_EXISTING
          + "=proceed) or drop them, run DELETE FROM pgduplex.schema_sync WHERE link = '"
          + link.link() + "' AND direction = '" + link.direction()
          + "', then restart the task.");
    }
    LOG.info(
        "Direction {}: the source's tables have changed since the copy began; what was made of them goes",
        link);
    objects.drop(steps.all());
    steps.clear();
  }

  /** Runs it if it is its time, and its object is not one that stays. */
  private Step done(Ddl ddl) throws SQLException {
    Optional<Outcome> object = steps.of(ddl.object());
    boolean kept = object.isPresent() ? object.get() == Outcome.KEPT : objects.exists(ddl);
    if (kept) {
      return new Step(ddl, Outcome.KEPT);
    }
    if (ddl.phase() == DdlPhase.AFTER_ROWS) {
      return new Step(ddl, Outcome.PENDING);
    }
    Step step = new Step(ddl, Outcome.DONE);
    objects.run(step);
    if (object.isEmpty() && ddl.kind().equals(TargetObjects.TABLE)) {
      objects.publish(ddl.object(), steps.begin().map(Step::statement).orElse("{}"));
    }
    return step;
  }

  /** A sequence of a table that stays keeps its value too, and so may one that this side counts by already. */
  private void now(Step step) throws SQLException {
    if (steps.of(objects.tableOf(step.object())).orElse(Outcome.KEPT) != Outcome.DONE) {
      return;
    }
    Optional<String> obstacle = sequences.obstacle(step.object(), step.statement());
    if (obstacle.isPresent()) {
      LOG.info(
          "Direction {}: sequence {} does not get the source's value, since {}",
          link,
          step.object(),
          obstacle.get());
      return;
    }
    objects.run(step);
  }

  /** Whether the copy, if there is one, has yet to be brought to its end. */
  boolean hasPending() throws SQLException {
    return !steps.pending().isEmpty();
  }

  /** Runs the statements that waited; with the last one the copy is over. */
  void runPending() throws SQLException {
    List<Step> pending = steps.pending().stream()
        .filter(step -> step.phase() == DdlPhase.AFTER_ROWS)
        .toList();
    int count = 0;
    for (Step step : pending) {
      objects.run(step);
      steps.done(step);
      connection.commit();
      count++;
      LOG.info(
          "Direction {}: statement {} of {} after the copy is done: {} of {}",
          link,
          count,
          pending.size(),
          step.kind(),
          step.object());
    }
    steps.done(steps.begin().orElseThrow());
    connection.commit();
    steps.forget();
  }

  /** What was done since the last commit is rolled back. */
  void rolledBack() {
    steps.forget();
  }
}
