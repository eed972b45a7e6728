package io.pgduplex.it;

import io.pgduplex.stack.ConnectWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;

/** What a link takes of memory and disks. */
final class Footprint {

  /** {@code Pause Young (Normal) (G1 Evacuation Pause) 312M->105M(512M) 3.1ms}. */
  private static final Pattern COLLECTION = Pattern.compile("Pause .* \\d+M->(\\d+)M\\(");

  private static final Pattern MOST_MEMORY = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private Footprint() {}

  /** For a worker that is to write down what its heap holds. */
  static String logOfCollections(Path file) {
    return "-Xlog:gc:file=" + file;
  }

  /** The most that a collection left, in bytes. */
  static long heap(Path logOfCollections) {
    return read(logOfCollections)
        .lines()
        .map(COLLECTION::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)) << 20)
        .max()
        .orElse(0);
  }

  /** The most that the process has had of the machine's memory, in bytes; empty where the system does not say. */
  static OptionalLong resident(ConnectWorker worker) {
    Path status = Path.of("/proc/" + worker.pid().orElse(0) + "/status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    Matcher most = MOST_MEMORY.matcher(read(status));
    return most.find()
        ? OptionalLong.of(Long.parseLong(most.group(1)) << 10)
        : OptionalLong.empty();
  }

  /** Bytes that the broker keeps of a topic. */
  static long topic(String topic) {
    try (Admin admin = SharedStack.admin()) {
      var brokers =
          admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
      return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
          .flatMap(folders -> folders.values().stream())
          .flatMap(folder -> folder.replicaInfos().entrySet().stream())
          .filter(replica -> replica.getKey().topic().equals(topic))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes that a table takes, with all that belongs to it. */
  static long table(Side side, String table) {
    return Long.parseLong(side.value("SELECT pg_total_relation_size('" + table + "')"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
