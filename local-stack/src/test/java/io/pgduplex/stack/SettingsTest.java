package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void eachChangeOfAWorkerKeepsTheOthers() {
    WorkerSettings worker = WorkerSettings.defaults()
        .withKafkaVersion("3.9.1")
        .withJavaHome(Path.of("jdk"))
        .withHeap("2g")
        .withPluginDiscovery("only_scan")
        .withOffsetFlushInterval(Duration.ofSeconds(9))
        .withPlugins(List.of(Path.of("a.zip")))
        .withEnvironment(Map.of("ONE", "1"))
        .withEnvironment(Map.of("TWO", "2"))
        .with("p", "old")
        .with("p", "new")
        .with("q", "v")
        .withJvmArguments(List.of("-ea"));
    assertThat(worker)
        .isEqualTo(new WorkerSettings(
            "3.9.1",
            Path.of("jdk"),
            "2g",
            "only_scan",
            Duration.ofSeconds(9),
            List.of(Path.of("a.zip")),
            Map.of("ONE", "1", "TWO", "2"),
            Map.of("p", "new", "q", "v"),
            List.of("-ea")));
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
