package io.pgduplex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgduplex.stack.ConnectRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A topic that is filled once with one kind of work, and drained again and again by its sink: that goes by the target's
 * {@code pgduplex.progress}, and where it finds nothing there it begins anew.
 */
final class FilledTopic {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final LinkedServers servers;
  private final Work work;
  private final Settings settings;
  private final String sink;

  private FilledTopic(LinkedServers servers, Work work, Settings settings) {
    this.servers = servers;
    this.work = work;
    this.settings = settings;
    this.sink = work.link() + "-forward-sink";
  }

  /** Makes the tables and lets a source write the topic; afterwards only the sink is there, stopped. */
  static FilledTopic fill(LinkedServers servers, Work work, Settings settings) {
    Database a = servers.a();
    a.execute(work.create(), work.begin(settings.rows()));
    servers.b().execute(work.create());
    String source = work.link() + "-forward-source";
    Map<String, String> config = example(work, "one-way-source");
    config.put("table.include.list", "public\\." + work.table());
    config.put("snapshot.mode", "no_data");
    config.put("ddl.sync", "false");
    servers.rest().put(source, config);
    String slot =
        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = 'pgduplex_"
            + work.link() + "_forward'";
    await("slot of " + source, () -> a.value(slot).equals("1"));
    a.execute("SET synchronous_commit = off", work.run(settings.rows()));
    FilledTopic topic = new FilledTopic(servers, work, settings);
    topic.startSink();
    topic.drain(Case.unseen(work), PATIENCE);
    servers.rest().delete(source);
    return topic;
  }

  /** So that it makes its tables. */
  private void startSink() {
    servers.rest().put(sink, example(work, "one-way-sink"));
    await(
        "first start of " + sink,
        () -> servers
            .b()
            .value("SELECT to_regclass('pgduplex.progress') IS NOT NULL")
            .equals("t"));
    stop();
  }

  Drain drain(Case measured) {
    return drain(measured, settings.longest());
  }

  /** Brings the target into the state before, lets the sink apply the topic, and looks whether it did what it should. */
  private Drain drain(Case measured, Duration longest) {
    ConnectRest rest = servers.rest();
    Map<String, String> config = example(work, "one-way-sink");
    config.put("internal.conflict.detection", measured.detection() ? "on" : "off");
    rest.put(sink, config);
    servers
        .b()
        .execute(
            "TRUNCATE pgduplex.conflicts, pgduplex.progress, " + work.table(),
            work.begin(settings.rows()),
            measured.conflict().prepare(work, settings.rows()),
            "VACUUM (ANALYZE) " + work.table(),
            "CHECKPOINT");
    rest.resume(sink);
    Drain drain = watch(longest);
    stop();
    // A transaction takes the rows in the order of their keys, and the sink stops between two.
    long applied = Long.parseLong(servers.b().value("SELECT changes FROM pgduplex.progress"));
    assertThat(conflicts()).as("conflicts of %s", measured).isEqualTo(measured.recorded(applied));
    assertThat(content(servers.b(), applied))
        .as("rows after %s", measured)
        .isEqualTo(content(servers.a(), applied));
    return drain;
  }

  private Drain watch(Duration longest) {
    Drain drain = new Drain(work.link(), settings.rows(), longest);
    try (Connection connection = servers.b().connect();
        Statement statement = connection.createStatement()) {
      await(sink + " to apply the topic", () -> drain.isOver(statement));
      return drain;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(servers.rest().status(sink).describe(), e);
    }
  }

  private void stop() {
    servers.rest().stop(sink);
    await(sink + " to stop", () -> servers.rest().status(sink).isStopped());
  }

  /** Types and numbers. */
  private String conflicts() {
    return servers.b().value("""
        SELECT coalesce(string_agg(conflicts || ' ' || type || ' ' || outcome, ', '), 'none')
          FROM pgduplex.conflict_counts""");
  }

  private String content(Database side, long lastKey) {
    return side.value(
        "SELECT count(*) || ' rows ' || coalesce(md5(string_agg(t::text, '' ORDER BY id)), '') FROM "
            + work.table() + " AS t WHERE id <= " + lastKey);
  }

  /** A document of {@code config-examples/}, for the work's link. */
  private static Map<String, String> example(Work work, String document) {
    try {
      JsonNode json = new ObjectMapper()
          .readTree(LinkedServers.file("config-examples/" + document + ".json").toFile());
      Map<String, String> config = new LinkedHashMap<>();
      json.get("config")
          .properties()
          .forEach(option ->
              config.put(option.getKey(), option.getValue().asText().replace("feed", work.link())));
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(LOOK).until(condition);
  }
}
