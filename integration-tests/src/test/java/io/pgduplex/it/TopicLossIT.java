package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgduplex.stack.ConnectRestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Records that vanish from the topic, and positions that somebody changes by hand, stop a direction; nothing is guessed. */
class TopicLossIT {

  private static final Admin ADMIN = SharedStack.admin();

  @AfterAll
  static void closeAdmin() {
    ADMIN.close();
  }

  private static TestLink started(String name) {
    TestLink link = TestLink.named(name)
        .onBoth("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE keyless (id int);"
            + " ALTER TABLE keyless REPLICA IDENTITY FULL");
    link.a().execute("INSERT INTO t VALUES (1); INSERT INTO keyless VALUES (1)");
    link.oneWay("public\\..*").start();
    link.awaitEqual("t", "keyless");
    return link;
  }

  private static void deleteTopic(TestLink link) throws ExecutionException, InterruptedException {
    String topic = link.topic("forward");
    ADMIN.deleteTopics(List.of(topic)).all().get();
    Awaitility.await("the topic to be gone")
        .until(() -> !ADMIN.listTopics().names().get().contains(topic));
  }

  @Test
  void stopsWhereATopicWasDeletedAndMadeAnewUnderItsName() throws Exception {
    try (TestLink link = started("topic_anew")) {
      link.stop("forward-sink");
      link.stop("forward-source");
      deleteTopic(link);
      link.a().execute("INSERT INTO t SELECT generate_series(2, 50)");
      link.rest().resume(link.connector("forward-source"));
      link.rest().resume(link.connector("forward-sink"));
      assertThat(link.awaitFailure("forward-sink"))
          .contains("Part of the stream is missing")
          .contains("Take the link away and set it up anew");
      assertThat(link.b().value("SELECT count(*) FROM t")).isEqualTo("1");
    }
  }

  @Test
  void stopsWhereTheTopicHasLostRecordsThatWereNotApplied() throws Exception {
    try (TestLink link = started("topic_cut")) {
      link.stop("forward-sink");
      link.a().execute("INSERT INTO t VALUES (2)");
      awaitRow(link, 2);
      TopicPartition partition = new TopicPartition(link.topic("forward"), 0);
      try (Topic topic = new Topic(link.topic("forward"))) {
        ADMIN
            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(topic.end())))
            .all()
            .get();
      }
      link.a().execute("INSERT INTO t VALUES (3)");
      link.rest().resume(link.connector("forward-sink"));
      assertThat(link.awaitFailure("forward-sink")).contains("Part of the stream is missing");
      assertThat(link.b().column("SELECT id FROM t")).containsExactly("1");
    }
  }

  @Test
  void refusesPositionsThatWouldLoseOrDoubleChanges() throws Exception {
    try (TestLink link = started("topic_offsets")) {
      link.stop("forward-sink");
      link.stop("forward-source");
      String sinkOffset = """
          {"offsets": [{"partition": {"kafka_topic": "%s", "kafka_partition": 0}, "offset": {"kafka_offset": 3}}]}""".formatted(link.topic("forward"));
      assertThatThrownBy(() -> patch(link, "forward-sink", sinkOffset))
          .isInstanceOf(ConnectRestException.class)
          .hasMessageContaining("refused to set topic_offsets.forward-0 to 3")
          .hasMessageContaining("pgduplex.progress");
      String sourceOffset = """
          {"offsets": [{"partition": {"server": "pgduplex_topic_offsets_forward"}, "offset": {"lsn": 3, "lsn_proc": 3}}]}""";
      assertThatThrownBy(() -> patch(link, "forward-source", sourceOffset))
          .isInstanceOf(ConnectRestException.class)
          .hasMessageContaining("an offset must be the LSN of a transaction's END marker");
      String same = """
          {"offsets": [{"partition": {"kafka_topic": "%s", "kafka_partition": 0}, "offset": {"kafka_offset": %s}}]}""".formatted(
              link.topic("forward"), link.b().value("SELECT next_offset FROM pgduplex.progress"));
      patch(link, "forward-sink", same);
      link.a().execute("INSERT INTO t VALUES (2); INSERT INTO keyless VALUES (2)");
      link.rest().resume(link.connector("forward-source"));
      link.rest().resume(link.connector("forward-sink"));
      link.awaitEqual("t", "keyless");
    }
  }

  @Test
  void beginsAnewOnceBothOffsetsAreResetAndTheTopicIsGone() throws Exception {
    try (TestLink link = started("topic_reset")) {
      link.stop("forward-sink");
      link.stop("forward-source");
      resetOffsets(link, "forward-sink");
      link.rest().resume(link.connector("forward-sink"));
      assertThat(link.awaitFailure("forward-sink"))
          .contains("its position was reset, but the topic is the old one")
          .contains("delete the topic");

      link.stop("forward-sink");
      resetOffsets(link, "forward-source");
      deleteTopic(link);
      link.a().execute("DELETE FROM t; INSERT INTO t VALUES (7); INSERT INTO keyless VALUES (7)");
      link.rest().resume(link.connector("forward-source"));
      link.rest().resume(link.connector("forward-sink"));
      link.awaitEqual("t", "keyless");
      assertThat(link.conflicts(link.b())).isEmpty();
    }
  }

  private static void patch(TestLink link, String document, String offsets) throws Exception {
    JsonNode json = new ObjectMapper().readTree(offsets);
    onceTheGroupIsEmpty(() -> link.rest().patchOffsets(link.connector(document), json));
  }

  private static void resetOffsets(TestLink link, String document) {
    onceTheGroupIsEmpty(() -> link.rest().deleteOffsets(link.connector(document)));
  }

  private static void onceTheGroupIsEmpty(Runnable request) {
    Awaitility.await("the group to be empty").atMost(Duration.ofSeconds(60)).until(() -> {
      try {
        request.run();
        return true;
      } catch (ConnectRestException e) {
        if (e.toString().contains("haven't stopped completely yet")) {
          return false;
        }
        throw e;
      }
    });
  }

  private static void awaitRow(TestLink link, int id) {
    try (Topic topic = new Topic(link.topic("forward"))) {
      link.await(
          "row " + id + " to be in the topic",
          () -> topic.userRows(0).stream().anyMatch(row -> row.at("/after/id").asInt() == id));
    }
  }
}
