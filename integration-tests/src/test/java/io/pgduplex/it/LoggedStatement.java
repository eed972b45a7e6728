package io.pgduplex.it;

/** What the source writes of a statement, written by hand where the statement is the test's own. */
final class LoggedStatement {

  private LoggedStatement() {}

  /** To be run on A, behind the statement if that is run there too. */
  static String of(
      String link, String phase, String kind, String schema, String name, String statement) {
    return "INSERT INTO pgduplex.ddl_log (link, direction, phase, ordinal, object_kind, object_schema, object_name,"
        + " statement, logged_at) VALUES ('%s', 'forward', '%s', 0, '%s', '%s', '%s', '%s', clock_timestamp());"
            .formatted(link, phase, kind, schema, name, statement.replace("'", "''"));
  }
}
