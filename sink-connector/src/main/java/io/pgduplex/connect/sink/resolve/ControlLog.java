package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one side tells the other about rows that they may hold differently; part of the open transaction. */
public interface ControlLog {

  /**
   * Tells for each key the row that is here now, or that there is none; the keys are disputed until that is acknowledged.
   *
   * @param rounds by key how often it has been settled since its conflict
   */
  void correct(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds) throws SQLException;

  /** Asks for the row of each key; {@code rounds} likewise. */
  void reassert(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException;

  /** The same, of keys whose rows were here and older than the other side's DELETE. */
  void tellDeleted(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds)
      throws SQLException;

  /**
   * Which of the tables, all of them written to in this transaction, have been emptied or rewritten as a whole by others since
   * that was asked last; of a new one it is not known, so it is among them. No SQL command tells a sink so, but their storage
   * is another.
   */
  Collection<TargetTable> rewritten(Collection<TargetTable> tables) throws SQLException;

  /** As if that had been asked for all tables that this side sends. */
  void keepStorage() throws SQLException;

  /** Tells that the table was rewritten; all its keys are disputed until that is acknowledged. */
  void tellRewritten(TargetTable table) throws SQLException;

  /** Tells that these rows of the control table have been applied. */
  void acknowledge(Collection<Long> ids) throws SQLException;

  /** The other side has applied these rows. */
  void acknowledged(Collection<Long> ids) throws SQLException;

  /** Whether keys of the table are disputed; cheap. */
  boolean hasDisputed(TargetTable table) throws SQLException;

  /** Those of the keys that are disputed. */
  Collection<List<@Nullable Object>> disputed(
      KeyColumns columns, Collection<List<@Nullable Object>> keys) throws SQLException;
}
