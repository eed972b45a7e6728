package io.pgduplex.stack;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one PostgreSQL server is to be like.
 *
 * @param major 14 to 18
 * @param timezone the server's zone, by PostgreSQL's name
 * @param password of the superuser {@code postgres}
 * @param parameters for {@code postgresql.conf}, over those that the stack sets
 */
public record PostgresSettings(
    int major, String timezone, String password, Map<String, String> parameters) {

  public PostgresSettings {
    parameters = Map.copyOf(parameters);
  }

  /** A server of this major version; zone UTC, password {@code postgres}. */
  public static PostgresSettings major(int major) {
    return new PostgresSettings(major, "UTC", "postgres", Map.of());
  }

  public PostgresSettings withTimezone(String zone) {
    return new PostgresSettings(major, zone, password, parameters);
  }

  public PostgresSettings withPassword(String newPassword) {
    return new PostgresSettings(major, timezone, newPassword, parameters);
  }

  /** Sets one server parameter. */
  public PostgresSettings with(String parameter, String value) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put(parameter, value);
    return new PostgresSettings(major, timezone, password, all);
  }
}
