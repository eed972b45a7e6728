package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.stack.ConnectWorker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A row that is larger than the producer's and the topic's limits waits until they are raised, and no row is skipped. */
class LargeRowIT {

  private static final int MEGABYTE = 1 << 20;
  private static final String RAISED = String.valueOf(110 * MEGABYTE);

  private static final ConnectWorker WORKER = SharedStack.get()
      .addWorker(SharedStack.worker().group("large-row").heap("2g").build());

  @AfterAll
  static void stopWorker() {
    WORKER.stop();
  }

  @Test
  void stopsWithAdviceAndGoesOnOnceItIsFollowed() throws ExecutionException, InterruptedException {
    try (TestLink link = TestLink.named("large_row").on(WORKER)) {
      link.onBoth(
          "CREATE TABLE documents (id int, part text, body text, raw bytea, PRIMARY KEY (id, part))");
      link.twoWay("public\\..*").start();
      link.a().execute("INSERT INTO documents VALUES (1, 'small', 'x')");
      link.awaitEqual("documents");
      link.a().execute("""
          INSERT INTO documents VALUES (2, 'small', 'x');
          INSERT INTO documents SELECT 3, 'large', repeat(md5(''), 95 * 32768);
          INSERT INTO documents VALUES (4, 'small', 'x')""");
      link.a().execute("INSERT INTO documents VALUES (5, 'after it', 'x')");
      assertThat(link.awaitFailure("forward-source"))
          .contains("A row of public.documents with id = 3, part = large (operation c, LSN ")
          .contains(
              "takes at least 99,614,725 bytes in topic large_row.forward, more than producer.override.max.request.size ="
                  + " 33,554,432 allows. Raise producer.override.max.request.size and producer.override.buffer.memory of this"
                  + " connector, and max.message.bytes of the topic (topic.creation.default.max.message.bytes, or"
                  + " kafka-configs where it is there already), then restart the task; nothing is lost.");
      assertThat(link.b().value("SELECT count(*) FROM documents")).isEqualTo("1");
      raiseTopicsLimit(link.topic("forward"));
      link.with("forward-source", "producer.override.max.request.size", RAISED)
          .with("forward-source", "producer.override.buffer.memory", RAISED);
      link.stop("forward-source");
      link.rest().put(link.connector("forward-source"), link.options("forward-source"));
      link.rest().resume(link.connector("forward-source"));
      link.awaitEqual("documents");
      link.a().execute("UPDATE documents SET body = body || 'y' WHERE id = 3");
      link.a()
          .execute(
              "INSERT INTO documents SELECT g, 'bytes', '', decode(repeat('00ff', 1 << 23), 'hex')"
                  + " FROM generate_series(6, 7) g");
      link.a().execute("UPDATE documents SET raw = raw || '\\x01' WHERE part = 'bytes'");
      link.awaitEqual("documents");
      link.a()
          .execute(
              "INSERT INTO documents SELECT g, 'many', repeat(md5(g::text), 1 << 18) FROM generate_series(11, 20) g");
      link.awaitEqual("documents");
      assertThat(link.b().column("SELECT octet_length(raw) FROM documents WHERE part = 'bytes'"))
          .containsExactly("16777217", "16777217");
    }
  }

  private static void raiseTopicsLimit(String topic)
      throws ExecutionException, InterruptedException {
    try (Admin admin = SharedStack.admin()) {
      Collection<AlterConfigOp> change = List.of(new AlterConfigOp(
          new ConfigEntry("max.message.bytes", RAISED), AlterConfigOp.OpType.SET));
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), change))
          .all()
          .get();
    }
  }
}
