package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.config.SinkOptions;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats what was done to the source's definitions after the first copy, in the transaction of the rows around it. */
final class SchemaChanges {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaChanges.class);

  /** To tables or to their schema; it may be in a string as well, which does no harm. */
  private static final Pattern GIVES_NAMES = Pattern.compile(" (RENAME TO|SET SCHEMA) ");

  /** A partition that was published by the partitioned table only; the statement is that of the partition. */
  private static final Pattern DETACHES = Pattern.compile("^ALTER TABLE ONLY .* DETACH PARTITION ");

  private final LinkDirection link;
  private final TargetObjects objects;
  private final boolean stopsAtUnsupported;

  SchemaChanges(Connection connection, SinkConfig config) {
    this.link = config.link();
    this.objects = new TargetObjects(connection, config);
    this.stopsAtUnsupported = config.stopsAtUnsupportedDdl();
  }

  /** Runs the statement; {@code UNSUPPORTED} stops or is left out. */
  void take(Ddl ddl) throws SQLException {
    switch (ddl.phase()) {
      case CREATE -> create(ddl);
      case CHANGE -> change(ddl);
      case UNSUPPORTED -> leaveOut(ddl);
      case NOTHING, CONCURRENTLY -> {}
      case BEGIN, BEFORE_ROWS, AFTER_ROWS, NOW ->
        throw new IllegalArgumentException(ddl.phase() + " is of a first copy");
    }
  }

  private void change(Ddl ddl) throws SQLException {
    if (GIVES_NAMES.matcher(ddl.statement()).find()) {
      objects.noteRenamed(ddl);
    }
    objects.run(ddl);
    if (DETACHES.matcher(ddl.statement()).find()) {
      objects.publish(ddl.object());
      objects.noteRenamed(ddl);
    }
  }

  private void create(Ddl ddl) throws SQLException {
    boolean makes = ddl.statement().stripLeading().toUpperCase(Locale.ROOT).startsWith("CREATE");
    if (makes && objects.hasSuch(ddl)) {
      LOG.info(
          "Direction {}: {} {} is there already and stays as it is",
          link,
          ddl.kind(),
          ddl.object());
      return;
    }
    objects.run(ddl);
    if (makes && ddl.kind().equals(TargetObjects.TABLE)) {
      objects.publish(ddl.object());
    }
  }

  private void leaveOut(Ddl ddl) {
    if (stopsAtUnsupported) {
      throw new ConnectException(
          "Direction " + link + " at offset " + ddl.position().offset()
              + ": on the source " + ddl.kind() + " of " + ddl.object() + " cannot be carried: "
              + ddl.statement()
              + ". Nothing of its transaction was applied. If it is wanted here, do it by hand; then set "
              + SinkOptions.DDL_UNSUPPORTED
              + "=warn, restart the task, and set it back.");
    }
    LOG.warn(
        "Direction {} at offset {}: on the source {} of {} is left out: {}",
        link,
        ddl.position().offset(),
        ddl.kind(),
        ddl.object(),
        ddl.statement());
  }
}
