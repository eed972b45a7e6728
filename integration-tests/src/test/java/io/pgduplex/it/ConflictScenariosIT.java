package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each type of conflict under each policy, met by an earlier and by a later incoming change, alone and among others in one
 * transaction: the rows that are left, and what is on record.
 */
@Tag(TestLink.BOTH_WRITE_PATHS)
class ConflictScenariosIT {

  private static final TestLink LINK = TestLink.named("scenarios");
  private static final List<String> POLICIES = List.of("ignore", "overwrite", "last_update_wins");
  private static final List<String> TIMES = List.of("earlier", "later");
  private static final List<String> SIZES = List.of("alone", "among");

  /** What B has done to the rows before it hears of A's changes, and what A has done. */
  private static final String LOCAL = """
      UPDATE %1$s SET v = 'local' WHERE id IN (1, 2, 8);
      DELETE FROM %1$s WHERE id IN (3, 4);
      INSERT INTO %1$s (id, part, v) VALUES (5, 'p', 'local')""";

  private static final List<String> INCOMING = List.of(
      "UPDATE %1$s SET v = 'incoming' WHERE id = 1",
      "DELETE FROM %1$s WHERE id = 2",
      "UPDATE %1$s SET v = 'incoming' WHERE id = 3",
      "DELETE FROM %1$s WHERE id = 4",
      "INSERT INTO %1$s (id, part, v) VALUES (5, 'p', 'incoming')",
      "UPDATE %1$s SET v = 'incoming', n = n + 1 WHERE id = 6",
      "DELETE FROM %1$s WHERE id = 7",
      "UPDATE %1$s SET v = 'first' WHERE id = 8",
      "UPDATE %1$s SET v = 'incoming' WHERE id = 8");

  /** B holds rows 101 to 105 with the unique values 201 to 205. */
  private static final String UNIQUE = """
      UPDATE %1$s SET v = 'clean' WHERE id BETWEEN 20 AND 30;
      INSERT INTO %1$s VALUES (111, 201, 311, 'incoming');
      UPDATE %1$s SET u = 202, v = 'incoming' WHERE id = 2;
      INSERT INTO %1$s VALUES (113, 203, 204, 'incoming');
      UPDATE %1$s SET id = 105, v = 'incoming' WHERE id = 3;
      UPDATE %1$s SET v = 'clean' WHERE id BETWEEN 31 AND 40""";

  private static String table(String policy, String time, String size) {
    return policy + "_" + time + "_" + size;
  }

  private static List<String> tables(String time) {
    List<String> tables = new ArrayList<>();
    for (String policy : POLICIES) {
      for (String size : SIZES) {
        tables.add(table(policy, time, size));
      }
    }
    return tables;
  }

  @BeforeAll
  static void startLink() {
    List<String> all = new ArrayList<>();
    TIMES.forEach(time -> all.addAll(tables(time)));
    for (String table : all) {
      LINK.onBoth("""
          CREATE TABLE %1$s (id int, part text, v text, n numeric DEFAULT 1.50, j json DEFAULT '{"b": 1,  "a": 2}',
            at point DEFAULT '(1,2)', x xml DEFAULT '<a/>', PRIMARY KEY (part, id));
          ALTER TABLE %1$s REPLICA IDENTITY FULL""".formatted(table));
      LINK.a()
          .execute("INSERT INTO " + table
              + " (id, part, v) SELECT g, 'p', 'old' FROM generate_series(1, 60) g WHERE g <> 5");
    }
    for (String policy : POLICIES) {
      LINK.onBoth("CREATE TABLE " + policy
          + "_unique (id int PRIMARY KEY, u int UNIQUE, w int UNIQUE, v text)");
      LINK.a()
          .execute("INSERT INTO " + policy
              + "_unique SELECT g, g, g, 'old' FROM generate_series(1, 40) g");
    }
    LINK.onBoth(
        "CREATE TABLE by_key_alone (id int PRIMARY KEY, v text); CREATE TABLE mark (id int PRIMARY KEY);"
            + " CREATE TABLE skipped (id int PRIMARY KEY, v text)");
    LINK.a()
        .execute(
            "INSERT INTO by_key_alone VALUES (1, 'old'); INSERT INTO skipped VALUES (1, 'old')");
    LINK.oneWay("public\\..*")
        .with("forward-sink", "conflict.policy", "overwrite")
        .with(
            "forward-sink",
            "conflict.policy.overrides",
            "public.ignore*=ignore,public.last*=last_update_wins,public.skipped:update_missing=skip")
        .start();
    LINK.awaitEqual(all.toArray(String[]::new));

    LINK.stop("forward-sink");
    tables("earlier").forEach(ConflictScenariosIT::changeOnA);
    LINK.b().execute("SELECT pg_sleep(0.01)");
    all.forEach(table -> LINK.b().execute(LOCAL.formatted(table)));
    LINK.b().execute("SELECT pg_sleep(0.01)");
    tables("later").forEach(ConflictScenariosIT::changeOnA);
    for (String policy : POLICIES) {
      LINK.b()
          .execute("INSERT INTO " + policy
              + "_unique SELECT g, g + 100, g + 100, 'local' FROM generate_series(101, 105) g");
      LINK.b().execute("SELECT pg_sleep(0.01)");
      LINK.a().execute(UNIQUE.formatted(policy + "_unique"));
    }
    LINK.b().execute("UPDATE by_key_alone SET v = 'local'; DELETE FROM skipped");
    LINK.a().execute("UPDATE by_key_alone SET v = 'incoming'; UPDATE skipped SET v = 'incoming'");
    LINK.a().execute("INSERT INTO mark VALUES (1)");
    LINK.rest().resume(LINK.connector("forward-sink"));
    LINK.awaitEqual("mark");
  }

  private static void changeOnA(String table) {
    boolean among = table.endsWith("among");
    String clean = "UPDATE %1$s SET v = 'clean', n = n WHERE id BETWEEN %2$d AND %3$d;";
    if (among) {
      LINK.a()
          .execute(clean.formatted(table, 20, 39)
              + String.join(";", INCOMING).formatted(table) + ";"
              + clean.formatted(table, 40, 59));
    } else {
      INCOMING.forEach(change -> LINK.a().execute(change.formatted(table)));
    }
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  static Stream<Arguments> scenarios() {
    return POLICIES.stream()
        .flatMap(policy -> TIMES.stream()
            .flatMap(time -> SIZES.stream().map(size -> Arguments.of(policy, time, size))));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void isDecidedAndRecorded(String policy, String time, String size) {
    String table = table(policy, time, size);
    boolean incoming =
        policy.equals("overwrite") || (policy.equals("last_update_wins") && time.equals("later"));
    String winner = incoming ? "incoming" : "local";
    assertThat(
            LINK.b().column("SELECT id || ' ' || v FROM " + table + " WHERE id < 10 ORDER BY id"))
        .containsExactlyElementsOf(Stream.of(
                "1 " + winner,
                incoming ? "" : "2 local",
                "3 incoming",
                "5 " + winner,
                "6 incoming",
                "8 " + winner,
                "9 old")
            .filter(row -> !row.isEmpty())
            .toList());
    String outcome = incoming ? " incoming_applied" : " local_kept";
    // Where the first UPDATE of row 8 is left out, the second meets the same row.
    assertThat(LINK.b()
            .column(
                "SELECT DISTINCT (key ->> 'id') || ' ' || type || ' ' || outcome AS c FROM pgduplex.conflicts"
                    + " WHERE table_name = '" + table + "' ORDER BY c"))
        .containsExactly(
            "1 update_origin_differs" + outcome,
            "2 delete_origin_differs" + outcome,
            "3 update_missing inserted",
            "4 delete_missing left_out",
            "5 insert_exists" + outcome,
            "8 update_origin_differs" + outcome);
    assertThat(LINK.b()
            .column("SELECT v FROM " + table + " WHERE id BETWEEN 20 AND 59 AND v <> '"
                + (size.equals("among") ? "clean" : "old") + "'"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ignore", "overwrite", "last_update_wins"})
  void rowsInTheWayByAnyUniqueValueAreFound(String policy) {
    String table = policy + "_unique";
    List<String> rows = LINK.b()
        .column("SELECT concat_ws(' ', id, u, w, v) FROM " + table
            + " WHERE id < 10 OR id > 100 ORDER BY id");
    if (policy.equals("ignore")) {
      assertThat(rows)
          .contains("2 2 2 old", "3 3 3 old", "101 201 201 local", "105 205 205 local")
          .hasSize(14);
    } else {
      assertThat(rows)
          .contains(
              "2 202 2 incoming",
              "105 3 3 incoming",
              "111 201 311 incoming",
              "113 203 204 incoming")
          .hasSize(11);
    }
    String outcome = policy.equals("ignore") ? " local_kept " : " incoming_applied ";
    assertThat(LINK.b()
            .column(
                "SELECT type || ' ' || outcome || ' ' || (local ->> 'id') AS c FROM pgduplex.conflicts"
                    + " WHERE table_name = '" + table + "' ORDER BY c"))
        .containsExactly(
            "insert_exists" + outcome + "101",
            "multiple_unique_conflicts" + outcome + "103",
            "multiple_unique_conflicts" + outcome + "104",
            "update_exists" + outcome + "102",
            "update_exists" + outcome + "105");
    assertThat(LINK.b().value("SELECT count(*) FROM " + table + " WHERE v = 'clean'"))
        .isEqualTo("21");
  }

  /** Enough to put the loser back by hand, and to see why it lost. */
  @Test
  void theLosingVersionIsOnRecordWhole() {
    Map<String, String> record = Map.of(
        "local ->> 'v'", "local",
        "local ->> 'n'", "1.50",
        "local ->> 'j'", "{\"b\": 1,  \"a\": 2}",
        "local ->> 'x'", "<a/>",
        "incoming ->> 'v'", "incoming",
        "key ->> 'part'", "p",
        "policy", "last_update_wins",
        "source_committed_at > local_committed_at", "t");
    record.forEach((expression, value) -> assertThat(
            LINK.b()
                .value(
                    "SELECT " + expression
                        + " FROM pgduplex.conflicts WHERE table_name = 'last_update_wins_later_alone' AND key @> '{\"id\": \"1\"}'"))
        .as(expression)
        .isEqualTo(value));
    assertThat(
            LINK.b()
                .value(
                    "SELECT sum(conflicts) FROM pgduplex.conflict_counts WHERE type = 'insert_exists' AND table_name NOT LIKE '%unique'"))
        .isEqualTo("12");
  }

  /** As docs/conflicts.md says. */
  @Test
  void theLosingVersionCanBePutBack() {
    LINK.b().execute("""
        CREATE TABLE put_back (LIKE overwrite_later_alone INCLUDING ALL);
        INSERT INTO put_back (id, part, v, n, j)
        SELECT (local ->> 'id')::int, local ->> 'part', local ->> 'v', (local ->> 'n')::numeric, (local ->> 'j')::json
          FROM pgduplex.conflicts
         WHERE table_schema = 'public' AND table_name = 'overwrite_later_alone' AND key @> '{"id": "2"}'
         ORDER BY id DESC LIMIT 1
        ON CONFLICT (part, id) DO UPDATE SET v = excluded.v, n = excluded.n, j = excluded.j""");
    assertThat(LINK.b().column("SELECT id || v || n || j::text FROM put_back"))
        .containsExactly("2local1.50{\"b\": 1,  \"a\": 2}");
  }

  /** Without the whole row before there is nothing to compare with. */
  @Test
  void byTheKeyAloneOnlyExistenceIsChecked() {
    assertThat(LINK.b().column("SELECT v FROM by_key_alone")).containsExactly("incoming");
    assertThat(LINK.b()
            .column("SELECT type FROM pgduplex.conflicts WHERE table_name = 'by_key_alone'"))
        .isEmpty();
  }

  @Test
  void anUpdateWhoseRowIsMissingCanBeLeftOut() {
    assertThat(LINK.b().column("SELECT v FROM skipped")).isEmpty();
    assertThat(
            LINK.b()
                .column(
                    "SELECT type || ' ' || policy || ' ' || outcome FROM pgduplex.conflicts WHERE table_name = 'skipped'"))
        .containsExactly("update_missing skip left_out");
  }
}
