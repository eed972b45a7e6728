package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A right that is missing is named, with the SQL that grants it; once that has run, the link goes on where it stopped. */
class MissingGrantIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SQL =
      Pattern.compile("run as an administrator: ([^\n]*?)(; then restart.*)?\n");

  private static final TestLink LINK = TestLink.named("missing_grant");
  private static int rows;

  /**
   * One right.
   *
   * @param document whose role has it
   * @param revoke takes it away; {@code owner} stands for the role that owns the tables
   * @param message names it
   */
  record Right(String document, String revoke, String message) {
    @Override
    public String toString() {
      return document + ": " + message;
    }
  }

  static Stream<Right> rights() {
    return Stream.of(
        source("ALTER ROLE pgduplex NOREPLICATION", "may not replicate"),
        source("REVOKE owner FROM pgduplex", "may not read \"public\".\"t\""),
        source(
            "REVOKE owner FROM pgduplex; CREATE TABLE added (id int PRIMARY KEY)",
            "may not publish \"public\".\"added\", which missing_grant_a_owner owns"),
        source(
            "REVOKE owner FROM pgduplex; GRANT SELECT ON t TO pgduplex;"
                + " ALTER PUBLICATION pgduplex_missing_grant_forward OWNER TO owner",
            "may not change the publication pgduplex_missing_grant_forward"),
        source(
            "REVOKE USAGE ON SCHEMA pgduplex FROM pgduplex", "may not use the schema \"pgduplex\""),
        source(
            "REVOKE UPDATE ON pgduplex.epoch FROM pgduplex",
            "may not UPDATE on \"pgduplex\".\"epoch\""),
        source(
            "REVOKE INSERT, UPDATE ON pgduplex.heartbeat FROM pgduplex",
            "may not INSERT on \"pgduplex\".\"heartbeat\""),
        sink(
            "REVOKE EXECUTE ON FUNCTION pg_replication_origin_create(text) FROM pgduplex",
            "may not execute pg_replication_origin_create;"),
        sink(
            "REVOKE EXECUTE ON FUNCTION pg_replication_origin_session_setup(text) FROM pgduplex",
            "may not execute pg_replication_origin_session_setup;"),
        sink(
            "REVOKE EXECUTE ON FUNCTION pg_replication_origin_xact_setup(pg_lsn, timestamptz) FROM pgduplex",
            "may not execute pg_replication_origin_xact_setup;"),
        sink(
            "REVOKE SET ON PARAMETER session_replication_role FROM pgduplex",
            "may not set session_replication_role"),
        sink(
            "REVOKE USAGE ON SCHEMA pgduplex FROM pgduplex", "may not use the schema \"pgduplex\""),
        sink(
            "DROP TABLE pgduplex.conflicts CASCADE; REVOKE CREATE ON SCHEMA pgduplex FROM pgduplex",
            "may not create \"pgduplex\".\"conflicts\""),
        sink(
            "REVOKE UPDATE ON pgduplex.progress FROM pgduplex",
            "may not UPDATE on \"pgduplex\".\"progress\""),
        sink(
            "REVOKE owner FROM pgduplex; GRANT SELECT, UPDATE ON t TO pgduplex",
            "may not INSERT, DELETE, TRUNCATE on \"public\".\"t\""),
        sink(
            "REVOKE owner FROM pgduplex; GRANT ALL ON t TO pgduplex; REVOKE USAGE ON SCHEMA public FROM PUBLIC",
            "may not use the schema \"public\""));
  }

  private static Right source(String revoke, String message) {
    return new Right("forward-source", revoke, message);
  }

  private static Right sink(String revoke, String message) {
    return new Right("forward-sink", revoke, message);
  }

  @BeforeAll
  static void startLink() {
    LINK.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
    LINK.twoWay("public\\.(t|added)").start();
    // They share the role and would miss what is taken from the others.
    LINK.stop("reverse-source");
    LINK.stop("reverse-sink");
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @AfterEach
  void grantAll() {
    for (Side side : List.of(LINK.a(), LINK.b())) {
      PlainRole.grant(side);
      side.execute("GRANT USAGE ON SCHEMA public TO PUBLIC");
    }
  }

  @ParameterizedTest
  @MethodSource("rights")
  void isNamedAndTheLinkGoesOnOnceItIsGranted(Right right) {
    Side side = right.document().endsWith("source") ? LINK.a() : LINK.b();
    side.execute(right.revoke().replace("owner", PlainRole.owner(side)));

    assertThat(LINK.validate(right.document()).errorsOf("database.user"))
        .as("validation")
        .anySatisfy(error -> assertThat(error).contains(right.message()));
    LINK.rest().restart(LINK.connector(right.document()));
    String trace = LINK.awaitFailure(right.document());
    assertThat(trace).contains(right.message());
    LINK.a().execute("INSERT INTO t VALUES (" + ++rows + ", 'missed')");

    grantWhatIsNamedAndGoOn(LINK, right.document(), side, trace);
  }

  @Test
  void isFoundAtFirstUseWhereTheTablesAreNotKnownBefore() {
    try (TestLink link = TestLink.named("missing_grant_once")) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text)");
      link.oneWay("public\\.t").start();
      Side b = link.b();
      b.execute("REVOKE " + PlainRole.owner(b) + " FROM pgduplex");
      link.a().execute("INSERT INTO t VALUES (1, 'a')");
      String trace = link.awaitFailure("forward-sink");
      assertThat(trace)
          .contains(
              "Table public.t cannot be written to: the role \"pgduplex\" may not SELECT, INSERT, UPDATE, DELETE on"
                  + " \"public\".\"t\"");
      grantWhatIsNamedAndGoOn(link, "forward-sink", b, trace);

      link.a().execute("TRUNCATE t; INSERT INTO t VALUES (2, 'b')");
      String truncate = link.awaitFailure("forward-sink");
      assertThat(truncate).contains("may not TRUNCATE on \"public\".\"t\"");
      grantWhatIsNamedAndGoOn(link, "forward-sink", b, truncate);
    }
  }

  @Test
  void ofTheDatabaseIsFoundBeforeAnythingIsMade() {
    try (TestLink link = TestLink.named("missing_grant_first")) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text)").twoWay("public\\.t");
      link.onBoth("DROP SCHEMA pgduplex");
      link.a().execute("REVOKE CREATE ON DATABASE missing_grant_first_a FROM pgduplex");
      link.b().execute("REVOKE CREATE ON DATABASE missing_grant_first_b FROM pgduplex");
      assertThat(link.validate("forward-source").errorsOf("database.user"))
          .containsExactly(
              "database.user: the role \"pgduplex\" may not create the schema \"pgduplex\"; run as an administrator: GRANT"
                  + " CREATE ON DATABASE \"missing_grant_first_a\" TO \"pgduplex\"",
              "database.user: the role \"pgduplex\" may not create the publication pgduplex_missing_grant_first_forward;"
                  + " run as an administrator: GRANT CREATE ON DATABASE \"missing_grant_first_a\" TO \"pgduplex\"");
      assertThat(link.validate("forward-sink").errorsOf("database.user"))
          .containsExactly(
              "database.user: the role \"pgduplex\" may not create the schema \"pgduplex\"; run as an administrator: GRANT"
                  + " CREATE ON DATABASE \"missing_grant_first_b\" TO \"pgduplex\"");
    }
  }

  @Test
  void validationMakesNothing() {
    try (TestLink link = TestLink.named("missing_grant_none")) {
      link.onBoth("CREATE TABLE t (id int PRIMARY KEY, v text); DROP SCHEMA pgduplex");
      link.twoWay("public\\.t");
      for (String document :
          List.of("reverse-source", "forward-sink", "forward-source", "reverse-sink")) {
        assertThat(link.validate(document).errors()).as(document).isEqualTo(Map.of());
      }
      for (Side side : List.of(link.a(), link.b())) {
        assertThat(
                side.column(
                    "SELECT nspname FROM pg_namespace WHERE nspname = 'pgduplex'"
                        + " UNION ALL SELECT pubname FROM pg_publication"
                        + " UNION ALL SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"
                        + " UNION ALL SELECT roname FROM pg_replication_origin WHERE roname LIKE '%missing_grant_none%'"))
            .isEmpty();
      }
    }
  }

  private static void grantWhatIsNamedAndGoOn(
      TestLink link, String document, Side side, String trace) {
    Matcher sql = SQL.matcher(trace);
    boolean any = false;
    while (sql.find()) {
      side.execute(sql.group(1));
      any = true;
    }
    assertThat(any).as("SQL in " + trace).isTrue();
    link.rest().restart(link.connector(document));
    Awaitility.await(document + " to run")
        .atMost(PATIENCE)
        .until(() -> link.rest().status(link.connector(document)).isRunning());
    link.awaitEqual("t");
  }
}
