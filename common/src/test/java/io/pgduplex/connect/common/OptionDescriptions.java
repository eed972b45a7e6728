package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** What the tests of every plugin ask of the declarations of its options. */
public final class OptionDescriptions {

  private OptionDescriptions() {}

  /**
   * Fails unless every option has all that UIs and docs/options.md show of it.
   *
   * @param foreignGroups groups of options that are passed on to somebody else, with that one's words
   */
  public static void assertComplete(ConfigDef options, String... foreignGroups) {
    Set<String> places = new HashSet<>();
    for (ConfigKey key : options.configKeys().values()) {
      assertThat(key.group).as("group of %s", key.name).isNotBlank();
      assertThat(key.orderInGroup).as("order of %s", key.name).isPositive();
      assertThat(places.add(key.group + key.orderInGroup))
          .as("own place of %s", key.name)
          .isTrue();
      assertThat(key.displayName)
          .as("display name of %s", key.name)
          .isNotBlank()
          .isNotEqualTo(key.name);
      assertThat(key.documentation).as("documentation of %s", key.name).isNotBlank();
      if (!Set.of(foreignGroups).contains(key.group)) {
        assertOwnWords(key);
      }
    }
  }

  private static void assertOwnWords(ConfigKey key) {
    assertThat(key.documentation).as("documentation of %s", key.name).endsWith(".");
    if (key.name.endsWith(".ms")) {
      assertThat(key.documentation).as("unit of %s", key.name).startsWith("Milliseconds");
      assertThat(key.displayName).as("unit of %s", key.name).endsWith("(ms)");
    }
  }
}
