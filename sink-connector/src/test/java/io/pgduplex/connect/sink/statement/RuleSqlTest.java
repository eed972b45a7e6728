package io.pgduplex.connect.sink.statement;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import io.pgduplex.connect.sink.table.UniqueRule.Key;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSqlTest {

  private static final String EQUAL = "OPERATOR(pg_catalog.=)";
  private static final UniqueRule LOWER = new UniqueRule(
      List.of(),
      List.of(new Key("(lower(v))::text", EQUAL, " COLLATE pg_catalog.\"default\"")),
      "",
      false);
  private static final TargetTable TABLE = Tables.table("t")
      .key("id", "bigint")
      .withDefault("v", "text", " COLLATE app.nd", "'x'::text")
      .rule(LOWER)
      .build();
  private static final Shape INSERT =
      Shape.of(Operation.of(TABLE, change(TABLE, Kind.INSERT, null, row("id", 1, "v", "a"))));
  private static final Shape UPDATE =
      Shape.of(Operation.of(TABLE, change(TABLE, Kind.UPDATE, null, row("id", 1, "v", "a"))));

  private static String from(String sql) {
    assertThat(sql).contains(" SELECT jsonb_object(");
    return sql.substring(0, sql.indexOf(" SELECT jsonb_object(")) + " ... "
        + sql.substring(sql.lastIndexOf("pgduplex_origin) WHERE ") + "pgduplex_origin) ".length());
  }

  @Test
  void findsByColumnsWithoutMakingUpARow() {
    assertThat(RuleSql.byColumns(TABLE, List.of(1), List.of(0), "o"))
        .startsWith("SELECT jsonb_object(")
        .endsWith(" AS w (pgduplex_time, pgduplex_origin) WHERE t.\"v\" = ?::text"
            + " AND NOT (t.\"id\" = ?::bigint) FOR UPDATE OF t");
  }

  @Test
  void comparesExpressionsOverARowThatIsNotThereYet() {
    assertThat(from(RuleSql.byRule(INSERT, List.of(0, 1), LOWER, List.of(0), "o")))
        .isEqualTo(
            "WITH n AS (SELECT ?::bigint AS \"id\", ?::text COLLATE app.nd AS \"v\"), g AS (SELECT * FROM n),"
                + " k AS (SELECT (lower(v))::text AS k0 FROM g) ..."
                + " WHERE (lower(v))::text OPERATOR(pg_catalog.=) (SELECT k0 FROM k) COLLATE pg_catalog.\"default\""
                + " AND NOT (t.\"id\" = ?::bigint) FOR UPDATE OF t");
  }

  @Test
  void takesTheDefaultOfAColumnThatAnInsertDoesNotWrite() {
    assertThat(RuleSql.byRule(INSERT, List.of(0), LOWER, List.of(), "o"))
        .startsWith("WITH n AS (SELECT ?::bigint AS \"id\","
            + " ('x'::text)::text COLLATE app.nd AS \"v\"), g AS");
  }

  @Test
  void takesFromTheRowWhatAnUpdateDoesNotWrite() {
    assertThat(RuleSql.byRule(UPDATE, List.of(0), LOWER, List.of(0), "o"))
        .startsWith(
            "WITH n AS (SELECT ?::bigint AS \"id\","
                + " CASE WHEN t.ctid IS NULL THEN ('x'::text)::text COLLATE app.nd ELSE t.\"v\" END AS \"v\""
                + " FROM (SELECT) AS o LEFT JOIN ONLY \"public\".\"t\" AS t ON t.\"id\" = ?::bigint LIMIT 1), g AS");
  }

  @Test
  void computesGeneratedColumns() {
    TargetTable table = Tables.table("t")
        .key("id", "bigint")
        .generated("twice", "((id * 2))::bigint")
        .build();
    Shape shape = Shape.of(Operation.of(table, change(table, Kind.INSERT, null, row("id", 1))));
    assertThat(RuleSql.byRule(shape, List.of(0), LOWER, List.of(), "o"))
        .startsWith("WITH n AS (SELECT ?::bigint AS \"id\"),"
            + " g AS (SELECT *, ((id * 2))::bigint AS \"twice\" FROM n), k AS (");
  }

  /** Where the new row does not fit the predicate, none is in its way. */
  @Test
  void comparesByAPredicateAndSeveralKeysAndNullsAsEqual() {
    UniqueRule rule = new UniqueRule(
        List.of(),
        List.of(
            new Key("(id)::bigint", EQUAL, ""),
            new Key("(r)::int4range", "OPERATOR(pg_catalog.&&)", "")),
        "(v > 'a'::text)",
        true);
    assertThat(from(RuleSql.byRule(INSERT, List.of(0, 1), rule, List.of(), "o")))
        .endsWith(
            "k AS (SELECT (id)::bigint AS k0, (r)::int4range AS k1 FROM g WHERE (v > 'a'::text)) ..."
                + " WHERE (v > 'a'::text) AND EXISTS (SELECT FROM k)"
                + " AND ((id)::bigint OPERATOR(pg_catalog.=) (SELECT k0 FROM k)"
                + " OR (id)::bigint IS NOT DISTINCT FROM NULL AND num_nulls((SELECT k0 FROM k)) = 1)"
                + " AND ((r)::int4range OPERATOR(pg_catalog.&&) (SELECT k1 FROM k)"
                + " OR (r)::int4range IS NOT DISTINCT FROM NULL AND num_nulls((SELECT k1 FROM k)) = 1)"
                + " FOR UPDATE OF t");
  }

  @Test
  void asksForManyRowsWhichAreNotAlone() {
    assertThat(RuleSql.crowded(TABLE, List.of(0, 1)))
        .isEqualTo("SELECT u.n FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS u(c0, c1, n)"
            + " WHERE (SELECT count(*) FROM (SELECT FROM ONLY \"public\".\"t\" AS t"
            + " WHERE t.\"id\" = u.c0::bigint AND t.\"v\" = u.c1::text LIMIT 2) AS x) > 1");
  }

  @Test
  void leavesNoQuestionMarkOfTheServersToTheDriver() {
    assertThat(RuleSql.escaped("(j ? 'it''s?'::text) AND \"a?\" ?| '{$1}' AND k ?& \"?\"\"?\""))
        .isEqualTo("(j ?? 'it''s?'::text) AND \"a?\" ??| '{$1}' AND k ??& \"?\"\"?\"");
  }
}
