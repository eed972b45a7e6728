package io.pgduplex.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds processes by what no process can hide, its working folder, whatever title or parent it has. */
final class Processes {

  private Processes() {}

  static List<String> workingBelow(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> workingFolder(process).startsWith(folder.toAbsolutePath().toString()))
        .map(process -> process.pid() + " " + process.info().command().orElse("?"))
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
