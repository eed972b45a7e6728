package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * Something that is wrong with a configuration, or with the database that it names.
 *
 * @param option the option whose change, or whose target's change, would mend it
 * @param message what is wrong and what to do
 */
public record Problem(String option, String message) {

  /**
   * Puts each problem on its option.
   *
   * @param values the results of the options' own checks; Connect's options need not be among them
   */
  public static Config onOptions(List<ConfigValue> values, Collection<Problem> problems) {
    Map<String, ConfigValue> byName = new LinkedHashMap<>();
    values.forEach(value -> byName.put(value.name(), value));
    for (Problem problem : problems) {
      byName
          .computeIfAbsent(
              problem.option,
              name -> new ConfigValue(name, null, new ArrayList<>(), new ArrayList<>()))
          // With the option's name: Connect shows the messages alone when it refuses a document.
          .addErrorMessage(problem.toString());
    }
    return new Config(List.copyOf(byName.values()));
  }

  @Override
  public String toString() {
    return option + ": " + message;
  }
}
