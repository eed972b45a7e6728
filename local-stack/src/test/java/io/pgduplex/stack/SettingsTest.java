package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void aWorkerIsAsItWasBuilt() {
    WorkerSettings worker = WorkerSettings.builder()
        .group("beside")
        .kafkaVersion("3.9.1")
        .javaHome(Path.of("jdk"))
        .heap("2g")
        .pluginDiscovery("only_scan")
        .offsetFlushInterval(Duration.ofSeconds(9))
        .plugins(List.of(Path.of("a.zip")))
        .plugins(List.of(Path.of("b.zip")))
        .environment(Map.of("ONE", "1"))
        .environment(Map.of("TWO", "2"))
        .property("p", "old")
        .property("p", "new")
        .property("q", "v")
        .jvmArguments("-ea")
        .jvmArguments("-Da=b", "-Dc=d")
        .build();
    assertThat(worker)
        .isEqualTo(new WorkerSettings(
            "beside",
            "3.9.1",
            Path.of("jdk"),
            "2g",
            "only_scan",
            Duration.ofSeconds(9),
            List.of(Path.of("a.zip"), Path.of("b.zip")),
            Map.of("ONE", "1", "TWO", "2"),
            Map.of("p", "new", "q", "v"),
            List.of("-ea", "-Da=b", "-Dc=d")));
  }

  @Test
  void eachChangeOfADatabaseKeepsTheOthers() {
    assertThat(PostgresSettings.major(15)
            .with("work_mem", "1MB")
            .withTimezone("Asia/Kathmandu")
            .withPassword("p")
            .with("jit", "off"))
        .isEqualTo(new PostgresSettings(
            15, "Asia/Kathmandu", "p", Map.of("work_mem", "1MB", "jit", "off")));
  }

  @Test
  void optionsOfABrokerReachItsContainer() {
    BrokerSettings broker = BrokerSettings.defaults()
        .withKafkaVersion("4.0.0")
        .withHeap("1g")
        .with("message.max.bytes", "7")
        .withJvmArguments(List.of("-ea", "-Da=b"));
    assertThat(broker)
        .isEqualTo(new BrokerSettings(
            "4.0.0", "1g", Map.of("message.max.bytes", "7"), List.of("-ea", "-Da=b")));
    assertThat(ContainerBroker.environment(broker))
        .containsEntry("KAFKA_MESSAGE_MAX_BYTES", "7")
        .containsEntry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .containsEntry("KAFKA_HEAP_OPTS", "-Xmx1g")
        .containsEntry("KAFKA_OPTS", "-ea -Da=b");
  }
}
