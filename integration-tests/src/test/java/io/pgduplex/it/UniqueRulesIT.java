package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows in the way by each kind of unique index and by exclusion constraints are found, decided and recorded. */
@Tag(TestLink.BOTH_WRITE_PATHS)
class UniqueRulesIT {

  private static final TestLink LINK = TestLink.named("unique_rules");
  private static final TestLink LINK_14 =
      TestLink.between("unique_rules_14", SharedStack.get().a(), SharedStack.postgres(14));
  private static final List<TestLink> LINKS = List.of(LINK, LINK_14);

  /** How B decides; with the last its own rows are the later ones. */
  private static final List<String> DECISIONS =
      List.of("ignore", "overwrite", "last_update_wins", "last_is_local");

  private static final String CREATE = """
      CREATE TABLE %s (id int PRIMARY KEY, v text, k text, n int, r int4range, j jsonb, c text COLLATE any_case,
        big text DEFAULT repeat('b', 5000))""";

  private static final String PARTITIONS = """
       PARTITION BY RANGE (id);
      CREATE TABLE %1$s_low PARTITION OF %1$s FOR VALUES FROM (0) TO (100);
      CREATE TABLE %1$s_high PARTITION OF %1$s FOR VALUES FROM (100) TO (1000)""";

  /** What keeps rows apart on B; on A it is the key alone. */
  private enum Rule {
    PARTIAL(
        "CREATE UNIQUE INDEX ON %s (n) WHERE k = 'on'",
        "'on', #, NULL, NULL, NULL", "'on', #, NULL, NULL, NULL", "'off', #, NULL, NULL, NULL"),
    EXPRESSION(
        "CREATE UNIQUE INDEX ON %s (lower(k))",
        "'Ab#', 0, NULL, NULL, NULL", "'aB#', 0, NULL, NULL, NULL", "NULL, 0, NULL, NULL, NULL"),
    NULLS(
        "ALTER TABLE %s ADD UNIQUE NULLS NOT DISTINCT (n, k)",
        "NULL, #, NULL, NULL, NULL", "NULL, #, NULL, NULL, NULL", "'', #, NULL, NULL, NULL"),
    EXCLUSION(
        "ALTER TABLE %s ADD EXCLUDE USING gist (r WITH &&) WHERE (n > 0)",
        "NULL, 1, '[#0,#5)', NULL, NULL",
        "NULL, 2, '[#4,#9)', NULL, NULL",
        "NULL, 0, '[#0,#9)', NULL, NULL"),
    GENERATED(
        "ALTER TABLE %s ADD g text GENERATED ALWAYS AS (lower(k)) STORED UNIQUE",
        "'Ab#', 0, NULL, NULL, NULL", "'aB#', 0, NULL, NULL, NULL", "NULL, 0, NULL, NULL, NULL"),
    QUESTION_MARK(
        "CREATE UNIQUE INDEX ON %s ((j ->> 't?')) WHERE j ? 'on'",
        "NULL, 0, NULL, '{\"on\": 1, \"t?\": #}', NULL",
        "NULL, 0, NULL, '{\"on\": 2, \"t?\": #}', NULL",
        "NULL, 0, NULL, '{\"t?\": #}', NULL"),
    COLLATION(
        "CREATE UNIQUE INDEX ON %s ((c || '!'))",
        "NULL, 0, NULL, NULL, 'Ab#'", "NULL, 0, NULL, NULL, 'aB#'", "NULL, 0, NULL, NULL, 'Abc#'"),
    // An UPDATE that does not touch a long value does not bring it along.
    UNTOUCHED(
        "CREATE UNIQUE INDEX ON %s (n, md5(big))",
        "NULL, #, NULL, NULL, NULL", "NULL, #, NULL, NULL, NULL", "NULL, -#, NULL, NULL, NULL"),
    ONLY_ON_B(
        "ALTER TABLE %1$s ADD d int DEFAULT 7; CREATE UNIQUE INDEX ON %1$s (n, d)",
        "NULL, #, NULL, NULL, NULL", "NULL, #, NULL, NULL, NULL", "NULL, -#, NULL, NULL, NULL"),
    PARTITION(
        "CREATE UNIQUE INDEX ON %s_high (n)",
        "NULL, #, NULL, NULL, NULL", "NULL, #, NULL, NULL, NULL", "NULL, -#, NULL, NULL, NULL");

    private final String sql;
    private final String local;
    private final String incoming;
    private final String beside;

    /**
     * The rows are values for k, n, r, j and c, with a number for #.
     *
     * @param local a row of B's
     * @param incoming a row of A's that cannot be beside it
     * @param beside a row that can be beside both
     */
    Rule(String sql, String local, String incoming, String beside) {
      this.sql = sql;
      this.local = local;
      this.incoming = incoming;
      this.beside = beside;
    }

    /** The same in the lower partition, which has no such index. */
    String besideInLow() {
      return this == PARTITION ? incoming : beside;
    }

    String table(String decision) {
      return decision + "_" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** PostgreSQL 14 does not know all. */
  private static List<Rule> rules(TestLink link) {
    return Stream.of(Rule.values())
        .filter(rule -> link == LINK || rule != Rule.NULLS)
        .toList();
  }

  @BeforeAll
  static void meet() {
    LINKS.forEach(UniqueRulesIT::prepare);
    LINKS.forEach(link -> {
      link.stop("forward-sink");
      rules(link).forEach(rule -> incoming(link, "last_is_local", rule));
      link.b().execute("SELECT pg_sleep(0.01)");
      DECISIONS.forEach(decision -> rules(link).forEach(rule -> local(link, decision, rule)));
      link.b().execute("SELECT pg_sleep(0.01)");
      DECISIONS.stream()
          .filter(decision -> !decision.equals("last_is_local"))
          .forEach(decision -> rules(link).forEach(rule -> incoming(link, decision, rule)));
      link.a().execute("INSERT INTO mark VALUES (1)");
      link.rest().resume(link.connector("forward-sink"));
    });
    LINKS.forEach(link -> link.awaitEqual("mark"));
  }

  private static void prepare(TestLink link) {
    link.onBoth(
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
            + " CREATE TABLE mark (id int PRIMARY KEY)");
    for (String decision : DECISIONS) {
      for (Rule rule : rules(link)) {
        String table = rule.table(decision);
        link.a().execute(CREATE.formatted(table));
        link.b()
            .execute(CREATE.formatted(table)
                + (rule == Rule.PARTITION ? PARTITIONS.formatted(table) : ""));
        link.onBoth("ALTER TABLE " + table + " ALTER big SET STORAGE EXTERNAL");
        link.b().execute(rule.sql.formatted(table));
        link.a()
            .execute(IntStream.rangeClosed(101, 130)
                .mapToObj(id -> insert(table, id, "old", rule.incoming, id))
                .collect(Collectors.joining(";")));
      }
    }
    link.oneWay("public\\..*")
        .with("forward-sink", "conflict.policy", "last_update_wins")
        .with(
            "forward-sink",
            "conflict.policy.overrides",
            "public.ignore*=ignore,public.overwrite*=overwrite")
        .start();
  }

  private static String insert(String table, int id, String v, String values, int number) {
    return "INSERT INTO %s (id, v, k, n, r, j, c) VALUES (%d, '%s', %s)"
        .formatted(table, id, v, values.replace("#", String.valueOf(number)));
  }

  private static void local(TestLink link, String decision, Rule rule) {
    String table = rule.table(decision);
    link.b()
        .execute(String.join(
            ";",
            insert(table, 201, "local", rule.local, 201),
            insert(table, 202, "local", rule.local, 202),
            insert(table, 203, "local", rule.beside, 201),
            insert(table, 4, "local", rule.besideInLow(), 202)));
  }

  /** An INSERT and an UPDATE among rows that nothing is in the way of. */
  private static void incoming(TestLink link, String decision, Rule rule) {
    String table = rule.table(decision);
    link.a()
        .execute(String.join(
            ";",
            "UPDATE " + table + " SET v = 'clean' WHERE id > 110",
            insert(table, 211, "incoming", rule.incoming, 201),
            "UPDATE " + table + " SET v = 'incoming', (k, n, r, j, c) = ROW("
                + rule.incoming.replace("#", "202") + ") WHERE id = 102",
            insert(table, 212, "clean", rule.incoming, 212)));
  }

  @AfterAll
  static void stopLinks() {
    LINKS.forEach(TestLink::close);
  }

  static Stream<Arguments> scenarios() {
    return LINKS.stream()
        .flatMap(link -> DECISIONS.stream()
            .flatMap(decision -> rules(link).stream()
                .map(rule -> Arguments.of(link == LINK ? 18 : 14, decision, rule))));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void isFoundDecidedAndRecorded(int version, String decision, Rule rule) {
    Side b = (version == 18 ? LINK : LINK_14).b();
    String table = rule.table(decision);
    boolean incoming = decision.equals("overwrite") || decision.equals("last_update_wins");
    List<String> rows =
        b.column("SELECT id || ' ' || v FROM " + table + " WHERE v <> 'clean' ORDER BY id");
    String outcome = incoming ? " incoming_applied " : " local_kept ";
    if (incoming) {
      assertThat(rows)
          .contains("4 local", "102 incoming", "203 local", "211 incoming")
          .doesNotContain("201 local", "202 local")
          .hasSize(4 + 9);
    } else {
      assertThat(rows)
          .contains("4 local", "102 old", "201 local", "202 local", "203 local")
          .hasSize(5 + 9);
    }
    assertThat(b.value("SELECT count(*) FROM " + table + " WHERE v = 'clean'")).isEqualTo("21");
    assertThat(b.column(
            "SELECT type || ' ' || outcome || ' ' || (local ->> 'id') AS c FROM pgduplex.conflicts"
                + " WHERE table_name = '" + table + "' ORDER BY c"))
        .containsExactly("insert_exists" + outcome + "201", "update_exists" + outcome + "202");
  }
}
