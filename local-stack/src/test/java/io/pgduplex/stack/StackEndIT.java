package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever ends the program, and whenever, its servers end with it. */
@EnabledOnOs(OS.LINUX)
class StackEndIT {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

  /** Moments, by what a log or the program's own output says by then. */
  private enum Moment {
    INITDB("postgres-a.log", "running bootstrap"),
    BROKER_STARTS("kafka.log", "Transition from SHUTDOWN to STARTING"),
    WORKER_STARTS("connect-1.log", "WorkerInfo"),
    RUNNING("program.log", "READY");

    private final String log;
    private final String text;

    Moment(String log, String text) {
      this.log = log;
      this.text = text;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INT, INITDB",
    "INT, BROKER_STARTS",
    "INT, WORKER_STARTS",
    "INT, RUNNING",
    "KILL, INITDB",
    "KILL, RUNNING"
  })
  void leavesNoProcessBehind(String signal, Moment moment, @TempDir Path temporary)
      throws IOException, InterruptedException {
    Path folder = temporary.toRealPath();
    Path output = folder.resolve("program.log");
    Process program = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            StackProgram.class.getName(),
            folder.toString()))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertThat(Await.until(START_TIMEOUT, () -> hasCome(moment, folder)))
          .as(() -> "reaches " + moment + ": " + text(output))
          .isTrue();
      assertThat(Processes.workingBelow(folder)).as("servers at %s", moment).isNotEmpty();

      OperatingSystem.signal(signal, program.pid());

      assertThat(program.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Await.until(END_TIMEOUT, () -> Processes.workingBelow(folder).isEmpty());
      assertThat(Processes.workingBelow(folder)).isEmpty();
    } finally {
      ProcessGroup.killTree(program.toHandle());
      Processes.workingBelow(folder).forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean hasCome(Moment moment, Path folder) {
    return files(folder)
        .filter(file -> file.endsWith(moment.log))
        .map(StackEndIT::text)
        .anyMatch(contains(moment.text));
  }

  private static Predicate<String> contains(String part) {
    return text -> text.contains(part);
  }

  /** The program's output and the logs, two levels below the folder. */
  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files =
        Files.find(folder, 3, (file, attributes) -> attributes.isRegularFile())) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    return new ServerLog(file).since(0);
  }
}
