package io.pgduplex.connect.sink.statement;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SqlTest {

  private static final TargetTable PLAIN = Tables.table("t")
      .key("id", "bigint")
      .column("v", "text")
      .column("n", "numeric")
      .build();
  private static final TargetTable COMPOSITE = Tables.table("app", "lines")
      .column("note", "text")
      .key("pos", "integer")
      .key("order_no", "character varying")
      .build();
  private static final TargetTable KEYLESS =
      Tables.table("h").column("id", "bigint").column("v", "jsonb").build();

  private static Shape insert(TargetTable table, Map<String, @Nullable Object> after) {
    return Shape.of(Operation.of(table, change(table, Kind.INSERT, null, after)));
  }

  private static Shape update(
      TargetTable table,
      @Nullable Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    return Shape.of(Operation.of(table, change(table, Kind.UPDATE, before, after)));
  }

  private static Shape delete(TargetTable table, Map<String, @Nullable Object> before) {
    return Shape.of(Operation.of(table, change(table, Kind.DELETE, before, null)));
  }

  private static final Map<String, @Nullable Object> PLAIN_ROW = row("id", 1, "v", "a", "n", "1.5");
  private static final Map<String, @Nullable Object> LINE =
      row("note", "x", "pos", 1, "order_no", "A");

  @Test
  void copies() {
    assertThat(Sql.copy(insert(PLAIN, PLAIN_ROW)))
        .isEqualTo("COPY \"public\".\"t\" (\"id\", \"v\", \"n\") FROM STDIN");
  }

  @Test
  void copiesOnlyTheColumnsThatTheSourceHas() {
    assertThat(Sql.copy(insert(PLAIN, row("n", "1", "id", 1))))
        .isEqualTo("COPY \"public\".\"t\" (\"id\", \"n\") FROM STDIN");
  }

  @Test
  void inserts() {
    assertThat(Sql.insert(insert(PLAIN, PLAIN_ROW)))
        .isEqualTo("INSERT INTO \"public\".\"t\" (\"id\", \"v\", \"n\") OVERRIDING SYSTEM VALUE"
            + " VALUES (?::bigint, ?::text, ?::numeric) ON CONFLICT DO NOTHING");
  }

  /** PostgreSQL takes no ON CONFLICT there. */
  @Test
  void insertsIntoATableWithDeferrableConstraints() {
    TargetTable table = Tables.table("t").key("id", "bigint").deferrable("id").build();
    assertThat(Sql.insert(insert(table, row("id", 1))))
        .isEqualTo(
            "INSERT INTO \"public\".\"t\" (\"id\") OVERRIDING SYSTEM VALUE VALUES (?::bigint)");
  }

  @Test
  void insertsARowWithoutColumns() {
    TargetTable table = Tables.table("t").column("only_here", "text").build();
    assertThat(Sql.insert(insert(table, row())))
        .isEqualTo("INSERT INTO \"public\".\"t\" DEFAULT VALUES ON CONFLICT DO NOTHING");
  }

  @Test
  void updatesManyRows() {
    assertThat(Sql.updateSet(update(PLAIN, null, PLAIN_ROW)))
        .isEqualTo(
            others("UPDATE ONLY \"public\".\"t\" AS t SET \"v\" = u.c0::text, \"n\" = u.c1::numeric"
                + " FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, c2, n)"
                + " WHERE t.\"id\" = u.c2::bigint"));
  }

  @Test
  void updatesManyRowsByACompositeKeyInTheTablesColumnOrder() {
    assertThat(Sql.updateSet(update(COMPOSITE, null, LINE)))
        .isEqualTo(others("UPDATE ONLY \"app\".\"lines\" AS t SET \"note\" = u.c0::text"
            + " FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, c2, n)"
            + " WHERE t.\"pos\" = u.c1::integer AND t.\"order_no\" = u.c2::character varying"));
  }

  @Test
  void deletesManyRows() {
    assertThat(Sql.deleteSet(delete(COMPOSITE, LINE)))
        .isEqualTo(others("DELETE FROM ONLY \"app\".\"lines\" AS t"
            + " USING unnest(?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, n)"
            + " WHERE t.\"pos\" = u.c0::integer AND t.\"order_no\" = u.c1::character varying"));
  }

  @Test
  void updatesOneRow() {
    assertThat(Sql.update(update(PLAIN, null, PLAIN_ROW)))
        .isEqualTo("UPDATE ONLY \"public\".\"t\" AS t SET \"v\" = ?::text, \"n\" = ?::numeric"
            + " WHERE t.\"id\" = ?::bigint");
  }

  @Test
  void updatesRowsOfAPartitionedTableWhereverTheyAre() {
    TargetTable table =
        Tables.table("p").key("id", "bigint").column("v", "text").partitioned().build();
    assertThat(Sql.update(update(table, null, row("id", 1, "v", "a"))))
        .isEqualTo("UPDATE \"public\".\"p\" AS t SET \"v\" = ?::text WHERE t.\"id\" = ?::bigint");
  }

  /** The key may change while the source knows the row by other columns. */
  @Test
  void updatesARowFoundByOtherColumnsThanTheKey() {
    TargetTable table = Tables.table("t")
        .key("id", "bigint")
        .column("u", "bigint")
        .column("v", "text")
        .unique("u")
        .build();
    Shape shape = Shape.of(Operation.of(
        table,
        change(
            table,
            ReplicaIdentity.of(List.of("u")),
            Kind.UPDATE,
            null,
            row("id", 2, "u", 1, "v", "a"))));
    assertThat(Sql.update(shape))
        .isEqualTo("UPDATE ONLY \"public\".\"t\" AS t SET \"id\" = ?::bigint, \"v\" = ?::text"
            + " WHERE t.\"u\" = ?::bigint");
    assertThat(Sql.updateSet(shape))
        .isEqualTo(
            others("UPDATE ONLY \"public\".\"t\" AS t SET \"id\" = u.c0::bigint, \"v\" = u.c1::text"
                + " FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, c2, n)"
                + " WHERE t.\"u\" = u.c2::bigint"));
  }

  @Test
  void leavesAValueAloneThatTheUpdateDidNotTouch() {
    assertThat(
            Sql.update(update(PLAIN, null, row("id", 1, "v", Wire.UNAVAILABLE_VALUE, "n", null))))
        .isEqualTo(
            "UPDATE ONLY \"public\".\"t\" AS t SET \"n\" = ?::numeric WHERE t.\"id\" = ?::bigint");
  }

  @Test
  void updatesTheKey() {
    Shape shape = update(
        COMPOSITE,
        row("note", null, "pos", 1, "order_no", "A"),
        row("note", "x", "pos", 2, "order_no", "A"));
    assertThat(Sql.update(shape))
        .isEqualTo(
            "UPDATE ONLY \"app\".\"lines\" AS t SET \"note\" = ?::text, \"pos\" = ?::integer,"
                + " \"order_no\" = ?::character varying"
                + " WHERE t.\"pos\" = ?::integer AND t.\"order_no\" = ?::character varying");
  }

  @Test
  void deletesOneRow() {
    assertThat(Sql.delete(delete(PLAIN, PLAIN_ROW)))
        .isEqualTo("DELETE FROM ONLY \"public\".\"t\" AS t WHERE t.\"id\" = ?::bigint");
  }

  @Test
  void readsOneRow() {
    assertThat(Sql.select(delete(KEYLESS, row("id", 1, "v", null)), "pgduplex_l_forward"))
        .startsWith(
            "SELECT jsonb_object(ARRAY['id', 'v']::text[],"
                + " ARRAY[CASE num_nulls(t.\"id\") WHEN 0 THEN concat(t.\"id\") COLLATE \"C\" END,"
                + " CASE num_nulls(t.\"v\") WHEN 0 THEN concat(t.\"v\") COLLATE \"C\" END]::text[])"
                + ", (extract(epoch FROM w.pgduplex_time) * 1000000)::bigint,"
                + " coalesce(w.pgduplex_origin = (SELECT roident FROM pg_replication_origin WHERE roname = 'pgduplex_l_forward'), age(t.xmin) <= 0),"
                + " t.tableoid::bigint, t.ctid::text,"
                + " ARRAY[]::text[] FROM ONLY \"public\".\"h\" AS t CROSS JOIN LATERAL pg_xact_commit_timestamp_origin(t.xmin) AS w (pgduplex_time, pgduplex_origin) WHERE ")
        .endsWith(" LIMIT 1 FOR UPDATE OF t");
  }

  /** Of several equal rows one; types whose equality is not that of their text are compared as text. */
  @Test
  void findsARowWithoutKeyByAllItsValues() {
    Map<String, @Nullable Object> before = row("id", 1, "v", null);
    String one = "(t.tableoid, t.ctid) = (SELECT t.tableoid, t.ctid FROM ONLY \"public\".\"h\" AS t"
        + " WHERE t.\"id\" IS NOT DISTINCT FROM ?::bigint"
        + " AND CASE num_nulls(t.\"v\") WHEN 0 THEN concat(t.\"v\") COLLATE \"C\" END IS NOT DISTINCT FROM"
        + " (SELECT CASE num_nulls(y.x) WHEN 0 THEN concat(y.x) COLLATE \"C\" END FROM (SELECT ?::jsonb) AS y (x)) LIMIT 1)";
    assertThat(Sql.delete(delete(KEYLESS, before)))
        .isEqualTo("DELETE FROM ONLY \"public\".\"h\" AS t WHERE " + one);
    assertThat(Sql.update(update(KEYLESS, before, row("id", 2, "v", "{}"))))
        .isEqualTo(
            "UPDATE ONLY \"public\".\"h\" AS t SET \"id\" = ?::bigint, \"v\" = ?::jsonb WHERE "
                + one);
  }

  @Test
  void quotesEveryName() {
    TargetTable table = Tables.table("My Schema", "Order \"x\"")
        .key("Id", "bigint")
        .column("a\"b", "app.\"Mood\"")
        .build();
    Map<String, @Nullable Object> image = row("Id", 1, "a\"b", "ok");
    assertThat(Sql.insert(insert(table, image)))
        .isEqualTo(
            "INSERT INTO \"My Schema\".\"Order \"\"x\"\"\" (\"Id\", \"a\"\"b\")"
                + " OVERRIDING SYSTEM VALUE VALUES (?::bigint, ?::app.\"Mood\") ON CONFLICT DO NOTHING");
    assertThat(Sql.updateSet(update(table, null, image)))
        .isEqualTo(
            others(
                "UPDATE ONLY \"My Schema\".\"Order \"\"x\"\"\" AS t SET \"a\"\"b\" = u.c0::app.\"Mood\""
                    + " FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, n) WHERE t.\"Id\" = u.c1::bigint"));
  }

  @Test
  void updatesByAGeneratedAlwaysKeyInPlace() {
    TargetTable table =
        Tables.table("t").alwaysKey("id", "bigint").column("v", "text").build();
    assertThat(Sql.update(update(table, null, row("id", 1, "v", "a"))))
        .isEqualTo(
            "UPDATE ONLY \"public\".\"t\" AS t SET \"v\" = ?::text WHERE t.\"id\" = ?::bigint");
  }

  @Test
  void takesARowOutAndPutsItBackToChangeAGeneratedAlwaysKey() {
    TargetTable table =
        Tables.table("t").alwaysKey("id", "bigint").column("v", "text").build();
    Shape shape = update(table, row("id", 1, "v", null), row("id", 2, "v", Wire.UNAVAILABLE_VALUE));
    assertThat(Sql.update(shape))
        .isEqualTo("WITH n (c0) AS (SELECT ?::text),"
            + " old AS (DELETE FROM ONLY \"public\".\"t\" AS t WHERE t.\"id\" = ?::bigint RETURNING *)"
            + " INSERT INTO \"public\".\"t\" (\"id\", \"v\") OVERRIDING SYSTEM VALUE"
            + " SELECT n.c0::bigint, old.\"v\" FROM old, n");
  }

  @Test
  void takesARowOutAndPutsItBackToSetAGeneratedAlwaysColumn() {
    TargetTable table = Tables.table("t")
        .key("id", "bigint")
        .always("no", "integer")
        .column("v", "text")
        .build();
    assertThat(Sql.update(update(table, null, row("id", 1, "no", 5, "v", "a"))))
        .isEqualTo("WITH n (c0, c1) AS (SELECT ?::text, ?::text),"
            + " old AS (DELETE FROM ONLY \"public\".\"t\" AS t WHERE t.\"id\" = ?::bigint RETURNING *)"
            + " INSERT INTO \"public\".\"t\" (\"id\", \"no\", \"v\") OVERRIDING SYSTEM VALUE"
            + " SELECT old.\"id\", n.c0::integer, n.c1::text FROM old, n");
  }

  /** What the sender's row held is a condition; the key's columns are one already. */
  @Test
  void comparesWithTheImageBefore() {
    Operation update = Operation.of(
        PLAIN,
        change(
            PLAIN,
            ReplicaIdentity.FULL,
            Kind.UPDATE,
            row("id", 1, "v", "old", "n", null),
            row("id", 1, "v", "new", "n", 2)));
    assertThat(parameters(update)).containsExactly("new", "2", "1", "old", null);
    assertThat(Sql.update(Shape.of(update)))
        .isEqualTo(
            "UPDATE ONLY \"public\".\"t\" AS t SET \"v\" = ?::text, \"n\" = ?::numeric WHERE t.\"id\" = ?::bigint"
                + " AND CASE num_nulls(t.\"v\") WHEN 0 THEN concat(t.\"v\") COLLATE \"C\" END IS NOT DISTINCT FROM"
                + " (SELECT CASE num_nulls(y.x) WHEN 0 THEN concat(y.x) COLLATE \"C\" END FROM (SELECT ?::text) AS y (x))"
                + " AND CASE num_nulls(t.\"n\") WHEN 0 THEN concat(t.\"n\") COLLATE \"C\" END IS NOT DISTINCT FROM"
                + " (SELECT CASE num_nulls(y.x) WHEN 0 THEN concat(y.x) COLLATE \"C\" END FROM (SELECT ?::numeric) AS y (x))");
    assertThat(Sql.updateSet(Shape.of(update)))
        .contains(
            "unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, c2, c3, c4, n)")
        .contains("t.\"id\" = u.c2::bigint AND ")
        .contains("(SELECT u.c3::text)")
        .contains("(SELECT u.c4::numeric)");
    assertThat(Sql.update(Shape.of(update.unconditional()))).endsWith("WHERE t.\"id\" = ?::bigint");
    assertThat(parameters(update.unconditional())).containsExactly("new", "2", "1");
  }

  private static List<@Nullable Object> parameters(Operation operation) {
    return operation.parameters(Shape.of(operation));
  }

  /** The numbers of the rows that were not met. */
  private static String others(String statement) {
    return "WITH done AS (" + statement
        + " RETURNING u.n) SELECT n FROM generate_series(1, ?) AS n EXCEPT SELECT n FROM done ORDER BY n";
  }

  @Test
  void looksForKeysThatAreThere() {
    assertThat(Sql.existing(COMPOSITE))
        .isEqualTo("SELECT u.n FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, n)"
            + " WHERE EXISTS (SELECT FROM ONLY \"app\".\"lines\" AS t"
            + " WHERE t.\"pos\" = u.c0::integer AND t.\"order_no\" = u.c1::character varying)"
            + " ORDER BY u.n");
  }
}
