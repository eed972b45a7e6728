package io.pgduplex.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/**
 * The role that connectors run under in the tests: no superuser, with what {@code config-examples/sql/role.sql} grants and
 * nothing else. The tests' own sessions stay superuser's, but what they make belongs to the application's role.
 */
final class PlainRole {

  static final String NAME = "pgduplex";
  static final String PASSWORD = "plain role's password";

  private PlainRole() {}

  /** For a new database. */
  static void prepare(Side side) {
    String owner = owner(side);
    String database = side.database();
    side.execute("""
        CREATE ROLE %1$s SUPERUSER;
        ALTER ROLE CURRENT_USER IN DATABASE %2$s SET role = %1$s""".formatted(owner, database));
    grant(side);
  }

  /** Runs the script, again if need be; for one database at a time, since all have to do with one role. */
  static synchronized void grant(Side side) {
    side.execute(script("role.sql", side));
  }

  /** On the side whose statements are followed. */
  static void followStatements(Side side) {
    side.execute(script("ddl.sql", side));
  }

  /** For a database that has been dropped. */
  static void cleanUp(Side maintenance, String database) {
    maintenance.execute("DROP ROLE " + owner(new Side(maintenance.server(), database)));
  }

  /** The role that owns the tables of the side. */
  static String owner(Side side) {
    return side.database() + "_owner";
  }

  /** A script as a user would adapt it. */
  private static String script(String name, Side side) {
    try {
      return Files.readString(ConfigExamples.FOLDER.resolve("sql/" + name))
          .replace("bank", side.database())
          .replace("change-me", PASSWORD.replace("'", "''"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
