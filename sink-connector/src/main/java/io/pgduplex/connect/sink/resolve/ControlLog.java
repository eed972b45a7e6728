package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one side tells the other about rows that they may hold differently; part of the open transaction. */
public interface ControlLog {

  /** Tells for each key the row that is here now, or that there is none; the keys are disputed until that is acknowledged. */
  void correct(TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException;

  /** Asks for the row of each key. */
  void reassert(TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException;

  /** Tells that corrections have been applied. */
  void acknowledge(Collection<Long> corrections) throws SQLException;

  /** The other side has applied corrections. */
  void acknowledged(Collection<Long> corrections) throws SQLException;

  /** Whether keys of the table are disputed; cheap. */
  boolean hasDisputed(TargetTable table) throws SQLException;

  /** Those of the keys that are disputed. */
  Collection<List<@Nullable Object>> disputed(
      TargetTable table, Lookup lookup, Collection<List<@Nullable Object>> keys)
      throws SQLException;
}
