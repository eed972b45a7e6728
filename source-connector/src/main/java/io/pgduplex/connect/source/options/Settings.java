package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.LinkDirection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * A configuration that has been read.
 *
 * @param link whose objects these are
 * @param topic where the records go
 * @param selection which tables
 * @param snapshotMode what the first start does with existing rows
 * @param existingRows what rows mean that a first start finds and does not copy
 * @param syncSchema whether the first copy brings the tables themselves
 * @param ddlSync whether statements are followed
 * @param foreignOrigins origins whose rows the other side has already
 * @param connectTimeout how long to wait for a connection
 * @param producerLimit how large a row may be
 * @param heartbeatInterval how often the database is touched
 * @param submitted the options as they were submitted
 */
public record Settings(
    LinkDirection link,
    String topic,
    Selection selection,
    SnapshotMode snapshotMode,
    ExistingRows existingRows,
    boolean syncSchema,
    boolean ddlSync,
    List<Glob> foreignOrigins,
    Duration connectTimeout,
    ProducerLimit producerLimit,
    Duration heartbeatInterval,
    Map<String, String> submitted) {

  public Settings {
    foreignOrigins = List.copyOf(foreignOrigins);
    submitted = Map.copyOf(submitted);
  }

  /** Reads a submitted configuration; throws ConfigException naming the option that is wrong. */
  public static Settings of(Map<String, String> submitted) {
    AbstractConfig config = new AbstractConfig(SourceOptions.configDef(), submitted, false);
    LinkDirection link = LinkDirection.from(submitted);
    String topic = config.getString(SourceOptions.TOPIC);
    String mode = config.getString(SourceOptions.SNAPSHOT_MODE);
    return new Settings(
        link,
        topic == null ? link.defaultTopic() : topic,
        Selection.of(
            config.getString(SourceOptions.SCHEMA_INCLUDE_LIST),
            config.getString(SourceOptions.TABLE_INCLUDE_LIST)),
        mode == null ? SnapshotMode.defaultFor(link.direction()) : SnapshotMode.parse(mode),
        ExistingRows.parse(config.getString(SourceOptions.EXISTING_ROWS)),
        isOn(config, SourceOptions.SYNC_SCHEMA, link.direction()),
        isOn(config, SourceOptions.DDL_SYNC, link.direction()),
        LoopbackRules.foreignOrigins(submitted),
        Duration.ofMillis(config.getLong(SourceOptions.CONNECT_TIMEOUT)),
        ProducerLimit.of(submitted),
        Duration.ofMillis(config.getInt(SourceOptions.HEARTBEAT_INTERVAL)),
        submitted);
  }

  private static boolean isOn(AbstractConfig config, String option, Direction direction) {
    Boolean value = config.getBoolean(option);
    return value == null ? direction == Direction.FORWARD : value;
  }

  public Direction direction() {
    return link.direction();
  }
}
