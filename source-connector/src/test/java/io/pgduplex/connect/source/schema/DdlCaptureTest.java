package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Writes the file with {@code -Dpgduplex.docs=write}, as the generated parts of docs/. */
class DdlCaptureTest {

  private static final Path FILE = Path.of("../config-examples/sql/ddl.sql");

  @Test
  void theFileForAdministratorsIsWhatTheConnectorExpects() throws IOException {
    if ("write".equals(System.getProperty("pgduplex.docs"))) {
      Files.writeString(FILE, DdlCapture.script());
    }
    assertThat(FILE).content().isEqualTo(DdlCapture.script());
  }
}
