package io.pgduplex.connect.transforms;

import io.pgduplex.connect.common.BuildVersion;
import io.pgduplex.connect.common.Options;
import io.pgduplex.connect.transforms.ForeignRowReader.ForeignRow;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Drops the row changes that the opposite direction's sink wrote, so that a change crosses a link once.
 *
 * <p>It reads Debezium's own envelope, as Struct or as Map, and must therefore stand before any transform that changes
 * it. Each record is decided by itself: after a restart in the middle of a transaction the answers are the same.
 * Everything that is not a row with a foreign origin is passed on as the very same object: transaction markers,
 * heartbeats, snapshot rows, logical messages, tombstones, control rows and shapes it does not know.
 */
public final class DropLoopback<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {

  public static final String OVERVIEW_DOC =
      "Drop the row changes that the opposite direction's sink wrote, recognised by their replication origin,"
          + " and pass everything else on untouched.";

  public static final String ORIGINS = "origins";

  public static final ConfigDef CONFIG_DEF = new Options()
      .group("Loop")
      .add(Options.option(ORIGINS, Type.LIST, "Foreign origins")
          .importance(Importance.HIGH)
          .validator(new GlobsValidator())
          .doc(
              "Replication origins whose rows are dropped; * stands for any run of characters, ? for one."
                  + " For a pair of databases the opposite direction's origin alone,"
                  + " pgduplex_<link>_<reverse|forward>; in a full mesh the origin of every sink that writes to"
                  + " the same database."))
      .toConfigDef();

  private final ForeignRowReader reader = new ForeignRowReader();
  private LoopbackRule rule = new LoopbackRule(List.of());

  @Override
  public void configure(Map<String, ?> configs) {
    rule = new LoopbackRule(new AbstractConfig(CONFIG_DEF, configs, false).getList(ORIGINS));
  }

  @Override
  public @Nullable R apply(R record) {
    ForeignRow row = reader.read(record.value());
    return row != null && rule.isLoopback(row.origin(), row.schema()) ? null : record;
  }

  @Override
  public ConfigDef config() {
    return CONFIG_DEF;
  }

  @Override
  public String version() {
    return BuildVersion.get();
  }

  @Override
  public void close() {
    // Holds nothing that needs closing.
  }

  private static final class GlobsValidator implements ConfigDef.Validator {
    @Override
    public void ensureValid(String name, @Nullable Object value) {
      if (!(value instanceof List<?> globs) || globs.isEmpty()) {
        throw new ConfigException(
            name, value, "names no origin; give at least pgduplex_<link>_<opposite direction>");
      }
      if (globs.contains("")) {
        throw new ConfigException(
            name, value, "has an empty entry, which no origin can match; remove the extra comma");
      }
    }

    @Override
    public String toString() {
      return "one or more origins, with * and ? as wildcards";
    }
  }
}
