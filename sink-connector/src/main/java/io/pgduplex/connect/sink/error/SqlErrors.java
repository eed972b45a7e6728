package io.pgduplex.connect.sink.error;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Classes errors by SQLSTATE (PostgreSQL's documentation, appendix A). */
public final class SqlErrors {

  public static final String FEATURE_NOT_SUPPORTED = "0A000";
  public static final String UNIQUE_VIOLATION = "23505";
  public static final String EXCLUSION_VIOLATION = "23P01";
  public static final String OBJECT_IN_USE = "55006";
  public static final String INSUFFICIENT_PRIVILEGE = "42501";

  private static final String CONFIGURATION_LIMIT_EXCEEDED = "53400";

  private static final Set<String> TRANSIENT = Set.of(
      "25006", // read_only_sql_transaction: the old primary after a failover
      "25P03", // idle_in_transaction_session_timeout
      "25P04", // transaction_timeout
      "40001", // serialization_failure
      "40P01", // deadlock_detected
      "55P03", // lock_not_available
      "57014", // query_canceled
      "57P01", // admin_shutdown
      "57P02", // crash_shutdown
      "57P03", // cannot_connect_now
      "57P05", // idle_session_timeout
      OBJECT_IN_USE);

  private SqlErrors() {}

  /** The class of the error; one without SQLSTATE comes from the connection and is transient. */
  public static ErrorClass classify(SQLException error) {
    String state = error.getSQLState();
    if (state == null
        || state.startsWith("08")
        || (state.startsWith("53") && !state.equals(CONFIGURATION_LIMIT_EXCEEDED))
        || TRANSIENT.contains(state)) {
      return ErrorClass.TRANSIENT;
    }
    // 428C9: a value for a GENERATED ALWAYS column; 44: WITH CHECK OPTION.
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("44")
        ? ErrorClass.DATA
        : ErrorClass.FATAL;
  }

  /** Whether another row is in the way, by a unique index or an exclusion constraint. */
  public static boolean isUniqueViolation(SQLException error) {
    return UNIQUE_VIOLATION.equals(error.getSQLState())
        || EXCLUSION_VIOLATION.equals(error.getSQLState());
  }

  /** Whether it says something of a row, or of a feature that a set lacks on its table, and nothing of the server. */
  public static boolean isOfRow(SQLException error) {
    String state = state(error);
    return classify(error) == ErrorClass.DATA
        || state.equals(FEATURE_NOT_SUPPORTED)
        || state.equals("428C9");
  }

  /** What to do about an error that does not pass, or an empty text. */
  public static String advice(SQLException error) {
    return switch (state(error)) {
      case INSUFFICIENT_PRIVILEGE ->
        " Grant what the message names to the connector's role, then restart the task.";
      case "28P01", "28000" ->
        " Check database.user, database.password and the server's pg_hba.conf.";
      case CONFIGURATION_LIMIT_EXCEEDED ->
        " Raise max_active_replication_origins (before PostgreSQL 18: max_replication_slots), or drop origins that are no"
            + " longer used (pg_replication_origin_drop), then restart the task.";
      case "3D000" -> " Check database.dbname.";
      case "42P01", "42703", "42704", "42883", "3F000" ->
        " Create it as on the other side, then restart the task.";
      default ->
        classify(error) == ErrorClass.DATA
            ? " Make the target's table take the row as the source's did, then restart the task."
            : "";
    };
  }

  private static String state(SQLException error) {
    @Nullable String state = error.getSQLState();
    return state == null ? "" : state;
  }
}
