package io.pgduplex.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Lays out {@code plugin.path} as an administrator would: one folder a plugin. */
public final class PluginArchives {

  private PluginArchives() {}

  /**
   * Unpacks each archive into a folder of its name, and refers to what is a folder already; what was in the plugin path
   * before is gone.
   */
  public static void unpack(List<Path> archives, Path pluginPath) {
    Folders.delete(pluginPath);
    Folders.create(pluginPath);
    for (Path archive : archives) {
      String name = archive.getFileName().toString();
      if (Files.isDirectory(archive)) {
        refer(pluginPath.resolve(name), archive);
        continue;
      }
      if (!name.endsWith(".zip")) {
        throw new StackException("A plugin archive is a .zip, this is not: " + archive);
      }
      unpack(archive, pluginPath.resolve(name.substring(0, name.length() - ".zip".length())));
    }
  }

  private static void refer(Path link, Path folder) {
    try {
      Files.createSymbolicLink(link, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot refer to " + folder, e);
    }
  }

  private static void unpack(Path archive, Path folder) {
    try (InputStream file = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new StackException(archive + " has an entry outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack " + archive, e);
    }
    if (!Files.isDirectory(folder)) {
      throw new StackException(archive + " is not a zip archive, or an empty one");
    }
  }
}
