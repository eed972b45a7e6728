package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives as {@code package} left them, against what each module says that it ships. */
class PluginArchiveIT {

  private record Archive(String module) {
    String name() {
      return "pgduplex-" + module + "-" + Repository.version();
    }

    Path zip() {
      return Repository.path(module + "/target/" + name() + ".zip");
    }

    Path unpacked() {
      return Repository.path(module + "/target/plugin");
    }

    /** Files only, in the archive's order. */
    List<? extends ZipEntry> files() throws IOException {
      try (ZipFile zip = new ZipFile(zip().toFile())) {
        return zip.stream().filter(entry -> !entry.isDirectory()).toList();
      }
    }

    List<String> fileNames() throws IOException {
      return files().stream().map(ZipEntry::getName).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smt", "source-connector", "sink-connector"})
  void shipsTheListedJars(String module) throws IOException {
    Archive archive = new Archive(module);
    String lib = archive.name() + "/lib/";
    Path list = Repository.path(module + "/src/archive/jars.txt");

    assertThat(archive.fileNames().stream()
            .filter(file -> file.startsWith(lib))
            .map(file -> file.substring(lib.length()).replace("-" + Repository.version(), ""))
            .sorted())
        .as("jars in %s; if the change is meant, change %s", archive.zip(), list)
        .isEqualTo(Files.readAllLines(list));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smt", "source-connector", "sink-connector"})
  void hasTheUsualLayout(String module) throws IOException {
    Archive archive = new Archive(module);
    List<String> files = archive.fileNames();

    assertThat(files)
        .allMatch(file -> file.startsWith(archive.name() + "/"))
        .contains(
            archive.name() + "/doc/LICENSE",
            archive.name() + "/doc/NOTICE",
            archive.name() + "/doc/README.md",
            archive.name() + "/etc/forward-source.json",
            archive.name() + "/etc/reverse-sink.json");
    JsonNode manifest = manifest(archive);
    assertThat(manifest.path("name").asText()).isEqualTo("pgduplex-" + module);
    assertThat(manifest.path("version").asText()).isEqualTo(Repository.version());
  }

  private static JsonNode manifest(Archive archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.zip().toFile());
        InputStream in = zip.getInputStream(zip.getEntry(archive.name() + "/manifest.json"))) {
      return new ObjectMapper().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smt", "source-connector", "sink-connector"})
  void liesUnpackedBesideIt(String module) throws IOException {
    Archive archive = new Archive(module);
    Path unpacked = archive.unpacked();

    try (Stream<Path> files = Files.walk(unpacked)) {
      assertThat(files
              .filter(Files::isRegularFile)
              .map(file -> unpacked.relativize(file).toString()))
          .containsExactlyInAnyOrderElementsOf(archive.fileNames());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smt", "source-connector", "sink-connector"})
  void saysNothingAboutWhenItWasBuilt(String module) throws IOException {
    assertThat(new Archive(module).files().stream().map(ZipEntry::getTimeLocal).distinct())
        .as("times of the entries")
        .hasSize(1);
  }
}
