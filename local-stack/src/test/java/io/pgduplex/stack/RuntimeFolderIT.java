package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeFolderIT {

  @TempDir
  private Path folder;

  @Test
  void aVersionIsNamedWholeOrByItsLine() throws IOException {
    RuntimeFolder runtime = withVersions("3.9.2", "4.0.0", "4.3.1", "4.3.11");
    assertThat(runtime.kafkaClassPath("3.9.2")).isEqualTo(folder.resolve("kafka-3.9.2") + "/*");
    assertThat(runtime.kafkaClassPath("4.0")).isEqualTo(folder.resolve("kafka-4.0.0") + "/*");
    assertThat(runtime.kafkaClassPath("4.3.1")).isEqualTo(folder.resolve("kafka-4.3.1") + "/*");
  }

  @Test
  void whatIsNotThereOrNotClearIsSaid() throws IOException {
    RuntimeFolder runtime = withVersions("3.9.1", "3.9.2");
    assertThatThrownBy(() -> runtime.kafkaClassPath("3.9"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(
            "More than one Kafka 3.9 in " + folder + ": [kafka-3.9.1, kafka-3.9.2]");
    assertThatThrownBy(() -> runtime.kafkaClassPath("3"))
        .hasMessageContaining("More than one Kafka 3 in ");
    assertThatThrownBy(() -> runtime.kafkaClassPath("3.9.3"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(
            "No Kafka 3.9.3 in " + folder + ": there is [kafka-3.9.1, kafka-3.9.2]");
  }

  private RuntimeFolder withVersions(String... versions) throws IOException {
    for (String version : versions) {
      Files.createDirectory(folder.resolve("kafka-" + version));
    }
    return new RuntimeFolder(folder);
  }
}
