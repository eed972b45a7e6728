package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The sink's configuration, parsed. */
public final class SinkConfig {

  private final AbstractConfig values;
  private final LinkDirection link;

  public SinkConfig(Map<String, String> config) {
    this.values = new AbstractConfig(SinkOptions.CONFIG_DEF, config, false);
    this.link = LinkDirection.from(config);
  }

  public LinkDirection link() {
    return link;
  }

  public boolean twoWay() {
    return values.getBoolean(SinkOptions.LINK_TWO_WAY);
  }

  public ConflictPolicies conflictPolicies() {
    String general = values.getString(SinkOptions.CONFLICT_POLICY);
    return new ConflictPolicies(
        ConflictPolicy.named(general).orElseThrow(),
        values.getList(SinkOptions.CONFLICT_POLICY_OVERRIDES));
  }

  /** Changes that are left out where the policy would be to stop. */
  public Set<Long> skippedOffsets() {
    return values.getList(SinkOptions.CONFLICT_SKIP_OFFSETS).stream()
        .map(Long::valueOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How long conflicts stay on record; empty: for ever. */
  public Optional<Duration> conflictRetention() {
    int days = values.getInt(SinkOptions.CONFLICT_RETENTION_DAYS);
    return days < 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
  }

  /** Whether tables that are there before the first copy may stay. */
  public boolean keepsTables() {
    return values
        .getString(SinkOptions.TARGET_TABLES_EXISTING)
        .equals(ExistingTables.PROCEED.toString());
  }

  /** Who owns what is made; empty: the session's role. */
  public Optional<String> owner() {
    return Optional.ofNullable(values.getString(SinkOptions.TARGET_OBJECT_OWNER));
  }

  /** Whether the direction stops at what was done in the source and cannot be carried. */
  public boolean stopsAtUnsupportedDdl() {
    return values.getString(SinkOptions.DDL_UNSUPPORTED).equals(UnsupportedDdl.FAIL.toString());
  }

  public int batchSize() {
    return values.getInt(SinkOptions.BATCH_SIZE);
  }

  public int transactionBufferRows() {
    return values.getInt(SinkOptions.TRANSACTION_BUFFER_ROWS);
  }

  public Duration openTransactionTimeout() {
    return Duration.ofMillis(values.getLong(SinkOptions.OPEN_TRANSACTION_TIMEOUT_MS));
  }

  public Duration lockTimeout() {
    return Duration.ofMillis(values.getLong(SinkOptions.LOCK_TIMEOUT_MS));
  }

  public Duration progressInterval() {
    return Duration.ofMillis(values.getLong(SinkOptions.PROGRESS_INTERVAL_MS));
  }

  public Duration retryBackoff() {
    return Duration.ofMillis(values.getLong(SinkOptions.RETRY_BACKOFF_MS));
  }

  /** How long errors that pass are retried; empty: for ever. */
  public Optional<Duration> retryTimeout() {
    long millis = values.getLong(SinkOptions.RETRY_TIMEOUT_MS);
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /** Whether the set-based path is on. */
  public boolean writesSets() {
    return values.getString(SinkOptions.WRITE_PATH).equals("sets");
  }

  /** Whether a row to update or delete is compared with the one that the sender changed. */
  public boolean detectsConflicts() {
    return values.getString(SinkOptions.CONFLICT_DETECTION).equals("on");
  }

  public String jdbcUrl() {
    String host = values.getString(LinkOptions.DATABASE_HOSTNAME);
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return "jdbc:postgresql://" + bracketed + ":" + values.getInt(LinkOptions.DATABASE_PORT) + "/";
  }

  /** pgjdbc's connection properties, but for the application's name. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", values.getString(LinkOptions.DATABASE_USER));
    properties.setProperty("PGDBNAME", values.getString(LinkOptions.DATABASE_DBNAME));
    set(properties, "password", secret(LinkOptions.DATABASE_PASSWORD));
    set(properties, "sslmode", values.getString(LinkOptions.DATABASE_SSLMODE));
    set(properties, "sslrootcert", values.getString(LinkOptions.DATABASE_SSLROOTCERT));
    set(properties, "sslcert", values.getString(LinkOptions.DATABASE_SSLCERT));
    set(properties, "sslkey", values.getString(LinkOptions.DATABASE_SSLKEY));
    set(properties, "sslpassword", secret(LinkOptions.DATABASE_SSLPASSWORD));
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "10");
    // A task that stops has five seconds in all.
    properties.setProperty("cancelSignalTimeout", "2");
    properties.setProperty("tcpKeepAlive", "true");
    // Row values must not get into logs by way of the server's error details.
    properties.setProperty("logServerErrorDetail", "false");
    return properties;
  }

  private @Nullable String secret(String option) {
    Password password = values.getPassword(option);
    return password == null ? null : password.value();
  }

  private static void set(Properties properties, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      properties.setProperty(name, value);
    }
  }
}
