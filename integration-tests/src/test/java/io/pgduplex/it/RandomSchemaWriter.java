package io.pgduplex.it;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One side's writer of transactions that change rows and, where it is told to, tables, in any order. It looks at the side's
 * catalog to know what is there; on B that is not always what A has. The rows of the two sides differ by their ids, so that
 * no change meets one of the other side's.
 */
final class RandomSchemaWriter implements AutoCloseable {

  private static final List<String> TABLES = List.of("t1", "t2", "t3", "t4", "t5", "t6");
  private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "\"E e\"");
  private static final List<String> TYPES = List.of(
      "integer",
      "bigint",
      "text",
      "character varying(40)",
      "numeric(8,3)",
      "timestamp with time zone",
      "boolean",
      "mood",
      "integer[]",
      "jsonb");

  private final Connection connection;
  private final int side;
  private final Random random;
  private final List<String> trace = new ArrayList<>();
  private int nextId;

  /** @param side 0 for A, 1 for B */
  RandomSchemaWriter(Side on, int side, Random random) throws SQLException {
    this.connection = on.connect();
    this.side = side;
    this.random = random;
    connection.setAutoCommit(false);
    execute("SET lock_timeout = '5s'");
    connection.commit();
  }

  /**
   * A column that can be written.
   *
   * @param name quoted
   * @param type with its length and so on
   */
  private record Column(String name, String type) {}

  /** One transaction. */
  void write(boolean definitions) throws SQLException {
    int traced = trace.size();
    try {
      for (int i = random.nextInt(4); i >= 0; i--) {
        if (definitions && random.nextInt(3) == 0) {
          tried(this::definition);
        } else {
          tried(this::rows);
        }
      }
      connection.commit();
      trace.add("COMMIT");
    } catch (SQLException e) {
      connection.rollback();
      trace.subList(traced, trace.size()).clear();
      // B's tables change under its statements, or do not let a value in.
      if (connection.isClosed() || side == 0) {
        throw e;
      }
    }
  }

  /** What has been committed. */
  List<String> trace() {
    return trace;
  }

  /** On A nothing but the statement is to blame where it fails, and the others go on. */
  private void tried(Supplier<String> statement) throws SQLException {
    String sql = statement.get();
    if (sql.isEmpty()) {
      return;
    }
    if (side == 1) {
      execute(sql);
      trace.add(sql);
      return;
    }
    execute("SAVEPOINT one");
    try {
      execute(sql);
      trace.add(sql);
    } catch (SQLException e) {
      execute("ROLLBACK TO one");
    }
  }

  private String definition() {
    String table = one(TABLES);
    List<Column> columns = columns(table);
    if (columns.isEmpty()) {
      return create(table);
    }
    Column column = one(columns);
    String alter = "ALTER TABLE " + table + ' ';
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> {
        String type = one(TYPES);
        yield alter + "ADD COLUMN " + one(COLUMNS) + ' ' + type
            + one(
                "", " DEFAULT " + value(type), " NOT NULL DEFAULT " + value(type), " CHECK (true)");
      }
      case 3, 4 -> alter + "DROP COLUMN " + column.name();
      case 5, 6 -> alter + "RENAME COLUMN " + column.name() + " TO " + one(COLUMNS);
      case 7 -> alter + "RENAME TO " + one(TABLES);
      case 8, 9 -> alter + "ALTER " + column.name() + retyped(column);
      case 10 ->
        alter + "ALTER " + column.name()
            + one(" DROP DEFAULT", " SET DEFAULT " + value(column.type()), " DROP NOT NULL");
      case 11 -> "CREATE INDEX ON " + table + " (" + column.name() + ')';
      case 12 -> "COMMENT ON COLUMN " + table + '.' + column.name() + " IS '" + number() + "'";
      case 13 -> "DROP TABLE " + table;
      case 14 -> "ALTER TYPE mood ADD VALUE IF NOT EXISTS '" + one("calm", "dull", "keen") + "'";
      default ->
        one(
            "CREATE TABLE " + one(TABLES) + " AS SELECT * FROM " + table,
            alter + "ADD UNIQUE (id)",
            alter + "ADD CHECK (id > 0) NOT VALID",
            "CREATE TABLE " + one(TABLES) + " (LIKE " + table + " INCLUDING ALL)");
    };
  }

  private String retyped(Column column) {
    return switch (column.type()) {
      case "integer" -> one(" TYPE bigint", " TYPE text", " TYPE numeric(8,3)");
      case "numeric(8,3)" -> one(" TYPE numeric(12,4)", " TYPE text", " TYPE bigint");
      case "character varying(40)" -> " TYPE text";
      case "timestamp with time zone" -> one(" TYPE timestamp", " TYPE text");
      case "text" -> " TYPE text USING " + column.name() + " || '!'";
      case "boolean" -> " TYPE integer USING CASE WHEN " + column.name() + " THEN id ELSE 0 END";
      default -> " TYPE text";
    };
  }

  private String create(String table) {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + table + " (id integer"
        + one(" PRIMARY KEY", " PRIMARY KEY", " UNIQUE NOT NULL", ""));
    for (String column : COLUMNS) {
      if (random.nextBoolean()) {
        String type = one(TYPES);
        sql.append(", ").append(column).append(' ').append(type);
        sql.append(one("", "", " DEFAULT " + value(type)));
      }
    }
    return sql.append(')').toString();
  }

  private String rows() {
    String table = one(TABLES);
    List<Column> columns = columns(table);
    String some =
        " WHERE id %% 2 = %d AND (id / 2) %% %d = 0".formatted(side, 2 + random.nextInt(6));
    if (columns.isEmpty() || random.nextInt(3) == 0) {
      return insert(table, columns);
    }
    if (random.nextInt(5) == 0) {
      return "DELETE FROM " + table + some;
    }
    Column column = one(columns);
    return "UPDATE " + table + " SET " + column.name() + " = " + nullable(column.type()) + some;
  }

  private String insert(String table, List<Column> columns) {
    List<Column> given =
        columns.stream().filter(column -> random.nextInt(4) > 0).toList();
    StringBuilder sql = new StringBuilder("INSERT INTO " + table + " (id");
    given.forEach(column -> sql.append(", ").append(column.name()));
    sql.append(") VALUES ");
    for (int i = random.nextInt(4); i >= 0; i--) {
      sql.append('(').append(2 * ++nextId + side);
      given.forEach(column -> sql.append(", ").append(nullable(column.type())));
      sql.append(i == 0 ? ")" : "), ");
    }
    return sql.toString();
  }

  private String nullable(String type) {
    return random.nextInt(12) == 0 ? "NULL" : value(type);
  }

  private String value(String type) {
    return switch (type) {
      case "integer", "bigint" -> number();
      case "boolean" -> one("true", "false");
      case "mood" -> one("'sad'", "'happy'");
      case "integer[]" -> "'{1," + number() + ",NULL}'";
      case "jsonb" -> "'{\"k\": " + number() + "}'";
      case "timestamp with time zone", "timestamp without time zone" ->
        one("now()", "'2026-01-01 12:00+05'::timestamptz + " + number() + " * interval '1 h'");
      default -> type.startsWith("numeric") ? number() + ".125" : "'x" + number() + "'";
    };
  }

  private String number() {
    return String.valueOf(random.nextInt(1000));
  }

  private List<Column> columns(String table) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = to_regclass('" + table
                + "') AND attnum > 0 AND NOT attisdropped"
                + " AND attname <> 'id' ORDER BY attnum")) {
      List<Column> columns = new ArrayList<>();
      while (row.next()) {
        columns.add(new Column(row.getString(1), row.getString(2)));
      }
      return columns;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  @Override
  public String toString() {
    return trace.stream().collect(Collectors.joining(";\n"));
  }
}
