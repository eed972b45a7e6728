package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Options;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The sink connector's options, declared. */
public final class SinkOptions {

  public static final String LINK_TWO_WAY = "link.two.way";
  public static final String CONFLICT_POLICY = "conflict.policy";
  public static final String CONFLICT_POLICY_OVERRIDES = "conflict.policy.overrides";
  public static final String CONFLICT_SKIP_OFFSETS = "conflict.skip.offsets";
  public static final String CONFLICT_RETENTION_DAYS = "conflict.retention.days";
  public static final String TARGET_TABLES_EXISTING = "target.tables.existing";
  public static final String TARGET_OBJECT_OWNER = "target.object.owner";
  public static final String DDL_UNSUPPORTED = "ddl.unsupported";
  public static final String BATCH_SIZE = "batch.size";
  public static final String TRANSACTION_BUFFER_ROWS = "transaction.buffer.rows";
  public static final String OPEN_TRANSACTION_TIMEOUT_MS = "open.transaction.timeout.ms";
  public static final String LOCK_TIMEOUT_MS = "lock.timeout.ms";
  public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  public static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  public static final String PROGRESS_INTERVAL_MS = "progress.interval.ms";

  /** Internal, for tests: {@code rows} switches the set-based path off. */
  public static final String WRITE_PATH = "internal.write.path";

  /** Internal, for benchmarks: {@code off} compares no row with what its author saw. */
  public static final String CONFLICT_DETECTION = "internal.conflict.detection";

  private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");

  /** All options. */
  public static final ConfigDef CONFIG_DEF = define();

  private SinkOptions() {}

  private static ConfigDef define() {
    Options options = LinkOptions.declare(new Options())
        .group("Start")
        .add(Options.option(LINK_TWO_WAY, Type.BOOLEAN, "Two-way link")
            .defaultValue(true)
            .importance(Importance.HIGH)
            .doc(
                "Whether the link has both directions. true: at its very first start the sink applies nothing before the"
                    + " opposite direction's source, which reads the database that this sink writes to, has made its"
                    + " slot and has done with its first copy. So the four connectors can be sent in any order."
                    + " false: there is no opposite direction to wait for."))
        .group("Schema")
        .add(
            Options.option(TARGET_TABLES_EXISTING, Type.STRING, "Existing tables")
                .defaultValue(ExistingTables.FAIL.toString())
                .width(Width.SHORT)
                .oneOf(ExistingTables.names())
                .doc(
                    "Where the source sends the tables' definition with its first copy (sync.schema): what to do if tables of these"
                        + " names are there. fail: the task fails before anything is written, with their list. proceed: they"
                        + " stay as they are, with their rows, and only those that are missing are made."))
        .add(Options.option(TARGET_OBJECT_OWNER, Type.STRING, "Owner")
            .optional()
            .validator(new ConfigDef.NonEmptyString())
            .doc(
                "The role that owns what the sink makes: it is made as this role, of which database.user's must be a member."
                    + " Default: the role of database.user itself. Nothing is granted to others; default privileges of the"
                    + " owner apply."))
        .add(Options.option(DDL_UNSUPPORTED, Type.STRING, "Unsupported DDL")
            .defaultValue(UnsupportedDdl.FAIL.toString())
            .width(Width.SHORT)
            .oneOf(UnsupportedDdl.names())
            .doc(
                "Forward only: what to do when something was done to the source's tables that cannot be carried. fail: the"
                    + " task fails, with what it was, and nothing of its transaction is applied. warn: it is logged and left"
                    + " out. To go on after a failure, do it by hand here if it is wanted, set warn, restart the task, and"
                    + " set it back."))
        .group("Conflicts")
        .add(Options.option(CONFLICT_POLICY, Type.STRING, "Conflict policy")
            .defaultValue(ConflictPolicy.TASK_FAILED.toString())
            .importance(Importance.HIGH)
            .oneOf(ConflictPolicy.general())
            .doc(
                "What to do when an incoming change meets a row that it does not expect: a row to insert is there, or a row to"
                    + " update or delete is not the one that the sender changed (seen where the table has REPLICA IDENTITY"
                    + " FULL)."
                    + " task_failed: fail the task, nothing of the transaction is applied. ignore: keep the local row."
                    + " overwrite: apply the incoming change, unless it comes from the first copy (snapshot), which replaces"
                    + " nothing. last_update_wins: the change that was committed later stays, of two at the same microsecond"
                    + " the one that was made on A."
                    + " An UPDATE whose row is missing becomes an INSERT; a DELETE whose row is missing is left out."
                    + " Every conflict is recorded in pgduplex.conflicts."))
        .add(Options.option(CONFLICT_POLICY_OVERRIDES, Type.LIST, "Conflict policy overrides")
            .defaultValue("")
            .validator(SinkOptions::checkOverrides)
            .doc(
                "Other policies for single tables or types of conflict, each <schema>.<table>=<policy> or"
                    + " <schema>.<table>:<type>=<policy>; the table may hold the wildcards * and ?, and the first that fits"
                    + " counts. Types: insert_exists, update_exists, multiple_unique_conflicts, update_origin_differs, update_missing, update_deleted,"
                    + " delete_origin_differs, delete_missing. For update_missing there is also the policy skip, which leaves the UPDATE out."
                    + " Example: public.audit*=overwrite,*:update_missing=skip."))
        .add(Options.option(CONFLICT_SKIP_OFFSETS, Type.LIST, "Skipped conflicts")
            .defaultValue("")
            .validator(SinkOptions::checkOffsets)
            .doc(
                "Of the policy task_failed: offsets in the topic, as the task's error names them, of changes that are left out"
                    + " if they conflict; each is recorded, with the local row kept."))
        .add(Options.option(CONFLICT_RETENTION_DAYS, Type.INT, "Conflict retention (days)")
            .defaultValue(30)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.atLeast(-1))
            .doc("Days after which rows of pgduplex.conflicts are removed; -1 keeps them."))
        .add(Options.option(CONFLICT_DETECTION, Type.STRING, "Conflict detection")
            .defaultValue("on")
            .width(Width.SHORT)
            .oneOf(List.of("on", "off"))
            .doc(
                "Internal, for benchmarks: off does not compare a row to update or delete with the one that the sender"
                    + " changed."));
    writing(options);
    return errors(options).toConfigDef();
  }

  private static void checkOverrides(String name, Object value) {
    try {
      ConflictPolicies unused = new ConflictPolicies(ConflictPolicy.OVERWRITE, strings(value));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name, value, e.getMessage());
    }
  }

  private static void checkOffsets(String name, Object value) {
    for (String offset : strings(value)) {
      if (!OFFSET.matcher(offset).matches()) {
        throw new ConfigException(name, value, "'" + offset + "' is not an offset");
      }
    }
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  private static Options writing(Options options) {
    return options
        .group("Writing")
        .add(Options.option(BATCH_SIZE, Type.INT, "Batch size")
            .defaultValue(10_000)
            .importance(Importance.MEDIUM)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.between(1, 1_000_000))
            .doc(
                "Number of rows after which the target transaction is committed at the next end of a source"
                    + " transaction. Smaller ones share a target transaction up to this size. A row counts once more for each"
                    + " 1,024 characters of its values."))
        .add(Options.option(TRANSACTION_BUFFER_ROWS, Type.INT, "Transaction buffer")
            .defaultValue(20_000)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.between(1, 10_000_000))
            .doc(
                "Number of rows of one source transaction that are kept in memory. A larger one is streamed into an"
                    + " open target transaction, which nobody sees before it ends. A row counts once more for each 1,024"
                    + " characters of its values."))
        .add(Options.option(OPEN_TRANSACTION_TIMEOUT_MS, Type.LONG, "Open transaction timeout (ms)")
            .defaultValue(60_000L)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.atLeast(1_000))
            .doc(
                "Milliseconds after which a streamed transaction whose source sends nothing more is rolled back,"
                    + " so that its locks do not stay; it is read again from the topic."))
        .add(Options.option(LOCK_TIMEOUT_MS, Type.LONG, "Lock timeout (ms)")
            .defaultValue(10_000L)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.atLeast(100))
            .doc(
                "Milliseconds that a statement waits for a lock that others hold, before it is rolled back and tried"
                    + " again."))
        .add(Options.option(PROGRESS_INTERVAL_MS, Type.LONG, "Progress interval (ms)")
            .defaultValue(10_000L)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.atLeast(100))
            .doc("Milliseconds after which progress is written although no row changed."))
        .add(Options.option(WRITE_PATH, Type.STRING, "Write path")
            .defaultValue("sets")
            .width(Width.SHORT)
            .oneOf(List.of("sets", "rows"))
            .doc("Internal, for tests: rows writes each row by a statement of its own."));
  }

  private static Options errors(Options options) {
    return options
        .group("Errors")
        .add(Options.option(RETRY_BACKOFF_MS, Type.LONG, "Retry backoff (ms)")
            .defaultValue(1_000L)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.atLeast(1))
            .doc(
                "Milliseconds between two tries after an error that passes by itself: connection lost, deadlock, lock"
                    + " timeout, server starting."))
        .add(
            Options.option(RETRY_TIMEOUT_MS, Type.LONG, "Retry timeout (ms)")
                .defaultValue(-1L)
                .width(Width.SHORT)
                .validator(ConfigDef.Range.atLeast(-1))
                .doc(
                    "Milliseconds after which the task fails although the error may pass; -1 tries for ever."));
  }
}
