package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.it.ConfigExamples.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigExamplesTest {

  static List<Path> files() {
    return ConfigExamples.files();
  }

  @Test
  void areTheTwoLinks() {
    assertThat(ConfigExamples.files().stream().map(file -> file.getFileName().toString()))
        .containsExactly(
            "forward-sink.json",
            "forward-source.json",
            "one-way-sink.json",
            "one-way-source.json",
            "reverse-sink.json",
            "reverse-source.json");
  }

  @ParameterizedTest
  @MethodSource("files")
  void areNamedAfterLinkAndDirection(Path file) {
    Document document = ConfigExamples.read(file);
    String direction = document.get("link.name") + "." + document.get("link.direction");

    assertThat(document.name())
        .isEqualTo(direction.replace('.', '-') + (document.isSource() ? "-source" : "-sink"));
    if (!document.isSource()) {
      assertThat(document.get("topics")).isEqualTo(direction);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void takeTheConnectionFromTheEnvironment(Path file) {
    Document document = ConfigExamples.read(file);
    boolean forward = document.get("link.direction").equals("forward");
    String side = forward == document.isSource() ? "A" : "B";

    for (String part : List.of("port", "user", "password", "dbname")) {
      assertThat(document.get("database." + part))
          .as("database.%s", part)
          .isEqualTo("${env:PGDUPLEX_" + side + "_" + part.toUpperCase(Locale.ROOT) + "}");
    }
    assertThat(document.get("database.hostname")).isEqualTo("${env:PGDUPLEX_" + side + "_HOST}");
    assertThat(document.variables()).hasSize(5).allMatch(name -> name.startsWith("PGDUPLEX_"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void dropWhatTheOppositeDirectionWrote(Path file) {
    Document document = ConfigExamples.read(file);
    if (document.isSource()) {
      String opposite = document.get("link.direction").equals("forward") ? "reverse" : "forward";

      assertThat(document.get("transforms.dropLoopback.origins"))
          .isEqualTo("pgduplex_" + document.get("link.name") + "_" + opposite);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void useTheSameConvertersEverywhere(Path file) {
    Map<String, String> converters = new TreeMap<>(ConfigExamples.read(file).config());
    converters.keySet().removeIf(option -> !option.contains("converter"));

    assertThat(converters)
        .containsExactlyEntriesOf(new TreeMap<>(Map.of(
            "header.converter", "org.apache.kafka.connect.converters.LongConverter",
            "key.converter", "org.apache.kafka.connect.json.JsonConverter",
            "key.converter.replace.null.with.default", "false",
            "key.converter.schemas.enable", "false",
            "value.converter", "org.apache.kafka.connect.json.JsonConverter",
            "value.converter.replace.null.with.default", "false",
            "value.converter.schemas.enable", "false")));
  }

  @ParameterizedTest
  @MethodSource("files")
  void areListedInTheReadme(Path file) throws IOException {
    Document document = ConfigExamples.read(file);

    assertThat(Files.readString(ConfigExamples.FOLDER.resolve("README.md")))
        .contains("| `" + file.getFileName() + "` | `" + document.name() + "` |");
  }
}
