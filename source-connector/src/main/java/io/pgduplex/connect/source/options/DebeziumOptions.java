package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.common.WorkerRules;
import io.pgduplex.connect.source.decode.SourceWithIdentity;
import io.pgduplex.connect.source.values.TextSnapshotQuery;
import java.util.Collections;
import java.util.Map;

/**
 * The one place that says what becomes of each option of Debezium's PostgreSQL connector. A test compares it with the
 * options that the Debezium version in use has: none may be missing here, none may be here that no longer exists.
 */
final class DebeziumOptions {

  static final Map<String, Treatment> TABLE = Collections.unmodifiableMap(table());

  private static final String FILTER =
      "the publication is the only selection: a filter by name falls silent when a table is renamed;"
          + " use table.include.list or schema.include.list";
  private static final String ONE_TEXT_FORM =
      "the sink reads each PostgreSQL type in one form, the one that loses nothing";
  static final String WHOLE_ROWS = "it changes or hides values, and a value must arrive as it left";
  private static final String ONE_ORDER = "a direction is one total order";
  private static final String OWN_RESTART =
      "the task itself restarts Debezium after a failure, at the end of a transaction and under a new epoch";
  static final String SNAPSHOT_FIXED =
      "the snapshot must be the complete rows at the slot's starting point";
  private static final String NO_SIGNALS =
      "signals write into the stream past the order of transactions";
  private static final String NO_NOTIFICATIONS =
      "the direction's topic carries row changes, transaction ends and heartbeats only";
  private static final String NO_LINEAGE = "it needs jars that are not in this plugin";
  private static final String NO_EFFECT = "it has no effect in this connector";

  private DebeziumOptions() {}

  private static Map<String, Treatment> table() {
    TreatmentTable table = new TreatmentTable();
    connection(table);
    objects(table);
    wire(table);
    selection(table);
    snapshot(table);
    flow(table);
    rest(table);
    return table.entries();
  }

  private static void connection(TreatmentTable table) {
    table
        .share(
            LinkOptions.DATABASE_HOSTNAME,
            LinkOptions.DATABASE_PORT,
            LinkOptions.DATABASE_USER,
            LinkOptions.DATABASE_PASSWORD,
            LinkOptions.DATABASE_DBNAME,
            LinkOptions.DATABASE_SSLMODE,
            LinkOptions.DATABASE_SSLROOTCERT,
            LinkOptions.DATABASE_SSLCERT,
            LinkOptions.DATABASE_SSLKEY,
            LinkOptions.DATABASE_SSLPASSWORD)
        .allow("database.query.timeout.ms")
        .allow(
            "connection.validation.timeout.ms",
            "10000",
            "Milliseconds to wait for a connection to the database.")
        .pin(
            "database.tcpKeepAlive",
            "true",
            "a connection that died unseen would stall the direction")
        .refuse(
            "it can change how values are written as text (DateStyle, TimeZone, …)",
            "database.initial.statements")
        .refuse(
            "the sink has no such option; use database.sslmode and its certificates",
            "database.sslfactory")
        .refuse(FILTER, "database.include.list", "database.exclude.list")
        .pin("read.only", "false", "slot, publication and heartbeat are written to the database");
  }

  private static void objects(TreatmentTable table) {
    table
        .pin("plugin.name", "pgoutput", "it is the plugin that every supported server has built in")
        .pin(
            "slot.name",
            LinkDirection::objectName,
            "it is derived from link.name and link.direction")
        .pin(
            "publication.name",
            LinkDirection::objectName,
            "it is derived from link.name and link.direction")
        .pin(
            "publication.autocreate.mode",
            "disabled",
            "the task keeps the publication itself, with exactly the selected tables")
        .refuse(
            "REPLICA IDENTITY is set by the table's owner: FULL can make the application's own UPDATE fail",
            "replica.identity.autoset.values")
        .pin(
            "slot.drop.on.stop",
            "false",
            "changes made while the connector is stopped would be lost")
        .allow(
            "slot.failover",
            "true",
            "Whether the slot is one that standbys can take over, so that it outlives a failover."
                + " PostgreSQL 17 and later; without effect on older servers.")
        .allow(
            "slot.stream.params",
            null,
            "origin=none: the server leaves out every row that has an origin, an unrelated subscription's too"
                + " (PostgreSQL 16 and later). origin=any, or not set: it sends all, and DropLoopback decides.")
        .pin("slot.max.retries", "0", OWN_RESTART)
        .pin("slot.retry.delay.ms", "1000", OWN_RESTART)
        .allow("status.update.interval.ms")
        .allow("lsn.flush.timeout.ms")
        .pin("lsn.flush.timeout.action", "warn", OWN_RESTART)
        .pin(
            "lsn.flush.mode",
            "connector",
            "only positions whose records Kafka has acknowledged may be flushed")
        .refuse("lsn.flush.mode replaces it, and that is pinned", "flush.lsn.source")
        .pin("xmin.fetch.interval.ms", "0", "nothing reads it")
        .pin(
            "publish.via.partition.root",
            "false",
            "the TRUNCATE of a partition vanishes otherwise; partitions travel under their own names")
        .pin(
            "offset.mismatch.strategy",
            "no_validation",
            "the task compares slot and offset itself, and stops when changes are missing")
        .refuse(
            "offset.mismatch.strategy replaces it", "internal.slot.seek.to.known.offset.on.start")
        .refuse(NO_EFFECT, "internal.create.slot.command.timeout");
  }

  private static void wire(TreatmentTable table) {
    table
        .pin(
            "topic.prefix",
            LinkDirection::objectName,
            "records go to the one topic of the option 'topic'; the prefix only names schemas")
        .pin("topic.naming.strategy", "io.debezium.schema.SchemaTopicNamingStrategy", ONE_ORDER)
        .pin(
            "provide.transaction.metadata", "true", "transaction ends are what the sink commits at")
        .pin(
            "transaction.metadata.factory",
            "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory",
            "the sink reads Debezium's own transaction ids")
        .pin(
            "sourceinfo.struct.maker",
            SourceWithIdentity.class.getName(),
            "the sink reads Debezium's own source block and, in it, the replica identity")
        .pin("skipped.operations", "none", "a skipped TRUNCATE is a lost change")
        .pin("skip.messages.without.change", "false", "every change that was committed must arrive")
        .pin(
            "tombstones.on.delete",
            "false",
            "the topic is a log of transactions and never compacted")
        .pin(
            "event.converting.failure.handling.mode",
            "fail",
            "else a value that cannot be converted becomes NULL")
        .pin(
            "event.processing.failure.handling.mode",
            "fail",
            "else a change that cannot be read is skipped")
        .pin("converters", DebeziumConfig.CONVERTER, ONE_TEXT_FORM)
        .pin("binary.handling.mode", "hex", ONE_TEXT_FORM)
        .pin("decimal.handling.mode", "string", ONE_TEXT_FORM)
        .pin("time.precision.mode", "isostring", ONE_TEXT_FORM)
        .pin("hstore.handling.mode", "json", ONE_TEXT_FORM)
        .pin("interval.handling.mode", "string", ONE_TEXT_FORM)
        .pin(
            "include.unknown.datatypes",
            "true",
            "else columns of types that Debezium does not know vanish")
        .pin(
            "unavailable.value.placeholder",
            Wire.UNAVAILABLE_VALUE,
            "the sink leaves such a column alone")
        .pin("field.name.adjustment.mode", "none", "the sink finds columns by their names")
        .allow("schema.name.adjustment.mode")
        .pin(
            "include.schema.comments",
            "false",
            "comments would make a new schema without a change of any row")
        .pin("schema.refresh.mode", "columns_diff", "the rows' schema must follow the table's")
        .pin(
            "extended.headers.enabled",
            "false",
            "they repeat the source block in four headers a record")
        .pin(
            "message.prefix.exclude.list",
            ".*",
            "messages of pg_logical_emit_message are no row changes")
        .refuse(
            "messages of pg_logical_emit_message are no row changes", "message.prefix.include.list")
        .refuse(
            WHOLE_ROWS,
            "post.processors",
            "column.mask.hash.([^.]+).with.salt.(.+)",
            "column.mask.with.(d+).chars",
            "column.truncate.to.(d+).chars")
        .refuse(
            "the sink takes identity from the replica identity, never from the record's key",
            "message.key.columns")
        .allow("column.propagate.source.type")
        .allow("datatype.propagate.source.type")
        .refuse(
            "money arrives as a number with the database's own digits", "money.fraction.digits");
  }

  private static void selection(TreatmentTable table) {
    table
        .own(SourceOptions.TABLE_INCLUDE_LIST, SourceOptions.SCHEMA_INCLUDE_LIST)
        .refuse(FILTER, "table.exclude.list", "schema.exclude.list")
        .refuse(WHOLE_ROWS, "column.exclude.list", "column.include.list")
        .pin("table.ignore.builtin", "true", "system catalogs cannot be replicated");
  }

  private static void snapshot(TreatmentTable table) {
    table
        .own(SourceOptions.SNAPSHOT_MODE)
        .allow("snapshot.delay.ms")
        .allow("snapshot.fetch.size")
        .allow("snapshot.lock.timeout.ms")
        .allow("snapshot.tables.order.by.row.count")
        .pin(
            "snapshot.locking.mode",
            "shared",
            "ALTER TABLE must not come between a table's schema and its rows")
        .pin("snapshot.isolation.mode", "repeatable_read", SNAPSHOT_FIXED)
        .pin("snapshot.query.mode", "custom", ONE_TEXT_FORM)
        .pin("snapshot.query.mode.custom.name", TextSnapshotQuery.NAME, ONE_TEXT_FORM)
        .pin("snapshot.max.threads", "1", ONE_ORDER)
        .refuse(
            SNAPSHOT_FIXED,
            "snapshot.include.collection.list",
            "snapshot.select.statement.overrides",
            "snapshot.mode.custom.name",
            "snapshot.locking.mode.custom.name",
            "snapshot.mode.configuration.based.snapshot.data",
            "snapshot.mode.configuration.based.snapshot.schema",
            "snapshot.mode.configuration.based.start.stream",
            "snapshot.mode.configuration.based.snapshot.on.schema.error",
            "snapshot.mode.configuration.based.snapshot.on.data.error")
        .refuse(
            ONE_ORDER,
            "snapshot.max.threads.multiplier",
            "legacy.snapshot.max.threads",
            "internal.legacy.snapshot.max.threads",
            "internal.snapshot.scan.all.columns.force",
            "streaming.delay.ms")
        .refuse(
            NO_SIGNALS,
            "incremental.snapshot.chunk.size",
            "incremental.snapshot.allow.schema.changes",
            "incremental.snapshot.watermarking.strategy",
            "signal.data.collection",
            "signal.enabled.channels",
            "signal.poll.interval.ms",
            "signal.emit.failure.max.retries",
            "signal.emit.failure.backoff.ms",
            "internal.signal.synchronous.batch.size",
            "internal.signal.processor.semaphore.wait.ms");
  }

  private static void flow(TreatmentTable table) {
    table
        .allow("max.batch.size", "8192", "Largest number of records handed to Connect at once.")
        .allow(
            "max.queue.size",
            "32768",
            "Largest number of records that wait to be handed to Connect; must be larger than max.batch.size.")
        .allow(
            "max.queue.size.in.bytes",
            "67108864",
            "Largest size in bytes of the records that wait to be handed to Connect; 0 sets no limit.")
        .allow(
            "poll.interval.ms", "5", "Milliseconds to wait for new records after there were none.")
        .pin("poll.dispatch.interval.ms", "0", "it only delays")
        .pin("queue.provider.type", "memory", "nothing else is in this plugin")
        .allow("query.fetch.size")
        .allow(
            "heartbeat.interval.ms",
            "1000",
            "Milliseconds between two heartbeats. Each touches this direction's row of pgduplex.heartbeat and goes to"
                + " the direction's topic, so that a quiet database shows its position and need not keep old WAL.")
        .pin(
            "heartbeat.topics.prefix",
            "__debezium-heartbeat",
            "heartbeats go to the direction's topic")
        .pin(
            "heartbeat.action.query",
            Heartbeat::query,
            "without it a quiet database, or one that only receives, holds its WAL back for ever")
        .pin("errors.max.retries", "0", OWN_RESTART)
        .pin("retriable.restart.connector.wait.ms", "1000", OWN_RESTART)
        .refuse(OWN_RESTART, "internal.custom.retriable.exception")
        .pin("executor.shutdown.timeout.ms", "4000", "Connect waits 5 seconds for a task to stop")
        .pin(
            "internal.log.position.check.enable",
            "true",
            "a slot that lost its WAL must be noticed");
  }

  private static void rest(TreatmentTable table) {
    table
        .refuse(
            NO_NOTIFICATIONS,
            "notification.enabled.channels",
            "notification.sink.topic.name",
            "notification.http.url",
            "notification.http.timeout.ms",
            "notification.http.retries",
            "notification.http.allow.private.networks")
        .refuse(
            NO_LINEAGE,
            "openlineage.integration.enabled",
            "openlineage.integration.config.file.path",
            "openlineage.integration.job.namespace",
            "openlineage.integration.job.description",
            "openlineage.integration.job.tags",
            "openlineage.integration.job.owners",
            "openlineage.integration.dataset.kafka.bootstrap.servers")
        .refuse(
            "a selection is refused for what is wrong with it, not for its size",
            "guardrail.collections.max",
            "guardrail.collections.limit.action")
        .refuse(
            "the schema of a table must not be forgotten",
            "memory.management.schemas.class",
            "memory.management.tables.class")
        .refuse(
            NO_EFFECT,
            "include.schema.changes",
            "internal.advanced.metrics.enable",
            "internal.offset.activity.monitor.interval.ms")
        .pin(
            "statistics.metrics.enabled",
            "false",
            "at full speed its collector falls behind and logs a warning for each record")
        .allow("custom.metric.tags")
        .allow("custom.sanitize.pattern")
        .own(WorkerRules.TASKS_MAX);
  }
}
