package io.pgduplex.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What it costs to see conflicts, and to resolve them: how fast a sink drains a filled topic without and with. Each round
 * measures all cases, so that what slows the machine down for a while meets all of them.
 */
class ConflictDetectionBenchmark {

  @Test
  void drainsFilledTopics() throws IOException {
    Settings settings = Settings.given();
    Report report = new Report();
    try (LinkedServers servers = LinkedServers.start()) {
      Map<Work, FilledTopic> topics = new EnumMap<>(Work.class);
      for (Work work : Work.values()) {
        topics.put(work, FilledTopic.fill(servers, work, settings));
      }
      for (int round = 0; round < settings.rounds(); round++) {
        for (Case measured : Case.all()) {
          double rate = Objects.requireNonNull(topics.get(measured.work()))
              .drain(measured)
              .rowsPerSecond();
          System.out.printf("%s, %s: %.0f rows/s%n", measured.work(), measured.describe(), rate);
          report.add(measured, rate);
        }
      }
    }
    String table = report.markdown();
    System.out.println(table);
    if (settings.report().isPresent()) {
      Files.writeString(settings.report().get(), table);
    }
  }
}
