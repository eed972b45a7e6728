package io.pgduplex.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a process writes its output to, over all its restarts. */
final class ServerLog {

  private static final int TAIL_BYTES = 4_096;

  private final Path file;

  ServerLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** How long it is now; where the next run of the process begins to write. */
  long length() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text from a position that {@link #length} gave earlier. */
  String since(long position) {
    if (!Files.exists(file)) {
      return "";
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      byte[] bytes = new byte[(int) Math.max(0, in.length() - position)];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines and where to find the rest, for the end of an error message. */
  String tail() {
    long length = length();
    String text = since(Math.max(0, length - TAIL_BYTES)).strip();
    return "\n--- end of " + file + "\n" + (text.isEmpty() ? "(empty)" : text);
  }
}
