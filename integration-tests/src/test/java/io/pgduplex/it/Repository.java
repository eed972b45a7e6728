package io.pgduplex.it;

import java.nio.file.Path;

/** Where things are in the source tree. */
final class Repository {

  private static final Path ROOT = Path.of(required("pgduplex.root"));

  private Repository() {}

  static Path path(String relative) {
    return ROOT.resolve(relative);
  }

  /** The version that the build gave to everything. */
  static String version() {
    return required("pgduplex.version");
  }

  /** Of the Debezium inside of our source connector's archive. */
  static String debeziumVersion() {
    return required("pgduplex.debezium");
  }

  /** Of Debezium's own archives, which stand for other people's. */
  static String stockDebeziumVersion() {
    return required("pgduplex.debezium.stock");
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("Set -D" + property + ", as the module's pom.xml does");
    }
    return value;
  }
}
