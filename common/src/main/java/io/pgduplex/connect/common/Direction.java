package io.pgduplex.connect.common;

import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** Which way a connector moves changes: {@link #FORWARD} is database A to B, {@link #REVERSE} is B to A. */
public enum Direction {
  FORWARD,
  REVERSE;

  /** Parses the value of {@code link.direction}; throws {@link ConfigException} naming the option otherwise. */
  public static Direction parse(String text) {
    for (Direction direction : values()) {
      if (direction.toString().equals(text)) {
        return direction;
      }
    }
    throw new ConfigException(
        LinkOptions.LINK_DIRECTION, text, "must be 'forward' (A to B) or 'reverse' (B to A)");
  }

  /** The other way round. */
  public Direction opposite() {
    return this == FORWARD ? REVERSE : FORWARD;
  }

  /** The lower-case form used in options and in the names of objects. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
