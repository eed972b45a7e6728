package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pair runs, and survives a kill, on the oldest and newest workers and JDKs that we support. */
class WorkerMatrixIT {

  static Stream<Arguments> workers() {
    return Stream.of(
        Arguments.of("3.9", Jdk.of(17)),
        Arguments.of("4.0", Jdk.of(17)),
        Arguments.of("4.3", Jdk.of(25)));
  }

  @ParameterizedTest(name = "Kafka {0} on {1}")
  @MethodSource("workers")
  void linkSurvivesAKill(String kafka, Jdk jdk) {
    String name = "matrix_" + kafka.replace('.', '_');
    ConnectWorker worker = SharedStack.get()
        .addWorker(SharedStack.worker()
            .group(name)
            .kafkaVersion(kafka)
            .javaHome(jdk.home())
            .build());
    try (TestLink link = TestLink.named(name)) {
      assertThat(worker.rest().version()).startsWith(kafka + ".");
      KilledLink.run(link, worker);
    } finally {
      worker.stop();
    }
  }
}
