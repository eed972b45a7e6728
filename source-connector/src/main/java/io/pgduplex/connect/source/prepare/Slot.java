package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.Lsn;
import io.pgduplex.connect.source.position.EndOffset;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that Debezium finds a slot that fits where the run begins, or none. */
final class Slot {

  private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

  private final Connection connection;
  private final String name;

  Slot(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  /**
   * A run that resumes needs the slot as it was. A run that begins with a snapshot needs none: only a slot that Debezium
   * makes itself exports the snapshot that the rows are read under, so what an unfinished attempt left is dropped.
   *
   * @param anew whether a run without a start is to find no slot
   */
  void prepare(@Nullable EndOffset start, boolean anew) throws SQLException {
    State state = read();
    if (start != null) {
      requireContinuity(state, start);
    }
    if (state == null) {
      return;
    }
    if (state.activePid != 0) {
      terminate(state.activePid);
    }
    if (start == null && anew) {
      LOG.info(
          "Dropping slot {}: no transaction end was stored, so an earlier first start did not finish",
          name);
      drop();
    }
  }

  boolean exists() throws SQLException {
    return read() != null;
  }

  void drop() throws SQLException {
    execute("SELECT pg_drop_replication_slot(" + Identifiers.literal(name) + ")");
  }

  private void requireContinuity(@Nullable State state, EndOffset start) {
    String again =
        ". Take the link away and set it up anew, as the README says (a new snapshot alone would hold the rows of tables"
            + " without a key twice)";
    if (state == null) {
      throw new ConnectException(
          "The slot " + name + " is gone, and with it the changes since " + start.lsn() + again);
    }
    if (state.lost) {
      throw new ConnectException("The slot " + name + " has lost WAL that was not read yet"
          + " (wal_status is lost; see max_slot_wal_keep_size)" + again);
    }
    if (state.confirmed != null && state.confirmed.compareTo(start.lsn()) > 0) {
      throw new ConnectException("The slot " + name + " stands at " + state.confirmed
          + ", after the last stored transaction end " + start.lsn()
          + ": somebody moved it or made it anew, and the changes between are lost" + again);
    }
  }

  /** The walsender of a worker that died: the server notices by itself only after wal_sender_timeout. */
  private void terminate(int pid) throws SQLException {
    LOG.warn(
        "Slot {} is still read by process {}; terminating it, the newest task reads", name, pid);
    execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
    State state = read();
    if (state != null && state.activePid != 0) {
      throw new RetriableException(
          "Slot " + name + " is still in use by process " + state.activePid);
    }
  }

  private @Nullable State read() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("""
            SELECT plugin, database = current_database(), COALESCE(active_pid, 0), confirmed_flush_lsn::text,
                   wal_status = 'lost'
              FROM pg_replication_slots WHERE slot_name = %s""".formatted(Identifiers.literal(name)))) {
      if (!row.next()) {
        return null;
      }
      if (!"pgoutput".equals(row.getString(1)) || !row.getBoolean(2)) {
        throw new ConnectException("The slot " + name + " belongs to another plugin or database;"
            + " drop it, or give the link another name");
      }
      String confirmed = row.getString(4);
      return new State(
          row.getInt(3), confirmed == null ? null : Lsn.parse(confirmed), row.getBoolean(5));
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private record State(int activePid, @Nullable Lsn confirmed, boolean lost) {}
}
