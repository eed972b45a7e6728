package io.pgduplex.stack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the stack sets up a database server, wherever it runs. */
final class PostgresConfiguration {

  private PostgresConfiguration() {}

  /** What {@code initdb} is told about locale, encoding and passwords. */
  static List<String> initdbArguments(PostgresSettings settings, boolean linux) {
    List<String> common = List.of(
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // Spares seconds; the server that follows does sync.
        "--no-sync");
    return Stream.of(common, passwords(settings.major()), locale(settings.major(), linux))
        .flatMap(List::stream)
        .toList();
  }

  /** Parameters for {@code postgresql.conf}. */
  static Map<String, String> of(int port, PostgresSettings settings) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("listen_addresses", "127.0.0.1");
    parameters.put("port", Integer.toString(port));
    // A socket's path may have 107 bytes, a temporary folder's may be longer.
    parameters.put("unix_socket_directories", "");
    parameters.putAll(of(settings));
    return parameters;
  }

  /** The same without what depends on the place where it runs. */
  static Map<String, String> of(PostgresSettings settings) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("fsync", "on");
    parameters.put("synchronous_commit", "on");
    parameters.put("wal_level", "logical");
    parameters.put("track_commit_timestamp", "on");
    parameters.put("max_connections", "200");
    parameters.put("max_replication_slots", "40");
    parameters.put("max_wal_senders", "40");
    if (settings.major() >= 18) {
      // Before, max_replication_slots was the limit of origins as well.
      parameters.put("max_active_replication_origins", "40");
    }
    parameters.put("timezone", settings.timezone());
    parameters.put("log_timezone", "UTC");
    parameters.put("log_line_prefix", "%m [%p] %q%a %d ");
    parameters.putAll(settings.parameters());
    return parameters;
  }

  /** In the syntax of {@code postgresql.conf}. */
  static String text(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
        .collect(Collectors.joining());
  }

  /** Only this machine connects, and often; with the default of 4096 a client would work at the password most of the time. */
  private static List<String> passwords(int major) {
    return major >= 16 ? List.of("--set=scram_iterations=1") : List.of();
  }

  /** The same order of strings on all machines: by code point. */
  private static List<String> locale(int major, boolean linux) {
    if (major >= 17) {
      return List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    }
    return List.of(linux ? "--locale=C.UTF-8" : "--locale=C");
  }
}
