package io.pgduplex.connect.source.options;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** What rows mean that are there before a direction begins that copies none, and that the link did not write. */
public enum ExistingRows {
  /** They would never reach the other side, so the direction does not begin. */
  REFUSE,
  /** The other side has them as well. */
  SAME;

  static ExistingRows parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new ConfigException(SourceOptions.EXISTING_ROWS, text, "must be one of " + names()));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(ExistingRows::toString).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
