package io.pgduplex.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds processes by what no process can hide, its working folder, whatever title or parent it has. */
final class Processes {

  private Processes() {}

  static List<ProcessHandle> workingBelow(Path folder) {
    String path = folder.toAbsolutePath().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> workingFolder(process).startsWith(path))
        .toList();
  }

  private static String workingFolder(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .toString();
    } catch (IOException e) {
      return "";
    }
  }
}
