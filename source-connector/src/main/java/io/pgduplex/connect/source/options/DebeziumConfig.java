package io.pgduplex.connect.source.options;

import io.debezium.connector.postgresql.PostgresConnector;
import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.source.values.ExactValues;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration that Debezium gets: pinned values, the user's allowed ones, and what the database decides. */
public final class DebeziumConfig {

  /** A dot would not match a name with a line break. */
  private static final String ANY = "[\\s\\S]*";

  private static final String DDL_LOG = PgduplexSchema.NAME + '.' + PgduplexSchema.DDL_LOG;

  static final String CONVERTER = "pgduplex";

  /**
   * For all of Debezium's sessions, the one that reads WAL included: the server writes each value in one form, whatever
   * the role's or the database's settings are. A regclass that is not in the path is written with its schema.
   */
  private static final String SESSION_SETTINGS =
      "-c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=3 -c lc_monetary=C -c xmlbinary=base64"
          + " -c search_path=pg_catalog";

  private DebeziumConfig() {}

  /**
   * Derives it.
   *
   * @param snapshotTables the tables whose rows are to be sent first, each {@code schema.table}; empty for none
   */
  public static Map<String, String> of(Settings settings, Collection<String> snapshotTables) {
    Map<String, String> config = new HashMap<>();
    DebeziumOptions.TABLE.forEach((name, treatment) -> {
      String value = treatment.handedOn(settings, settings.submitted().get(name));
      if (value != null) {
        config.put(name, value);
      }
    });
    // Debezium picks the parts that are made for one of its connectors by this name.
    config.put("connector.class", PostgresConnector.class.getName());
    // Row values belong into no log: the driver would put the failing row into the error's text.
    config.put("driver.logServerErrorDetail", "false");
    config.put("driver.options", SESSION_SETTINGS);
    config.put(CONVERTER + ".type", ExactValues.class.getName());
    config.put(
        SourceOptions.SNAPSHOT_MODE,
        (snapshotTables.isEmpty() ? SnapshotMode.NO_DATA : SnapshotMode.INITIAL).toString());
    if (!snapshotTables.isEmpty()) {
      // Debezium copies in the order of this list, where everything else is let in by its end.
      config.put(SourceOptions.TABLE_INCLUDE_LIST, exactly(DDL_LOG) + "," + ANY);
      config.put(
          "snapshot.include.collection.list",
          snapshotTables.stream().map(DebeziumConfig::exactly).collect(Collectors.joining(",")));
    }
    return config;
  }

  /** A regular expression for this one name: Debezium ignores case and splits at commas unless told otherwise. */
  static String exactly(String name) {
    return "(?-i)"
        + name.codePoints()
            .mapToObj(c -> Character.isLetterOrDigit(c) && c < 128
                ? Character.toString(c)
                : "\\x{%x}".formatted(c))
            .collect(Collectors.joining());
  }
}
