package io.pgduplex.stack;

import java.util.Map;

/** What a single broker for tests needs, wherever it runs. */
final class BrokerDefaults {

  /** Options of {@code server.properties}, without those about ports and folders. */
  static final Map<String, String> PROPERTIES = Map.ofEntries(
      // A topic that nobody created on purpose has the wrong number of partitions.
      Map.entry("auto.create.topics.enable", "false"),
      Map.entry("message.max.bytes", "67108864"),
      Map.entry("replica.fetch.max.bytes", "67108864"),
      Map.entry("offsets.topic.replication.factor", "1"),
      Map.entry("offsets.topic.num.partitions", "4"),
      Map.entry("transaction.state.log.replication.factor", "1"),
      Map.entry("transaction.state.log.min.isr", "1"),
      Map.entry("transaction.state.log.num.partitions", "4"),
      // How long after its timeout a dead producer's transaction is aborted; the default is 10 s.
      Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
      Map.entry("share.coordinator.state.topic.replication.factor", "1"),
      Map.entry("share.coordinator.state.topic.min.isr", "1"),
      Map.entry("group.initial.rebalance.delay.ms", "0"),
      // How long a restarted broker waits for the one that was killed; the default is 9 s.
      Map.entry("broker.session.timeout.ms", "4000"),
      Map.entry("broker.heartbeat.interval.ms", "500"),
      // The default takes 128 MB of the heap.
      Map.entry("log.cleaner.dedupe.buffer.size", "16777216"));

  private BrokerDefaults() {}
}
