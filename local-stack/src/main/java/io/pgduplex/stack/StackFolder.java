package io.pgduplex.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One stack's place on disk: {@code data/} goes when the stack is closed, {@code logs/} stay.
 *
 * @param root of this stack alone
 * @param processes all that run on it
 */
record StackFolder(Path root, ProcessGroup processes) {

  /** A new folder below {@code parent}, with nothing running yet. */
  static StackFolder create(Path parent) {
    try {
      // Real and absolute: a server reports its folder that way.
      Path root = Files.createTempDirectory(Folders.create(parent), "pgduplex-").toRealPath();
      Folders.create(root.resolve("logs"));
      Folders.create(root.resolve("data"));
      return new StackFolder(root, new ProcessGroup());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A part's folder; the part makes it itself. */
  Path data(String part) {
    return root.resolve("data").resolve(part);
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path log(String part) {
    return logs().resolve(part + ".log");
  }

  void deleteData() {
    Folders.delete(root.resolve("data"));
  }
}
