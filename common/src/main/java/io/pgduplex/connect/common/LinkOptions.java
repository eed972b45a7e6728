package io.pgduplex.connect.common;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The options that source and sink share, declared once: the link and the connection to the database. */
public final class LinkOptions {

  public static final String LINK_NAME = "link.name";
  public static final String LINK_DIRECTION = "link.direction";
  public static final String DATABASE_HOSTNAME = "database.hostname";
  public static final String DATABASE_PORT = "database.port";
  public static final String DATABASE_USER = "database.user";
  public static final String DATABASE_PASSWORD = "database.password";
  public static final String DATABASE_DBNAME = "database.dbname";
  public static final String DATABASE_SSLMODE = "database.sslmode";
  public static final String DATABASE_SSLROOTCERT = "database.sslrootcert";
  public static final String DATABASE_SSLCERT = "database.sslcert";
  public static final String DATABASE_SSLKEY = "database.sslkey";
  public static final String DATABASE_SSLPASSWORD = "database.sslpassword";

  private LinkOptions() {}

  /** Adds the groups "Link" and "Database" to {@code options}. */
  public static Options declare(Options options) {
    options
        .group("Link")
        .add(Options.option(LINK_NAME, Type.STRING, "Link name")
            .importance(Importance.HIGH)
            .validator(new LinkNameValidator())
            .doc("Name of the link: the pair of databases A and B that are kept the same."
                + " All four connectors of a link carry the same name."))
        .add(Options.option(LINK_DIRECTION, Type.STRING, "Direction")
            .importance(Importance.HIGH)
            .width(Width.SHORT)
            .oneOf(List.of(Direction.FORWARD.toString(), Direction.REVERSE.toString()))
            .doc("forward moves changes from A to B, reverse from B to A."));
    return options
        .group("Database")
        .add(Options.option(DATABASE_HOSTNAME, Type.STRING, "Host")
            .importance(Importance.HIGH)
            .validator(new ConfigDef.NonEmptyString())
            .doc("Host name or address of the PostgreSQL primary. Not a read replica,"
                + " not a pooler in transaction mode."))
        .add(Options.option(DATABASE_PORT, Type.INT, "Port")
            .defaultValue(5432)
            .importance(Importance.HIGH)
            .width(Width.SHORT)
            .validator(ConfigDef.Range.between(1, 65535))
            .doc("Port of the PostgreSQL server."))
        .add(Options.option(DATABASE_USER, Type.STRING, "User")
            .importance(Importance.HIGH)
            .validator(new ConfigDef.NonEmptyString())
            .doc("Role to connect as."))
        .add(
            Options.option(DATABASE_PASSWORD, Type.PASSWORD, "Password")
                .defaultValue("")
                .importance(Importance.HIGH)
                .doc(
                    "Password of the role. Use a config provider, for example ${env:PGDUPLEX_A_PASSWORD}."))
        .add(Options.option(DATABASE_DBNAME, Type.STRING, "Database")
            .importance(Importance.HIGH)
            .validator(new ConfigDef.NonEmptyString())
            .doc("Name of the database."))
        .add(
            Options.option(DATABASE_SSLMODE, Type.STRING, "SSL mode")
                .defaultValue("prefer")
                .importance(Importance.MEDIUM)
                .oneOf(List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"))
                .doc(
                    "Whether the connection is encrypted and the server verified, as in libpq and pgjdbc."))
        .add(
            Options.option(DATABASE_SSLROOTCERT, Type.STRING, "SSL root certificate")
                .optional()
                .doc(
                    "File with the root certificates that the server is verified against, on the worker."))
        .add(Options.option(DATABASE_SSLCERT, Type.STRING, "SSL client certificate")
            .optional()
            .doc("File with the client's certificate, on the worker."))
        .add(Options.option(DATABASE_SSLKEY, Type.STRING, "SSL client key")
            .optional()
            .doc("File with the client's private key, on the worker."))
        .add(Options.option(DATABASE_SSLPASSWORD, Type.PASSWORD, "SSL key password")
            .optional()
            .doc("Password of the client's private key."));
  }

  private static final class LinkNameValidator implements ConfigDef.Validator {
    @Override
    public void ensureValid(String name, Object value) {
      // The record's constructor holds the rule and its message.
      new LinkDirection(value == null ? "" : value.toString(), Direction.FORWARD).opposite();
    }

    @Override
    public String toString() {
      return "[a-z][a-z0-9_]{0,31}";
    }
  }
}
