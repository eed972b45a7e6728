package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.sink.config.SinkConfig;
import io.pgduplex.connect.sink.error.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what an error was, and what to do about it. */
final class ErrorReport {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorReport.class);

  private final SinkConfig config;

  ErrorReport(SinkConfig config) {
    this.config = config;
  }

  /** What it was, with the columns that it is about. */
  String what(SQLException error) {
    return "Direction " + config.link() + ": " + error.getMessage() + columns(error) + " (SQLSTATE "
        + error.getSQLState() + ").";
  }

  /** What to do about one that does not pass. */
  static String advice(SQLException error) {
    return error instanceof RefusedStatement statement
        ? statement.advice()
        : SqlErrors.advice(error);
  }

  /** Best effort: the error stands without it. */
  private String columns(SQLException error) {
    if (!(error instanceof RefusedRow row)) {
      return "";
    }
    try (Connection connection = TargetSession.connectAside(config)) {
      TargetSession.configure(connection, config);
      List<String> columns = row.columns(connection);
      return columns.isEmpty() ? "" : "; column " + String.join(", ", columns);
    } catch (SQLException e) {
      LOG.debug("Which column it is could not be found out", e);
      return "";
    }
  }
}
