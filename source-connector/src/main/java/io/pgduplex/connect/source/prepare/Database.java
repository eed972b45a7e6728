package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.LinkOptions;
import io.pgduplex.connect.source.options.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens connections to the link's database for everything but Debezium. */
public final class Database {

  private static final Map<String, PGProperty> SSL = Map.of(
      LinkOptions.DATABASE_SSLMODE, PGProperty.SSL_MODE,
      LinkOptions.DATABASE_SSLROOTCERT, PGProperty.SSL_ROOT_CERT,
      LinkOptions.DATABASE_SSLCERT, PGProperty.SSL_CERT,
      LinkOptions.DATABASE_SSLKEY, PGProperty.SSL_KEY,
      LinkOptions.DATABASE_SSLPASSWORD, PGProperty.SSL_PASSWORD);

  private static final Map<PGProperty, String> REPLICATION = Map.of(
      PGProperty.REPLICATION, "database",
      PGProperty.PREFER_QUERY_MODE, "simple",
      PGProperty.ASSUME_MIN_SERVER_VERSION, "10");

  private final PGSimpleDataSource dataSource;
  private final PGSimpleDataSource replication;

  public Database(Settings settings) {
    this.dataSource = dataSource(settings);
    this.replication = dataSource(settings);
    REPLICATION.forEach((property, value) -> replication.setProperty(property, value));
  }

  private static PGSimpleDataSource dataSource(Settings settings) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    Map<String, String> options = settings.submitted();
    int timeout = (int) Math.max(1, settings.connectTimeout().toSeconds());
    dataSource.setServerNames(new String[] {options.get(LinkOptions.DATABASE_HOSTNAME)});
    dataSource.setPortNumbers(
        new int[] {Integer.parseInt(options.getOrDefault(LinkOptions.DATABASE_PORT, "5432"))});
    dataSource.setDatabaseName(options.get(LinkOptions.DATABASE_DBNAME));
    dataSource.setUser(options.get(LinkOptions.DATABASE_USER));
    dataSource.setPassword(options.getOrDefault(LinkOptions.DATABASE_PASSWORD, ""));
    dataSource.setConnectTimeout(timeout);
    dataSource.setLoginTimeout(timeout);
    dataSource.setSocketTimeout(2 * timeout);
    dataSource.setTcpKeepAlive(true);
    dataSource.setLogServerErrorDetail(false);
    dataSource.setApplicationName(
        String.format(Locale.ROOT, "%s source", settings.link().objectName()));
    SSL.forEach((option, property) -> {
      String value = options.get(option);
      if (value != null) {
        dataSource.setProperty(property, value);
      }
    });
    return dataSource;
  }

  /** For the commands of the replication protocol. */
  Connection connectForReplication() throws SQLException {
    return replication.getConnection();
  }

  public Connection connect() throws SQLException {
    return dataSource.getConnection();
  }
}
