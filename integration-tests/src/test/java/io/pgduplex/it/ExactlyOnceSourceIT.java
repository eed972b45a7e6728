package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
      abortTransactionIn(link.topic("forward"));
      KilledLink.run(link, worker);
      assertOffsetsHaveGaps(link, "forward");
      assertOffsetsHaveGaps(link, "reverse");
    } finally {
      worker.stop();
    }
  }

  /** As a source leaves it that was killed before its first transaction of Kafka's was whole. */
  private static void abortTransactionIn(String topic) {
    Map<String, Object> bootstrap =
        Map.of("bootstrap.servers", SharedStack.get().broker().bootstrapServers());
    try (Admin admin = Admin.create(bootstrap)) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("Cannot make the topic " + topic, e);
    }
    Map<String, Object> settings = new HashMap<>(bootstrap);
    settings.put("transactional.id", "killed-at-the-start");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<?> unused = producer.send(
          new ProducerRecord<>(topic, 0, null, "{}".getBytes(StandardCharsets.UTF_8)));
      producer.flush();
      producer.abortTransaction();
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
