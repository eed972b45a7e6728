package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A topic as the source wrote it, and as faults make it: what came twice is applied once, what is missing stops the sink.
 * Each test has a target database of its own.
 */
class RepeatsIT {

  private static final TestLink LINK = TestLink.named("repeats");
  private static final String EPOCH = "pgduplex.epoch";
  private static final String TABLES = """
      CREATE TABLE t (id int PRIMARY KEY, v text);
      CREATE TABLE keyless (id int);
      ALTER TABLE keyless REPLICA IDENTITY FULL""";

  private static List<ConsumerRecord<byte[], byte[]>> sent = List.of();

  @BeforeAll
  static void fillTopic() {
    LINK.a().execute(TABLES);
    LINK.oneWay("public\\..*").submit(LINK.connector("forward-source"));
    for (int i = 0; i < 20; i++) {
      LINK.a().execute("""
          INSERT INTO t SELECT %1$d * 10 + g, 'new' FROM generate_series(1, 9) g;
          UPDATE t SET v = v || '!' WHERE id %% 3 = 0;
          UPDATE t SET id = id + 100000 WHERE id = %1$d * 10 + 5;
          DELETE FROM t WHERE id = %1$d * 10 + 7;
          INSERT INTO keyless SELECT %1$d FROM generate_series(1, 4);
          DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless)""".formatted(i));
    }
    try (Topic topic = new Topic(LINK.topic("forward"))) {
      LINK.await("the last row and its END", () -> {
        List<JsonNode> values = topic.values(0);
        int last = values.size() - 1;
        return topic.userRows(0).stream().anyMatch(row -> row.at("/after/id").asInt() == 199)
            && values.subList(Math.max(0, last - 3), last + 1).stream()
                .anyMatch(value -> value.path("status").asText().equals("END"));
      });
      sent = topic.records(0);
    }
  }

  @AfterAll
  static void closeLink() {
    LINK.close();
  }

  @Test
  void appliesOnceWhatTheProducerSentTwice() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<ConsumerRecord<byte[], byte[]>> repeated = new ArrayList<>();
    for (int begin = 0; begin < sent.size(); ) {
      int end = Math.min(sent.size(), begin + 1 + random.nextInt(7));
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        repeated.addAll(sent.subList(begin, end));
      }
      begin = end;
    }
    try (Target target = new Target("twice", repeated)) {
      LINK.await(
          "all rows with -Dseed=" + seed, () -> checksum(target.side).equals(checksum(LINK.a())));
      assertThat(LINK.conflicts(target.side)).isEmpty();
    }
  }

  @Test
  void appliesOnceWhatALaterRunOfTheSourceSendsAgain() throws Exception {
    // A run that died in the middle of a transaction, and the one after it, which begins at the END
    // it had stored.
    int cut = sent.size() / 2;
    int resumed = cut;
    while (!isEnd(sent.get(resumed))) {
      resumed--;
    }
    while (!isEnd(sent.get(--resumed))) {
      // to the END before
    }
    List<ConsumerRecord<byte[], byte[]>> twoRuns = new ArrayList<>(sent.subList(0, cut));
    sent.subList(resumed + 1, sent.size()).forEach(record -> twoRuns.add(ofLaterRun(record)));
    try (Target target = new Target("again", twoRuns)) {
      LINK.await("all rows", () -> checksum(target.side).equals(checksum(LINK.a())));
      assertThat(LINK.conflicts(target.side)).isEmpty();
    }
  }

  @Test
  void stopsWhereAnEndIsMissing() throws Exception {
    assertStopsWithout(
        "no_end", RepeatsIT::isEnd, "a transaction begins before the one before it has ended");
  }

  @Test
  void stopsWhereAWholeTransactionIsMissing() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>(sent);
    int end = sent.size() / 2;
    while (!isEnd(sent.get(end))) {
      end++;
    }
    int begin = end;
    while (!isBegin(sent.get(begin))) {
      begin--;
    }
    rest.subList(begin, end + 1).clear();
    assertStops("no_transaction", rest, "but the last one applied is at");
  }

  private static void assertStopsWithout(
      String name, Predicate<ConsumerRecord<byte[], byte[]>> lost, String message)
      throws Exception {
    List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>(sent);
    int at = sent.size() / 2;
    while (!lost.test(sent.get(at))) {
      at++;
    }
    rest.remove(at);
    assertStops(name, rest, message);
  }

  private static void assertStops(
      String name, List<ConsumerRecord<byte[], byte[]>> records, String message) throws Exception {
    try (Target target = new Target(name, records)) {
      assertThat(target.awaitFailure()).contains(message).contains("Part of the stream is missing");
    }
  }

  private static boolean isEnd(ConsumerRecord<byte[], byte[]> record) {
    return Topic.json(record.value()).path("status").asText().equals("END");
  }

  private static boolean isBegin(ConsumerRecord<byte[], byte[]> record) {
    return Topic.json(record.value()).path("status").asText().equals("BEGIN");
  }

  /** The record as the next run of the source task would send it. */
  private static ConsumerRecord<byte[], byte[]> ofLaterRun(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders(record.headers().toArray());
    long epoch = ByteBuffer.wrap(headers.lastHeader(EPOCH).value()).getLong();
    headers.remove(EPOCH);
    headers.add(EPOCH, ByteBuffer.allocate(Long.BYTES).putLong(epoch + 1).array());
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key(),
        record.value(),
        headers,
        record.leaderEpoch());
  }

  private static String checksum(Side side) {
    return side.checksum("t", "id, v") + side.checksum("keyless", "id");
  }

  /** A sink of the link with a topic and a database of its own. */
  private static final class Target implements AutoCloseable {

    private final String connector;
    private final Side side;

    Target(String name, List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
      String topic = "repeats." + name;
      write(topic, records);
      side = new Side(LINK.b().server(), "repeats_" + name);
      side.server().createDatabase(side.database());
      PlainRole.prepare(side);
      side.execute(TABLES);
      connector = "repeats-" + name;
      Map<String, String> config = new HashMap<>(LINK.options("forward-sink"));
      config.put("topics", topic);
      config.put("database.dbname", side.database());
      LINK.rest().put(connector, config);
    }

    private static void write(String topic, List<ConsumerRecord<byte[], byte[]>> records)
        throws Exception {
      Map<String, Object> client = Map.of(
          AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
          SharedStack.get().broker().bootstrapServers());
      try (Admin admin = Admin.create(client);
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        List<Future<RecordMetadata>> sends = records.stream()
            .map(record -> producer.send(new ProducerRecord<>(
                topic, 0, record.timestamp(), record.key(), record.value(), record.headers())))
            .toList();
        for (Future<RecordMetadata> send : sends) {
          send.get();
        }
      }
    }

    String awaitFailure() {
      Awaitility.await(connector + " to fail")
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> LINK.rest().status(connector).hasFailed());
      return LINK.rest().status(connector).describe();
    }

    @Override
    public void close() {
      LINK.rest().delete(connector);
      Side maintenance = new Side(side.server(), "postgres");
      maintenance.execute("DROP DATABASE " + side.database() + " WITH (FORCE)");
      PlainRole.cleanUp(maintenance, side.database());
    }
  }
}
