package io.pgduplex.it;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documents of {@code config-examples/}. */
final class ConfigExamples {

  static final Path FOLDER = Repository.path("config-examples");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+)}");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** One document for {@code POST /connectors}. */
  record Document(String name, Map<String, String> config) {

    String get(String option) {
      return config.getOrDefault(option, "");
    }

    boolean isSource() {
      return get("connector.class").endsWith("SourceConnector");
    }

    /** The names of the environment variables that it refers to. */
    Set<String> variables() {
      Set<String> names = new TreeSet<>();
      config
          .values()
          .forEach(value ->
              VARIABLE.matcher(value).results().forEach(found -> names.add(found.group(1))));
      return names;
    }
  }

  private ConfigExamples() {}

  static List<Path> files() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Document read(Path file) {
    try {
      Map<String, Object> json =
          JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {});
      if (!json.keySet().equals(Set.of("name", "config"))) {
        throw new IllegalArgumentException(
            file + " has other fields than name and config: " + json);
      }
      return JSON.convertValue(json, Document.class);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
