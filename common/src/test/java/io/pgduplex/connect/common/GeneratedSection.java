package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A part of a document in {@code docs} that is made from the code: it stands between two HTML comments. Tests compare it with
 * what the code says, or write it there.
 */
public final class GeneratedSection {

  private static final String WRITE = "-Dpgduplex.docs=write";

  /** What Markdown would take for more than text; an underscore within a word is none. */
  private static final Pattern MARKUP =
      Pattern.compile("[\\\\`*<\\[]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])");

  private GeneratedSection() {}

  /**
   * Fails unless the section says this; with {@code -Dpgduplex.docs=write} makes it so instead.
   *
   * @param document its name in {@code docs}
   * @param test the class of the test that calls this, for the message
   */
  public static void check(String document, String section, String wanted, Class<?> test) {
    Path path = Path.of("..", "docs", document);
    try {
      String file = Files.readString(path);
      String written = replace(file, section, wanted);
      if (written.equals(file)) {
        return;
      }
      if ("write".equals(System.getProperty("pgduplex.docs"))) {
        Files.writeString(path, written);
        return;
      }
      fail(
          "docs/%s is not what the code says, first where it %s. Regenerate it: ./mvnw test -Dtest=%s %s -Dsurefire.failIfNoSpecifiedTests=false"
              .formatted(document, firstDifference(file, written), test.getSimpleName(), WRITE));
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
          "The document has no section %s; add the lines <!-- begin %s --> and <!-- end %s -->"
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
