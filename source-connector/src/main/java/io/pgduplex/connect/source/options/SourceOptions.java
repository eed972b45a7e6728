package io.pgduplex.connect.source.options;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.common.Options;
import io.pgduplex.connect.source.options.Treatment.Allowed;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Every option of the source connector, and its declaration. */
public final class SourceOptions {

  public static final String TABLE_INCLUDE_LIST = "table.include.list";
  public static final String SCHEMA_INCLUDE_LIST = "schema.include.list";
  public static final String TOPIC = "topic";
  public static final String SNAPSHOT_MODE = "snapshot.mode";
  public static final String SYNC_SCHEMA = "sync.schema";
  public static final String DDL_SYNC = "ddl.sync";
  public static final String EXISTING_ROWS = "existing.rows";
  public static final String TOPIC_CREATION_EXTERNAL = "topic.creation.external";
  static final String CONNECT_TIMEOUT = "connection.validation.timeout.ms";
  static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  public static final String SLOT_STREAM_PARAMS = "slot.stream.params";

  /** The group of the options that are passed on. */
  static final String DEBEZIUM = "Debezium";

  private static final ConfigDef CONFIG_DEF = declare();

  private SourceOptions() {}

  public static ConfigDef configDef() {
    return CONFIG_DEF;
  }

  private static ConfigDef declare() {
    Options options = LinkOptions.declare(new Options());
    declareSelection(options);
    declareTopic(options);
    options.group(DEBEZIUM);
    Map<String, ConfigKey> debezium = PostgresConnectorConfig.configDef().configKeys();
    DebeziumOptions.TABLE.forEach((name, treatment) -> {
      if (treatment instanceof Allowed allowed) {
        ConfigKey key = debezium.get(name);
        if (key == null) {
          throw new IllegalStateException("Debezium does not declare " + name);
        }
        options.add(passedOn(key, allowed));
      }
    });
    return options.toConfigDef();
  }

  private static void declareSelection(Options options) {
    options
        .group("Selection")
        .add(
            Options.option(TABLE_INCLUDE_LIST, Type.STRING, "Tables")
                .optional()
                .importance(Importance.HIGH)
                .width(Width.LONG)
                .validator(new RegexList())
                .doc(
                    "The tables to replicate: regular expressions separated by commas, each matched whole against"
                        + " schema.table, without regard to case. A partitioned table brings its partitions."
                        + " This or schema.include.list must be given; where both are, a table must match both."))
        .add(Options.option(SCHEMA_INCLUDE_LIST, Type.STRING, "Schemas")
            .optional()
            .importance(Importance.HIGH)
            .width(Width.LONG)
            .validator(new RegexList())
            .doc(
                "The schemas whose tables are replicated: regular expressions separated by commas, each matched"
                    + " whole against the schema's name, without regard to case."))
        .add(Options.option(SNAPSHOT_MODE, Type.STRING, "Snapshot mode")
            .optional()
            .importance(Importance.MEDIUM)
            .width(Width.SHORT)
            .oneOf(SnapshotMode.names())
            .doc("initial: send the rows that are there, then stream. no_data: stream only."
                + " Default: initial for forward, no_data for reverse."))
        .add(
            Options.option(SYNC_SCHEMA, Type.BOOLEAN, "Sync schema")
                .optional()
                .importance(Importance.MEDIUM)
                .width(Width.SHORT)
                .doc(
                    "Forward only, and only with a first copy (snapshot.mode=initial). true: the other side makes the tables, and"
                        + " what they need, before their rows come. false: they are there. Default: true for forward."))
        .add(Options.option(DDL_SYNC, Type.BOOLEAN, "Sync DDL")
            .optional()
            .importance(Importance.MEDIUM)
            .width(Width.SHORT)
            .doc(
                "Forward only. true: statements that change the tables, or make new ones inside the selection, change them on"
                    + " the other side too, in order with the rows; sql/ddl.sql must have been run in the database."
                    + " false: they do not. Default: true for forward."))
        .add(Options.option(EXISTING_ROWS, Type.STRING, "Existing rows")
            .defaultValue(ExistingRows.REFUSE.toString())
            .importance(Importance.MEDIUM)
            .width(Width.SHORT)
            .oneOf(ExistingRows.names())
            .doc(
                "Only for the first start of a reverse source with snapshot.mode=no_data: what to do if its tables"
                    + " have rows that the forward direction did not write. refuse: stop, since nothing would ever"
                    + " send them to the other side. same: begin, since the other side has the same rows, because both"
                    + " were loaded from one dump, for example."));
  }

  private static void declareTopic(Options options) {
    options
        .group("Topic")
        .add(
            Options.option(TOPIC, Type.STRING, "Topic")
                .optional()
                .importance(Importance.MEDIUM)
                .validator(new ConfigDef.NonEmptyString())
                .doc(
                    "The direction's topic. It must have one partition. Default: <link.name>.<link.direction>."))
        .add(Options.option(TOPIC_CREATION_EXTERNAL, Type.BOOLEAN, "Topic is created elsewhere")
            .defaultValue(false)
            .importance(Importance.LOW)
            .doc(
                "true: an administrator has created the topic, with one partition, cleanup.policy=delete and a"
                    + " retention that outlasts every outage of the sink. false: the topic.creation.default.* settings"
                    + " say so, and the worker creates it."));
  }

  private static Options.Option passedOn(ConfigKey key, Allowed allowed) {
    String ownText = allowed.ownText();
    Options.Option option = Options.option(key.name, key.type, key.displayName)
        .importance(key.importance)
        .width(key.width)
        .doc(ownText == null ? key.documentation : ownText);
    ConfigDef.Validator validator = ownValidator(key);
    if (validator != null) {
      option.validator(validator);
    }
    Object ownDefault = allowed.ownDefault();
    if (ownDefault != null) {
      return option.defaultValue(ownDefault);
    }
    return key.defaultValue == null || !key.hasDefault()
        ? option.optional()
        : option.defaultValue(key.defaultValue);
  }

  private static ConfigDef.@org.jspecify.annotations.Nullable Validator ownValidator(
      ConfigKey key) {
    return switch (key.name) {
      case HEARTBEAT_INTERVAL -> ConfigDef.Range.between(100, 60_000);
      case SLOT_STREAM_PARAMS ->
        ConfigDef.LambdaValidator.with(
            (name, value) -> {
              if (value != null && !List.of("origin=none", "origin=any").contains(value)) {
                throw new ConfigException(
                    name, value, "must be origin=none (PostgreSQL 16 and later) or origin=any");
              }
            },
            () -> "origin=none or origin=any");
      default -> key.validator;
    };
  }

  private static final class RegexList implements ConfigDef.Validator {
    @Override
    public void ensureValid(String name, Object value) {
      List<Pattern> unused = Selection.patterns(name, (String) value);
    }

    @Override
    public String toString() {
      return "regular expressions separated by commas";
    }
  }
}
