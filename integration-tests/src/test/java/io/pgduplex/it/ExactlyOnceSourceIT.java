package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import org.junit.jupiter.api.Test;

/** On a worker with Kafka's own exactly-once support, where markers of Kafka's transactions take offsets of the topics. */
class ExactlyOnceSourceIT {

  @Test
  void linkSurvivesAKill() {
    ConnectWorker worker = SharedStack.get()
        .addWorker(SharedStack.worker()
            .group("exactly-once")
            .property("exactly.once.source.support", "enabled")
            // What a killed producer left open holds up all who read committed records, the
            // restarted worker included.
            .property("producer.transaction.timeout.ms", "10000")
            .build());
    try (TestLink link = TestLink.named("exactly_once")) {
      KilledLink.run(link, worker);
      assertOffsetsHaveGaps(link, "forward");
      assertOffsetsHaveGaps(link, "reverse");
    } finally {
      worker.stop();
    }
  }

  private static void assertOffsetsHaveGaps(TestLink link, String direction) {
    try (Topic topic = new Topic(link.topic(direction))) {
      assertThat((long) topic.values(0).size())
          .as("records in %s", direction)
          .isPositive()
          .isLessThan(topic.end());
    }
  }
}
