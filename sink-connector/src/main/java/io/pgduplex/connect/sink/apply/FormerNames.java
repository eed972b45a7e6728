package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Fields;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of tables and columns that rows of the reverse direction still have: A has changed them, and B had not heard of it
 * when it sent the row. B says which of A's changes it has made ({@code definition} in {@code pgduplex.control}), in its
 * place among its rows; for all others {@code pgduplex.ddl_log} says how a table was before.
 */
final class FormerNames {

  private static final Logger LOG = LoggerFactory.getLogger(FormerNames.class);

  /** Grows with each change. */
  private static final String VERSION = """
      SELECT coalesce(max(id), 0) FROM pgduplex.ddl_log WHERE link = ? AND direction = 'forward' AND phase = 'captured'""";

  /** The first change of each table that B has not made; names that are gone are null. */
  private static final String FORMER = """
      SELECT d ->> 'schema', d ->> 'name', n.nspname, r.relname,
             ARRAY(SELECT c ->> 'attname' FROM jsonb_array_elements(f.before -> 'columns') c ORDER BY (c ->> 'attnum')::int),
             ARRAY(SELECT a.attname::text FROM jsonb_array_elements(f.before -> 'columns') c
                     LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = (c ->> 'attnum')::int AND NOT a.attisdropped
                    ORDER BY (c ->> 'attnum')::int),
             m.names, m.values
        FROM (SELECT DISTINCT ON (e -> 'relation') (e ->> 'relation')::oid AS relation, e -> 'before' AS before
                FROM pgduplex.ddl_log l, jsonb_array_elements(l.statement::jsonb -> 'changes') e
               WHERE l.link = ? AND l.direction = 'forward' AND l.phase = 'captured' AND l.applied_at IS NULL
               ORDER BY e -> 'relation', l.id) f
       CROSS JOIN LATERAL jsonb_array_elements(f.before -> 'tables') d
        LEFT JOIN pg_class r ON r.oid = f.relation
        LEFT JOIN pg_namespace n ON n.oid = r.relnamespace
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
                coalesce(array_agg((a.attmissingval::text::text[])[1] ORDER BY a.attnum), '{}') AS values
           FROM pg_attribute a
          WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atthasmissing
            AND NOT EXISTS (SELECT FROM jsonb_array_elements(f.before -> 'columns') c WHERE (c ->> 'attnum')::int = a.attnum)) m""";

  private static final String APPLIED = """
      UPDATE pgduplex.ddl_log SET applied_at = clock_timestamp()
       WHERE link = ? AND direction = 'forward' AND id = ? AND applied_at IS NULL""";

  private static final long UNKNOWN = -1;

  /** Nobody follows statements here, or not yet. */
  private static final long NO_LOG = -2;

  private final Connection connection;
  private final LinkDirection link;
  private final boolean matters;
  private final Map<TableName, Names> names = new HashMap<>();
  private long version = UNKNOWN;

  FormerNames(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
    this.matters = link.direction() == Direction.REVERSE;
  }

  /**
   * A table's.
   *
   * @param table as it is called now; empty if it is gone
   * @param columns as they are called now, by what they were called; null for those that are gone
   * @param missing of columns that have come: what rows have that were there before them, as B's will
   */
  private record Names(
      Optional<TableName> table,
      Map<String, @Nullable String> columns,
      Map<String, @Nullable String> missing) {

    boolean areTheSame(TableName before) {
      return table.isPresent()
          && table.get().equals(before)
          && missing.isEmpty()
          && columns.entrySet().stream()
              .allMatch(column -> column.getKey().equals(column.getValue()));
    }
  }

  /**
   * To be asked before rows are written, and after: by then they keep others from changing the tables.
   *
   * @return whether tables have changed since it was asked last
   */
  boolean haveChanged() throws SQLException {
    if (!matters) {
      return false;
    }
    if (version == NO_LOG || version == UNKNOWN) {
      version = hasLog() ? UNKNOWN : NO_LOG;
    }
    if (version == NO_LOG) {
      return false;
    }
    long now = now();
    boolean changed = now != version;
    if (changed) {
      read();
      version = now;
    }
    return changed;
  }

  private boolean hasLog() throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT to_regclass('pgduplex.ddl_log') IS NOT NULL");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private long now() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(VERSION)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void read() throws SQLException {
    names.clear();
    try (PreparedStatement select = connection.prepareStatement(FORMER)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          TableName before = new TableName(row.getString(1), row.getString(2));
          Names now = names(row);
          if (!now.areTheSame(before)) {
            names.put(before, now);
          }
        }
      }
    }
  }

  private static Names names(ResultSet row) throws SQLException {
    String table = row.getString(4);
    String[] before = (String[]) row.getArray(5).getArray();
    @Nullable String[] now = (String[]) row.getArray(6).getArray();
    return new Names(
        table == null ? Optional.empty() : Optional.of(new TableName(row.getString(3), table)),
        byName(before, now),
        byName((String[]) row.getArray(7).getArray(), (String[]) row.getArray(8).getArray()));
  }

  private static Map<String, @Nullable String> byName(String[] names, @Nullable String[] values) {
    Map<String, @Nullable String> byName = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      byName.put(names[i], values[i]);
    }
    return byName;
  }

  /** After a rollback. */
  void forget() {
    version = UNKNOWN;
  }

  /** B has made the change of this number. */
  void applied(long number) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(APPLIED)) {
      update.setString(1, link.link());
      update.setLong(2, number);
      update.executeUpdate();
    }
    read();
  }

  /** The row by the names that it has here; empty if its table is gone. */
  Optional<RowChange> translate(RowChange row) {
    Names now = names.get(row.table());
    if (now == null) {
      return Optional.of(row);
    }
    if (now.table().isEmpty()) {
      LOG.info(
          "Direction {} at offset {}: the {} of {} is left out, since the table has been dropped here",
          link,
          row.position().offset(),
          row.kind(),
          row.table());
      return Optional.empty();
    }
    boolean insert = row.kind() == Kind.INSERT;
    return Optional.of(new RowChange(
        row.position(),
        now.table().get(),
        row.kind(),
        translate(row.before(), now.columns(), Map.of()),
        translate(row.after(), now.columns(), insert ? now.missing() : Map.of()),
        translate(row.identity(), now.columns()),
        row.lsn(),
        row.commitMicros()));
  }

  private static @Nullable Object translate(
      @Nullable Object image,
      Map<String, @Nullable String> columns,
      Map<String, @Nullable String> missing) {
    if (image == null) {
      return null;
    }
    Map<String, @Nullable Object> translated = new LinkedHashMap<>(missing);
    for (String column : Fields.names(image)) {
      String now = columns.getOrDefault(column, column);
      if (now != null) {
        translated.put(now, Fields.get(image, column));
      }
    }
    return translated;
  }

  private static ReplicaIdentity translate(
      ReplicaIdentity identity, Map<String, @Nullable String> columns) {
    List<String> now = identity.columns().stream()
        .flatMap(column -> Optional.ofNullable(columns.getOrDefault(column, column)).stream())
        .toList();
    return identity.full() ? identity : ReplicaIdentity.of(now);
  }
}
