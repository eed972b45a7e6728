package io.pgduplex.stack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The lines that the stack adds to {@code postgresql.conf}. */
final class PostgresConfiguration {

  private PostgresConfiguration() {}

  static String text(int port, PostgresSettings settings) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("listen_addresses", "127.0.0.1");
    parameters.put("port", Integer.toString(port));
    // A socket's path may have 107 bytes, a temporary folder's may be longer.
    parameters.put("unix_socket_directories", "");
    parameters.put("fsync", "on");
    parameters.put("synchronous_commit", "on");
    parameters.put("wal_level", "logical");
    parameters.put("track_commit_timestamp", "on");
    parameters.put("max_connections", "200");
    parameters.put("max_replication_slots", "40");
    parameters.put("max_wal_senders", "40");
    parameters.put("timezone", settings.timezone());
    parameters.put("log_timezone", "UTC");
    parameters.put("log_line_prefix", "%m [%p] %q%a %d ");
    parameters.putAll(settings.parameters());
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
        .collect(Collectors.joining());
  }
}
