package io.pgduplex.connect.common;

import static io.pgduplex.connect.common.GeneratedSection.code;
import static io.pgduplex.connect.common.GeneratedSection.text;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Options as docs/options.md has them. */
public final class OptionsReference {

  private OptionsReference() {}

  /** All options by group, in the order declared, without internal ones. */
  public static String render(ConfigDef options) {
    return options.groups().stream()
        .map(group -> options.configKeys().values().stream()
            .filter(key -> group.equals(key.group) && isPublic(key.name))
            .sorted(Comparator.comparingInt(key -> key.orderInGroup))
            .map(OptionsReference::option)
            .collect(Collectors.joining("", "\n### " + group + "\n", "")))
        .collect(Collectors.joining("", "", "\n"));
  }

  /** Whether users may know of the option. */
  public static boolean isPublic(String option) {
    return !option.startsWith("internal.");
  }

  private static String option(ConfigKey key) {
    String valid = valid(key);
    return """

        #### %s

        %s

        - Type: %s
        - Default: %s
        %s- Importance: %s
        """.formatted(
            code(key.name),
            text(key.documentation),
            key.type.name().toLowerCase(Locale.ROOT),
            defaultOf(key),
            valid.isEmpty() ? "" : "- Valid values: " + valid + "\n",
            key.importance.name().toLowerCase(Locale.ROOT));
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "none, it must be set";
    }
    if (key.defaultValue == null) {
      return "not set";
    }
    String value = key.defaultValue instanceof Password secret
        ? secret.value()
        : ConfigDef.convertToString(key.defaultValue, key.type);
    return value.isEmpty() ? "empty" : code(value);
  }

  private static String valid(ConfigKey key) {
    if (key.recommender != null) {
      return key.recommender.validValues(key.name, Map.of()).stream()
          .map(value -> code(value.toString()))
          .collect(Collectors.joining(", "));
    }
    ConfigDef.@Nullable Validator validator = key.validator;
    // One without a text of its own would show its address in memory.
    if (validator == null
        || validator.toString().startsWith(validator.getClass().getName())) {
      return "";
    }
    String description = validator.toString();
    return description.startsWith("[") ? code(description) : text(description);
  }
}
