package io.pgduplex.faults;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells for which connector a thread works. */
final class Place {

  private static final Pattern TASK = Pattern.compile("task-thread-(.+)-\\d+(?:-definitions)?");
  private static final Pattern PRODUCER = Pattern.compile(".*connector-producer-(.+)-\\d+");
  private static final Pattern DEBEZIUM =
      Pattern.compile("debezium-.*pgduplex_(.+)_(forward|reverse)-.*");
  private static final Pattern WORKER_TASK = Pattern.compile("Worker\\w+Task\\{id=(.+)-\\d+}");

  private final Map<String, Optional<String>> byThread = new ConcurrentHashMap<>();

  /** Offsets are committed by one thread for all tasks in turn: the task is known from the method that begins it. */
  private final ThreadLocal<@Nullable String> lastTask = new ThreadLocal<>();

  @Nullable
  String connector(@Nullable Object self) {
    Optional<String> byName =
        byThread.computeIfAbsent(Thread.currentThread().getName(), Place::ofThread);
    if (byName.isPresent()) {
      return byName.get();
    }
    if (self != null && self.getClass().getName().startsWith("org.apache.kafka.connect.runtime.")) {
      Matcher task = WORKER_TASK.matcher(self.toString());
      lastTask.set(task.matches() ? task.group(1) : null);
    }
    return lastTask.get();
  }

  static Optional<String> ofThread(String thread) {
    for (Pattern pattern : new Pattern[] {TASK, PRODUCER}) {
      Matcher match = pattern.matcher(thread);
      if (match.matches()) {
        return Optional.of(match.group(1));
      }
    }
    Matcher debezium = DEBEZIUM.matcher(thread);
    return debezium.matches()
        ? Optional.of(debezium.group(1) + "-" + debezium.group(2) + "-source")
        : Optional.empty();
  }
}
