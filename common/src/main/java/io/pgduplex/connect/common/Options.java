package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ConfigDef} in which every option has a group, an order, a display name and a text; the order within a
 * group is the order of the calls.
 */
public final class Options {

  private final ConfigDef configDef = new ConfigDef();
  private String group = "";
  private int orderInGroup;

  /** Starts a group; the options added next belong to it. */
  public Options group(String name) {
    group = name;
    orderInGroup = 0;
    return this;
  }

  /** Declares one option in the current group. */
  public Options add(Option option) {
    configDef.define(
        option.name,
        option.type,
        option.defaultValue,
        option.validator,
        option.importance,
        option.documentation,
        group,
        ++orderInGroup,
        option.width,
        option.displayName,
        List.of(),
        option.recommender);
    return this;
  }

  /** The finished definition. */
  public ConfigDef toConfigDef() {
    return configDef;
  }

  /** Begins the declaration of an option that is required until it gets a default. */
  public static Option option(String name, Type type, String displayName) {
    return new Option(name, type, displayName);
  }

  /** One option while it is being declared. */
  public static final class Option {
    private final String name;
    private final Type type;
    private final String displayName;
    private @Nullable Object defaultValue = ConfigDef.NO_DEFAULT_VALUE;
    private ConfigDef.@Nullable Validator validator;
    private ConfigDef.@Nullable Recommender recommender;
    private Importance importance = Importance.LOW;
    private Width width = Width.MEDIUM;
    private String documentation = "";

    private Option(String name, Type type, String displayName) {
      this.name = name;
      this.type = type;
      this.displayName = displayName;
    }

    public Option defaultValue(Object value) {
      this.defaultValue = value;
      return this;
    }

    /** No value is needed and there is no default. */
    public Option optional() {
      this.defaultValue = null;
      return this;
    }

    public Option importance(Importance value) {
      this.importance = value;
      return this;
    }

    public Option width(Width value) {
      this.width = value;
      return this;
    }

    public Option validator(ConfigDef.Validator value) {
      this.validator = value;
      return this;
    }

    /** Only these values, offered to UIs as well. */
    public Option oneOf(List<String> values) {
      ConfigDef.ValidString strict = ConfigDef.ValidString.in(values.toArray(String[]::new));
      // An optional option's default is null, which ValidString would refuse.
      this.validator = ConfigDef.LambdaValidator.with(
          (name, value) -> {
            if (value != null) {
              strict.ensureValid(name, value);
            }
          },
          strict::toString);
      this.recommender = new FixedValues(values);
      return this;
    }

    /** What the option does, its unit and what the default means. */
    public Option doc(String text) {
      this.documentation = text;
      return this;
    }
  }

  private record FixedValues(List<String> values) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
      return new ArrayList<>(values);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsedConfig) {
      return true;
    }
  }
}
