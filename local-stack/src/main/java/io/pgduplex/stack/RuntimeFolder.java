package io.pgduplex.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the build puts the servers' files: {@code local-stack/target/runtime}.
 *
 * @param folder holds {@code kafka-<version>/*.jar} and {@code postgres/*.jar}
 */
record RuntimeFolder(Path folder) {

  private static final String KAFKA = "kafka-";

  /** Overrides where the servers' files are looked for. */
  static final String PROPERTY = "pgduplex.runtime";

  /** Beside the classes or the jar that this class was loaded from, unless the system property says otherwise. */
  static RuntimeFolder find() {
    String given = System.getProperty(PROPERTY);
    Path folder = given == null ? besideOwnCode() : Path.of(given);
    if (!Files.isDirectory(folder)) {
      throw new StackException("No folder " + folder.toAbsolutePath()
          + " with the servers' files: build with `./mvnw process-resources -pl local-stack -am`,"
          + " or say where they are with -D" + PROPERTY + "=<folder>");
    }
    return new RuntimeFolder(folder.toAbsolutePath());
  }

  /**
   * The class path of a broker and a worker of one version, or of a worker alone, and nothing else.
   *
   * @param version whole, such as {@code 3.9.2}, or the line of which the build collects one, such as {@code 3.9}
   */
  String kafkaClassPath(String version) {
    List<String> all = names(folder, KAFKA);
    List<String> fitting = all.stream()
        .filter(name -> (name + ".").startsWith(KAFKA + version + "."))
        .toList();
    return switch (fitting.size()) {
      case 1 -> folder.resolve(fitting.get(0)) + "/*";
      case 0 ->
        throw new StackException("No Kafka " + version + " in " + folder + ": there is " + all
            + "; another version is another module like local-stack/worker-3.9");
      default ->
        throw new StackException("More than one Kafka " + version + " in " + folder + ": " + fitting
            + "; build with `clean` to lose what earlier builds left");
    };
  }

  Path postgres() {
    return folder.resolve("postgres");
  }

  /** Files in a folder whose names begin so, in order of name. */
  static List<String> names(Path folder, String prefix) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path besideOwnCode() {
    try {
      Path code = Path.of(RuntimeFolder.class
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toURI());
      return code.resolveSibling("runtime");
    } catch (URISyntaxException e) {
      throw new StackException("Cannot tell where this class was loaded from", e);
    }
  }
}
