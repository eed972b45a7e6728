package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.TransformRules;
import java.util.HashMap;
import java.util.Map;

/** A configuration in which nothing is wrong. */
final class Examples {

  private Examples() {}

  static Map<String, String> forward() {
    Map<String, String> config = new HashMap<>();
    config.put("name", "orders-forward-source");
    config.put("connector.class", "io.pgduplex.connect.source.PostgresDuplexSourceConnector");
    config.put("link.name", "orders");
    config.put("link.direction", "forward");
    config.put("database.hostname", "db.example");
    config.put("database.user", "pgduplex");
    config.put("database.password", "secret");
    config.put("database.dbname", "shop");
    config.put("table.include.list", "public\\..*");
    config.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("transforms", "dropLoopback");
    config.put("transforms.dropLoopback.type", TransformRules.DROP_LOOPBACK);
    config.put("transforms.dropLoopback.origins", "pgduplex_orders_reverse");
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "3");
    config.put("topic.creation.default.cleanup.policy", "delete");
    config.put("topic.creation.default.retention.ms", "-1");
    config.put("producer.override.enable.idempotence", "true");
    return config;
  }

  static Map<String, String> forward(String name, String value) {
    Map<String, String> config = forward();
    config.put(name, value);
    return config;
  }

  static Map<String, String> forwardWithout(String name) {
    Map<String, String> config = forward();
    config.remove(name);
    return config;
  }
}
