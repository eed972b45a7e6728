package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.statement.StatementText;
import io.pgduplex.connect.sink.apply.DefinitionChange.Column;
import io.pgduplex.connect.sink.former.FormerTypes;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pgduplex.ddl_log} of A, as far as B has not made the changes of tables that are in it. */
final class PendingDefinitions {

  /**
   * Another with each change that B has not made. Not the last number alone: what is logged
   * first may be committed last.
   */
  private static final String VERSION = """
      SELECT coalesce(sum(id), 0)::bigint FROM pgduplex.ddl_log
       WHERE link = ? AND phase = 'captured' AND applied_at IS NULL""";

  /** The first change of each table that B has not made, and what the table is now. */
  private static final String FORMER = """
      SELECT f.relation, d ->> 'schema', d ->> 'name', n.nspname, r.relname, was.numbers, was.names, now.numbers, now.names
        FROM (SELECT DISTINCT ON (e -> 'relation') (e ->> 'relation')::bigint AS relation, e -> 'before' AS before
                FROM pgduplex.ddl_log l, jsonb_array_elements(l.statement::jsonb -> 'changes') e
               WHERE l.link = ? AND l.direction = 'forward' AND l.phase = 'captured' AND l.applied_at IS NULL
               ORDER BY e -> 'relation', l.id) f
       CROSS JOIN LATERAL jsonb_array_elements(f.before -> 'tables') d
        LEFT JOIN pg_class r ON r.oid = f.relation::oid
        LEFT JOIN pg_namespace n ON n.oid = r.relnamespace
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(c.attnum), '{}') AS numbers, coalesce(array_agg(c.attname), '{}') AS names
           FROM jsonb_to_recordset(f.before -> 'columns') c (attnum int, attname text)) was
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(a.attnum::int), '{}') AS numbers, coalesce(array_agg(a.attname::text), '{}') AS names
           FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) now""";

  /**
   * All changes that B has not made and rows show. What older rows have in a column stands in the catalog only until the
   * table is written anew; where each row got a value of its own it is not known at all.
   */
  private static final String CHANGES = """
      SELECT (e ->> 'relation')::bigint, d ->> 'schema', d ->> 'name', l.statement::jsonb ->> 'query', l.statement::jsonb ->> 'frames',
             s.names, s.values, c.numbers, c.names, c.types, c.new_types, a.numbers, a.values, l.id,
             d ->> 'of_type' <> ''
        FROM pgduplex.ddl_log l
       CROSS JOIN LATERAL jsonb_array_elements(l.statement::jsonb -> 'changes') e
       CROSS JOIN LATERAL jsonb_array_elements(e -> 'before' -> 'tables') d
       CROSS JOIN LATERAL (
         SELECT array_agg(key) AS names, array_agg(value) AS values FROM jsonb_each_text(l.statement::jsonb -> 'settings')) s
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(w.attnum), '{}') AS numbers, coalesce(array_agg(w.attname), '{}') AS names,
                coalesce(array_agg(w.type), '{}') AS types,
                coalesce(array_agg(CASE WHEN i.raw_type <> w.raw_type OR (e ->> 'retyped')::boolean THEN i.type END), '{}') AS new_types
           FROM jsonb_to_recordset(e -> 'before' -> 'columns') w (attnum int, attname text, type text, raw_type text)
           LEFT JOIN jsonb_to_recordset(e -> 'after' -> 'columns') i (attnum int, type text, raw_type text) ON i.attnum = w.attnum) c
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(i.attnum), '{}') AS numbers, coalesce(array_agg(i.missing), '{}') AS values
           FROM jsonb_to_recordset(e -> 'after' -> 'columns') i (attnum int, missing text, value text)
          WHERE i.attnum <> ALL (c.numbers) AND (i.missing IS NOT NULL OR i.value = '')) a
       WHERE l.link = ? AND l.direction = 'forward' AND l.phase = 'captured' AND l.applied_at IS NULL
         AND jsonb_typeof(e -> 'before') = 'object' AND jsonb_typeof(e -> 'after') = 'object'
         AND (array_remove(c.new_types, NULL) <> '{}' OR a.numbers <> '{}'
              OR e -> 'before' -> 'types' IS DISTINCT FROM e -> 'after' -> 'types')
       ORDER BY l.id""";

  /** The types that their tables needed: with the labels or attributes that they had and have, as far as they are still needed. */
  private static final String TYPES = """
      SELECT l.id, (e ->> 'relation')::bigint, t.schema, t.name, t.sql, was.numbers, was.texts, now.numbers, now.texts
        FROM pgduplex.ddl_log l
       CROSS JOIN LATERAL jsonb_array_elements(l.statement::jsonb -> 'changes') e
       CROSS JOIN LATERAL jsonb_to_recordset(CASE jsonb_typeof(e -> 'after') WHEN 'object' THEN e -> 'before' -> 'types' ELSE '[]' END)
             t (key text, schema text, name text, sql text, raw text)
       CROSS JOIN LATERAL (
         SELECT coalesce((SELECT i.raw FROM jsonb_to_recordset(e -> 'after' -> 'types') i (key text, raw text) WHERE i.key = t.key), t.raw)
           AS raw) u
       %s
       %s
       WHERE l.link = ? AND l.direction = 'forward' AND l.phase = 'captured' AND l.applied_at IS NULL""".formatted(parts("t", "was"), parts("u", "now"));

  /** Those that changed types, which no lock on a table keeps anybody from. */
  private static final String OF_TYPES = """
      SELECT l.id FROM pgduplex.ddl_log l, jsonb_array_elements(l.statement::jsonb -> 'changes') e
       WHERE l.link = ? AND l.phase = 'captured' AND l.applied_at IS NULL
         AND jsonb_typeof(e -> 'before') = 'object' AND jsonb_typeof(e -> 'after') = 'object'
         AND e -> 'before' -> 'types' IS DISTINCT FROM e -> 'after' -> 'types'""";

  /** Whoever changes the table's columns or name waits, and who has done so is seen by the version. */
  private static final String LOCK = "LOCK TABLE ONLY %s IN ACCESS SHARE MODE;" + VERSION;

  private static final String APPLIED = """
      UPDATE pgduplex.ddl_log SET applied_at = clock_timestamp()
       WHERE link = ? AND direction = 'forward' AND id = ? AND applied_at IS NULL
      RETURNING phase = 'captured'""";

  private final Connection connection;
  private final LinkDirection link;

  PendingDefinitions(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  /** Of an enum or composite type; others have none. */
  private static String parts(String type, String alias) {
    return """
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg((p ->> 0)::bigint ORDER BY n), '{}') AS numbers,
                 coalesce(array_agg(p ->> CASE jsonb_array_length(p) WHEN 2 THEN 1 ELSE 5 END ORDER BY n), '{}') AS texts
            FROM jsonb_array_elements(CASE WHEN %1$s.raw LIKE '[%%' THEN %1$s.raw::jsonb ELSE '[]' END) WITH ORDINALITY x (p, n)) %2$s""".formatted(type, alias);
  }

  /** The sum of their numbers. */
  long version() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(VERSION)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Keeps a table as it is until the transaction ends; the version once it does. */
  long lock(TableName table) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK.formatted(table.quoted()))) {
      lock.setString(1, link.link());
      lock.execute();
      lock.getMoreResults();
      try (ResultSet row = lock.getResultSet()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Numbers of those that changed types. */
  Set<Long> ofTypes() throws SQLException {
    Set<Long> numbers = new HashSet<>();
    try (PreparedStatement select = connection.prepareStatement(OF_TYPES)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          numbers.add(row.getLong(1));
        }
      }
    }
    return numbers;
  }

  /** Tables that B knows otherwise than they are, by the names that it knows. */
  Map<TableName, FormerTable> tables() throws SQLException {
    Map<TableName, FormerTable> tables = new HashMap<>();
    Map<Long, List<DefinitionChange>> changes = changes();
    try (PreparedStatement select = connection.prepareStatement(FORMER)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          FormerTable table = table(row, changes.getOrDefault(row.getLong(1), List.of()));
          if (!table.isTheSame()) {
            tables.put(table.name(), table);
          }
        }
      }
    }
    return tables;
  }

  private static FormerTable table(ResultSet row, List<DefinitionChange> changes)
      throws SQLException {
    String now = row.getString(5);
    Map<String, Integer> numbers = new HashMap<>();
    Map<Integer, String> columns = new HashMap<>();
    byNumber(row, 6, 7).forEach((number, name) -> numbers.put(String.valueOf(name), number));
    byNumber(row, 8, 9).forEach((number, name) -> columns.put(number, String.valueOf(name)));
    return new FormerTable(
        new TableName(row.getString(2), row.getString(3)),
        now == null ? Optional.empty() : Optional.of(new TableName(row.getString(4), now)),
        numbers,
        columns,
        changes);
  }

  /** By the tables' oids. */
  private Map<Long, List<DefinitionChange>> changes() throws SQLException {
    Map<Long, List<DefinitionChange>> changes = new HashMap<>();
    Map<Of, FormerTypes> types = types();
    try (PreparedStatement select = connection.prepareStatement(CHANGES)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          changes
              .computeIfAbsent(row.getLong(1), any -> new ArrayList<>())
              .add(change(
                  row,
                  types.getOrDefault(new Of(row.getLong(14), row.getLong(1)), new FormerTypes())));
        }
      }
    }
    return changes;
  }

  /** A change, and one of the tables that it changed. */
  private record Of(long change, long relation) {}

  private Map<Of, FormerTypes> types() throws SQLException {
    Map<Of, FormerTypes> types = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(TYPES)) {
      select.setString(1, link.link());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          types
              .computeIfAbsent(new Of(row.getLong(1), row.getLong(2)), any -> new FormerTypes())
              .add(
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  parts(row, 6),
                  parts(row, 8));
        }
      }
    }
    return types;
  }

  private static Map<Long, String> parts(ResultSet row, int numbers) throws SQLException {
    Map<Long, String> parts = new LinkedHashMap<>();
    Long[] keys = (Long[]) row.getArray(numbers).getArray();
    String[] values = texts(row, numbers + 1);
    for (int i = 0; i < keys.length; i++) {
      parts.put(keys[i], values[i]);
    }
    return parts;
  }

  private static DefinitionChange change(ResultSet row, FormerTypes formerTypes)
      throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    String[] settingNames = texts(row, 6);
    String[] settingValues = texts(row, 7);
    for (int i = 0; i < settingNames.length; i++) {
      settings.put(settingNames[i], settingValues[i]);
    }
    Integer[] numbers = (Integer[]) row.getArray(8).getArray();
    String[] names = texts(row, 9);
    String[] types = texts(row, 10);
    @Nullable String[] newTypes = texts(row, 11);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      columns.add(new Column(
          numbers[i],
          names[i],
          types[i],
          newTypes[i],
          formerTypes.change(types[i]).orElse(null)));
    }
    return new DefinitionChange(
        row.getLong(14),
        new TableName(row.getString(2), row.getString(3)),
        row.getBoolean(15),
        columns,
        formerTypes,
        byNumber(row, 12, 13),
        StatementText.of(row.getString(4), row.getString(5)),
        settings);
  }

  private static Map<Integer, @Nullable String> byNumber(ResultSet row, int numbers, int texts)
      throws SQLException {
    Map<Integer, @Nullable String> byNumber = new HashMap<>();
    Integer[] keys = (Integer[]) row.getArray(numbers).getArray();
    @Nullable String[] values = texts(row, texts);
    for (int i = 0; i < keys.length; i++) {
      byNumber.put(keys[i], values[i]);
    }
    return byNumber;
  }

  private static String[] texts(ResultSet row, int column) throws SQLException {
    return (String[]) row.getArray(column).getArray();
  }

  /**
   * B has made the change of this number.
   *
   * @return whether it was in the version; others, such as the rows of CREATE TABLE AS, are not
   */
  boolean applied(long number) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(APPLIED)) {
      update.setString(1, link.link());
      update.setLong(2, number);
      try (ResultSet row = update.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
