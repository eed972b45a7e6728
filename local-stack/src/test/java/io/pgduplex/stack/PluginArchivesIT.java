package io.pgduplex.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginArchivesIT {

  @TempDir
  private Path folder;

  @Test
  void eachArchiveGetsAFolderOfItsName() throws IOException {
    Path pluginPath = Files.createDirectories(folder.resolve("plugins"));
    Files.writeString(pluginPath.resolve("old.jar"), "of an earlier run");

    PluginArchives.unpack(
        List.of(archive("one.zip", "one/lib/a.jar"), archive("two.zip", "lib/b.jar")), pluginPath);

    assertThat(pluginPath.resolve("one/one/lib/a.jar")).hasContent("content of one/lib/a.jar");
    assertThat(pluginPath.resolve("two/lib/b.jar")).hasContent("content of lib/b.jar");
    assertThat(pluginPath.resolve("old.jar")).doesNotExist();
  }

  @Test
  void anArchiveStaysInItsFolder() throws IOException {
    Path archive = archive("bad.zip", "../../outside");
    assertThatThrownBy(() -> PluginArchives.unpack(List.of(archive), folder.resolve("plugins")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("bad.zip has an entry outside of itself: ../../outside");
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.zip"), "no zip");
    assertThatThrownBy(() -> PluginArchives.unpack(List.of(text), folder.resolve("plugins")))
        .hasMessageContaining("text.zip is not a zip archive");
    assertThatThrownBy(
            () -> PluginArchives.unpack(List.of(Path.of("x.jar")), folder.resolve("plugins")))
        .hasMessageContaining("A plugin archive is a .zip, this is not: x.jar");
  }

  private Path archive(String name, String entry) throws IOException {
    Path archive = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(("content of " + entry).getBytes(UTF_8));
    }
    return archive;
  }
}
