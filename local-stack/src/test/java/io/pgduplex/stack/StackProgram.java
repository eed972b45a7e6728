package io.pgduplex.stack;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that holds a stack until it is ended from outside. */
final class StackProgram {

  private StackProgram() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (Stack stack = Stack.builder()
        .worker(WorkerSettings.builder().build())
        .folder(Path.of(arguments[0]))
        .progress(System.out::println)
        .start()) {
      System.out.println("READY " + stack.logs());
      new CountDownLatch(1).await();
    }
  }
}
