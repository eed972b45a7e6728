package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** What the first start does with the rows that are there already. */
public enum SnapshotMode {
  /** Sends them all, then streams. */
  INITIAL,
  /** Streams only what is written from now on. */
  NO_DATA;

  static SnapshotMode defaultFor(Direction direction) {
    return switch (direction) {
      case FORWARD -> INITIAL;
      case REVERSE -> NO_DATA;
    };
  }

  static SnapshotMode parse(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new ConfigException(SourceOptions.SNAPSHOT_MODE, text, "must be one of " + names()));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(SnapshotMode::toString).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
