package io.pgduplex.connect.common;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/** Puts what is wrong with a submitted configuration on the option at fault; checks that source and sink share. */
public final class ConfigErrors {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");
  private static final Pattern TEXT_ONLY =
      Pattern.compile(".*\\.(StringConverter|ByteArrayConverter)");

  private final Config result;
  private final Map<String, String> config;

  /**
   * @param result the result of the checks of single options; errors are added to it
   * @param config the configuration as submitted, placeholders resolved by the worker
   */
  public ConfigErrors(Config result, Map<String, String> config) {
    this.result = result;
    this.config = config;
  }

  /** Adds an error to an option, which need not be one of the connector's own. */
  public void add(String option, String message) {
    for (ConfigValue value : result.configValues()) {
      if (value.name().equals(option)) {
        value.addErrorMessage(option + ": " + message);
        return;
      }
    }
    // Without a value: Connect shows one by the option's type, and of its own options (topics is a
    // list) we have only text.
    ConfigValue value = new ConfigValue(option);
    value.addErrorMessage(option + ": " + message);
    result.configValues().add(value);
  }

  /** The option, or {@code absent} where it is not set, must have this value. */
  public void require(String option, String absent, String wanted, String why) {
    String value = config.getOrDefault(option, absent);
    if (!value.equalsIgnoreCase(wanted)) {
      add(
          option,
          "must be " + wanted + " but is " + (value.isEmpty() ? "not set" : value) + ": " + why);
    }
  }

  /** The option must not have this value. */
  public void refuse(String option, String value, String why) {
    if (value.equalsIgnoreCase(config.get(option))) {
      add(option, "must not be " + value + ": " + why);
    }
  }

  /** A config provider that knows no value leaves the placeholder as it is. */
  public void refuseUnresolvedPlaceholders() {
    config.forEach((option, value) -> {
      if (value != null && PLACEHOLDER.matcher(value).find()) {
        add(
            option,
            "holds a placeholder that the worker did not resolve: is the worker's config.providers set,"
                + " and the variable or key there and allowed?");
      }
    });
  }

  /** Converters that give text or bytes cannot carry an envelope. */
  public void refuseTextOnlyConverters() {
    String converter = config.getOrDefault("value.converter", "");
    if (TEXT_ONLY.matcher(converter).matches()) {
      add(
          "value.converter",
          "must be one that carries structure, for example"
              + " org.apache.kafka.connect.json.JsonConverter, the same at source and sink");
    }
  }
}
