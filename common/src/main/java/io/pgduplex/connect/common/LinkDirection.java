package io.pgduplex.connect.common;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * One direction of one link, and the names of everything that belongs to it.
 *
 * @param link the link's name, {@code [a-z][a-z0-9_]{0,31}}
 * @param direction which way
 */
public record LinkDirection(String link, Direction direction) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  public LinkDirection {
    if (!NAME.matcher(link).matches()) {
      throw new ConfigException(
          LinkOptions.LINK_NAME,
          link,
          "must be 1 to 32 characters, a-z, 0-9 and _, and begin with a letter:"
              + " it becomes part of the names of slot, publication and origin");
    }
  }

  /** Reads {@code link.name} and {@code link.direction} from a connector's configuration. */
  public static LinkDirection from(Map<String, String> config) {
    return new LinkDirection(
        config.getOrDefault(LinkOptions.LINK_NAME, ""),
        Direction.parse(config.getOrDefault(LinkOptions.LINK_DIRECTION, "")));
  }

  /** The same link, the other way round. */
  public LinkDirection opposite() {
    return new LinkDirection(link, direction.opposite());
  }

  /** {@code pgduplex_<link>_<direction>}: the name of this direction's slot, publication and origin. */
  public String objectName() {
    return "pgduplex_" + link + "_" + direction;
  }

  /** The replication origin that this direction's sink writes under. */
  public String origin() {
    return objectName();
  }

  /** This direction's topic unless the user names another. */
  public String defaultTopic() {
    return link + "." + direction;
  }

  @Override
  public String toString() {
    return link + "." + direction;
  }
}
