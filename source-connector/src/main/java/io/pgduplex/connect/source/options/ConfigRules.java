package io.pgduplex.connect.source.options;

import java.util.List;
import java.util.Map;

/** What no single option can tell: rules over the whole configuration that Connect will run the connector with. */
public final class ConfigRules {

  private ConfigRules() {}

  public static List<Problem> problems(Map<String, String> submitted) {
    return List.of();
  }
}
