package io.pgduplex.stack;

import java.nio.file.Path;
import java.util.OptionalLong;

/** A server of the stack that can be stopped and started again with the same data on the same ports. */
public interface StackServer {

  /** What progress lines and errors call it. */
  String name();

  /** Where it serves, on 127.0.0.1. */
  int port();

  /** Starts it and returns when it serves. */
  void start();

  /** Asks it to end in an orderly way, insists after a while, and returns when it has ended. */
  void stop();

  /** Ends it and all its children with SIGKILL. */
  void kill();

  default void restart() {
    stop();
    start();
  }

  boolean isRunning();

  /** Empty when it does not run, or not as a process of this machine. */
  OptionalLong pid();

  /** What it wrote, over all its runs. */
  Path log();
}
