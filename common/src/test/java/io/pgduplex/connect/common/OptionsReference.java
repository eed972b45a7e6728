package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Keeps docs/options.md the same as the declarations: renders them as Markdown, and compares that with a plugin's section
 * of the file, or writes it there. A section stands between two HTML comments, so that each module owns its own.
 */
public final class OptionsReference {

  private static final Path FILE = Path.of("..", "docs", "options.md");
  private static final String WRITE = "-Dpgduplex.docs=write";
  private static final String HOW_TO_WRITE = "./mvnw test -Dtest=OptionsReferenceTest " + WRITE
      + " -Dsurefire.failIfNoSpecifiedTests=false";

  /** What Markdown would take for more than text; an underscore within a word is none. */
  private static final Pattern MARKUP =
      Pattern.compile("[\\\\`*<\\[]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])");

  private OptionsReference() {}

  /** Fails unless the section says this; with {@code -Dpgduplex.docs=write} makes it so instead. */
  public static void check(String section, String wanted) {
    try {
      String file = Files.readString(FILE);
      String written = replace(file, section, wanted);
      if (written.equals(file)) {
        return;
      }
      if ("write".equals(System.getProperty("pgduplex.docs"))) {
        Files.writeString(FILE, written);
        return;
      }
      fail("docs/options.md is not what the code says, first where it %s. Regenerate it: %s"
          .formatted(firstDifference(file, written), HOW_TO_WRITE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file with another text between the comments of the section. */
  static String replace(String file, String section, String text) {
    Matcher old = Pattern.compile(
            "(?<=<!-- begin " + section + " -->\n).*?(?=<!-- end " + section + " -->\n)",
            Pattern.DOTALL)
        .matcher(file);
    if (!old.find()) {
      throw new IllegalArgumentException(
          "docs/options.md has no section %s; add the lines <!-- begin %s --> and <!-- end %s -->"
              .formatted(section, section, section));
    }
    return file.substring(0, old.start()) + text + file.substring(old.end());
  }

  private static String firstDifference(String is, String wanted) {
    List<String> lines = is.lines().toList();
    List<String> wantedLines = wanted.lines().toList();
    int line = 0;
    while (line < Math.min(lines.size(), wantedLines.size())
        && lines.get(line).equals(wantedLines.get(line))) {
      line++;
    }
    return "says '%s' in line %d instead of '%s'"
        .formatted(at(lines, line), line + 1, at(wantedLines, line));
  }

  private static String at(List<String> lines, int line) {
    return line < lines.size() ? lines.get(line) : "";
  }

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

  /** Plain text as Markdown: nothing in it is markup. */
  public static String text(String plain) {
    return MARKUP.matcher(plain.strip().replaceAll("\\s+", " ")).replaceAll("\\\\$0");
  }

  /** A value as Markdown. */
  public static String code(String value) {
    return "`" + value + "`";
  }

  /** A row of a table. */
  public static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> cell.replaceAll("(?<!\\\\)\\|", "\\\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
