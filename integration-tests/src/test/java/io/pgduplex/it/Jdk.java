package io.pgduplex.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK on this machine.
 *
 * @param home its {@code JAVA_HOME}
 * @param label for a test's name
 */
record Jdk(Path home, String label) {

  /** A home in itself: {@code -Dpgduplex.jdk.25=…}. */
  private static final String PROPERTY = "pgduplex.jdk.";

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  /** The JDK of a version; if there is none, the one that runs the test, and the label says so. */
  static Jdk of(int feature) {
    return homes(feature)
        .filter(home -> feature(home).equals(Optional.of(feature)))
        .findFirst()
        .map(home -> new Jdk(home, "Java " + feature))
        .orElseGet(() -> new Jdk(
            own(),
            "Java " + Runtime.version().feature() + " (no Java " + feature + " was found; -D"
                + PROPERTY + feature + "=<JAVA_HOME> names one)"));
  }

  /** Where one may be, in order of preference. */
  private static Stream<Path> homes(int feature) {
    Stream<Path> named = Stream.concat(
            Stream.ofNullable(System.getProperty(PROPERTY + feature)),
            System.getenv().entrySet().stream()
                // As runners of build services have it.
                .filter(variable -> variable.getKey().startsWith("JAVA_HOME_" + feature))
                .map(variable -> variable.getValue()))
        .map(Path::of);
    Path user = Path.of(System.getProperty("user.home"));
    Stream<Path> installed = Stream.of(
            Path.of("/usr/lib/jvm"),
            user.resolve(".sdkman/candidates/java"),
            user.resolve(".jdks"),
            Path.of("/Library/Java/JavaVirtualMachines"))
        .flatMap(folder -> children(folder).stream())
        .flatMap(folder -> Stream.of(folder, folder.resolve("Contents/Home")));
    return Stream.of(named, Stream.of(own()), installed).flatMap(homes -> homes);
  }

  private static Path own() {
    return Path.of(System.getProperty("java.home"));
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its file {@code release} says. */
  private static Optional<Integer> feature(Path home) {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return Optional.empty();
    }
    try {
      Matcher version = VERSION.matcher(Files.readString(release));
      return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return label;
  }
}
