package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The tests that docs/guarantees.md names are there. */
class GuaranteesTest {

  private static final Pattern NAME = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");

  @Test
  void namesTestsThatExist() throws IOException {
    Map<String, Path> classes = testClasses();
    Matcher names = NAME.matcher(Files.readString(Repository.path("docs/guarantees.md")));
    SoftAssertions softly = new SoftAssertions();
    int found = 0;
    while (names.find()) {
      found++;
      Path file = classes.get(names.group(1));
      softly.assertThat(file).as(names.group()).isNotNull();
      if (file != null && names.group(2) != null) {
        softly
            .assertThat(Files.readString(file))
            .as(names.group())
            .contains("void " + names.group(2) + "(");
      }
    }
    softly.assertAll();
    assertThat(found).isGreaterThan(20);
  }

  private static Map<String, Path> testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(Repository.path("."))) {
      return files
          .filter(file -> file.toString().contains("src/test/java"))
          .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
          .collect(Collectors.toMap(
              file -> file.getFileName().toString().replace(".java", ""),
              file -> file,
              (first, second) -> first));
    }
  }
}
