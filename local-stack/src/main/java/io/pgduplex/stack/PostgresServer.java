package io.pgduplex.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * One PostgreSQL server that is as careful with data as in production ({@code fsync} and {@code synchronous_commit} on) and
 * ready for logical replication. Listens on 127.0.0.1, keeps its port and its data over stop, kill and start.
 */
public interface PostgresServer extends StackServer {

  /** The superuser. */
  String USER = "postgres";

  /** The exact version, such as {@code 18.6}. */
  String version();

  /** The superuser's password. */
  String password();

  default String host() {
    return "127.0.0.1";
  }

  /** Without user and password, which are {@link #USER} and {@link #password()}. */
  default String jdbcUrl(String database) {
    return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
  }

  /** A new connection as superuser. */
  default Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password());
    properties.setProperty("connectTimeout", "5");
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  default void createDatabase(String database) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
    } catch (SQLException e) {
      throw new StackException("Cannot create database " + database + " on " + name(), e);
    }
  }
}
