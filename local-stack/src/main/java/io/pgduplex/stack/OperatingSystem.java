package io.pgduplex.stack;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What differs between users and systems when a process is started. */
final class OperatingSystem {

  static final File NULL_DEVICE = new File("/dev/null");

  private static final boolean CAN_DIE_WITH_PARENT =
      succeeds("setpriv", "--pdeathsig", "KILL", "true");

  private OperatingSystem() {}

  static boolean isLinux() {
    return "Linux".equals(System.getProperty("os.name"));
  }

  /** The command, made to get the signal when the thread that starts it dies, where the system can do that. */
  static List<String> dyingWithParent(List<String> command, String signal) {
    return CAN_DIE_WITH_PARENT ? prefixed(command, "setpriv", "--pdeathsig", signal) : command;
  }

  /** The command, run as nobody if this is root: PostgreSQL refuses to run as root. */
  static List<String> unprivileged(List<String> command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    if (!succeeds("unshare", "-U", "true")) {
      throw new StackException(
          "PostgreSQL does not run as root, and `unshare -U true` does not work"
              + " here: run as a normal user, or install util-linux and allow user namespaces"
              + " (sysctl user.max_user_namespaces, in a container --security-opt seccomp=unconfined)");
    }
    return prefixed(command, "unshare", "-U");
  }

  /** Sends a signal that Java cannot send itself. */
  static void signal(String name, long pid) {
    if (!succeeds("sh", "-c", "kill -" + name + " " + pid) && isAlive(pid)) {
      throw new StackException("Cannot send SIG" + name + " to process " + pid);
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static List<String> prefixed(List<String> command, String... prefix) {
    List<String> whole = new ArrayList<>(List.of(prefix));
    whole.addAll(command);
    return whole;
  }

  private static boolean succeeds(String... command) {
    try {
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
