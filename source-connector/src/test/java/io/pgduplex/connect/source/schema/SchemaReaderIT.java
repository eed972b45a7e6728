package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.database.CatalogComparison;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read for some tables of a database, and what is said about the rest. */
class SchemaReaderIT {

  private static Stack stack;
  private static int databases;

  private TestDatabase a;

  @BeforeAll
  static void startServers() {
    stack = Stack.builder().postgresA(PostgresSettings.major(18)).start();
  }

  @AfterAll
  static void stopServers() {
    stack.close();
  }

  @BeforeEach
  void createDatabase() throws SQLException {
    databases++;
    a = TestDatabase.create(stack.a(), "reader_" + databases);
  }

  @AfterEach
  void closeDatabase() throws SQLException {
    a.close();
  }

  @Test
  void statementsSayWhatTheyAreAboutInOrder() throws SQLException {
    a.execute("""
        CREATE SCHEMA s;
        CREATE TYPE s.mood AS ENUM ('ok');
        CREATE TABLE t (id serial PRIMARY KEY, m s.mood, u int REFERENCES t);
        CREATE INDEX i ON t (m);
        COMMENT ON INDEX i IS 'c'""");
    assertThat(read("t").statements())
        .extracting(
            one -> String.join(" ", one.phase().name(), one.kind(), one.schema(), one.name()))
        .containsExactly(
            "BEFORE_ROWS schema public ",
            "BEFORE_ROWS schema s ",
            "BEFORE_ROWS sequence public t_id_seq",
            "BEFORE_ROWS type s mood",
            "BEFORE_ROWS table public t",
            "BEFORE_ROWS sequence public t",
            "BEFORE_ROWS constraint public t",
            "AFTER_ROWS index public t",
            "AFTER_ROWS constraint public t",
            "AFTER_ROWS comment public t");
    assertThat(sql("t")).contains("""
        CREATE TABLE "public"."t" (
          "id" integer DEFAULT "nextval"('"public"."t_id_seq"'::"regclass") CONSTRAINT "t_id_not_null" NOT NULL,
          "m" "s"."mood",
          "u" integer
        )""");
  }

  @Test
  void onlyWhatTheTablesNeedIsMade() throws SQLException {
    a.execute("""
        CREATE SCHEMA elsewhere;
        CREATE TYPE elsewhere.unused AS ENUM ('x');
        CREATE SEQUENCE elsewhere.unused_too;
        CREATE TABLE elsewhere.other (id int PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY)""");
    assertThat(sql("t")).allSatisfy(sql -> assertThat(sql).doesNotContain("elsewhere"));
  }

  @Test
  void aForeignKeyToATableThatIsNotReadIsLeftOut() throws SQLException {
    a.execute("""
        CREATE TABLE other (id int PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY, o int CONSTRAINT to_other REFERENCES other);
        COMMENT ON CONSTRAINT to_other ON t IS 'goes as well'""");
    SourceSchema read = read("t");
    assertThat(read.leftOut())
        .extracting(LeftOut::toString)
        .containsExactly(
            "foreign key to_other of public.t: it references public.other, which is not selected");
    assertThat(sql("t")).allSatisfy(sql -> assertThat(sql).doesNotContain("other"));
    assertThat(read("t", "other").leftOut()).isEmpty();
  }

  @Test
  void anIndexThatIsNotValidIsLeftOut() throws SQLException {
    a.execute("""
        CREATE TABLE t (id int PRIMARY KEY, v int);
        CREATE INDEX broken ON t (v);
        COMMENT ON INDEX broken IS 'b';
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass""");
    assertThat(read("t").leftOut())
        .extracting(LeftOut::toString)
        .containsExactly("index broken of public.t: it is not valid, so that nothing uses it");
    assertThat(sql("t")).allSatisfy(sql -> assertThat(sql).doesNotContain("broken"));
  }

  @Test
  void aTableThatIsNotThereIsLeftOut() throws SQLException {
    a.execute("CREATE VIEW v AS SELECT 1");
    assertThat(read("gone", "v").leftOut())
        .extracting(LeftOut::toString)
        .containsExactly(
            "table public.gone: there is no such table", "table public.v: there is no such table");
  }

  @Test
  void whatOneTableCannotBeWithoutIsAdded() throws SQLException {
    a.execute("""
        CREATE TABLE root (id int) PARTITION BY LIST (id);
        CREATE TABLE middle PARTITION OF root DEFAULT PARTITION BY LIST (id);
        CREATE TABLE leaf PARTITION OF middle DEFAULT;
        CREATE TABLE sibling PARTITION OF middle FOR VALUES IN (1);
        CREATE TABLE grandparent (id int);
        CREATE TABLE parent () INHERITS (grandparent);
        CREATE TABLE child (r sibling) INHERITS (parent);
        CREATE TABLE named (id int);
        CREATE TABLE names (c regclass DEFAULT 'named'::regclass);
        CREATE TABLE counts (id int GENERATED ALWAYS AS IDENTITY);
        CREATE TABLE also_counts (id int DEFAULT nextval('counts_id_seq'))""");
    assertThat(read("leaf").added()).extracting(TableName::name).containsExactly("middle", "root");
    assertThat(read("leaf").leftOut())
        .extracting(LeftOut::toString)
        .containsExactly("partition public.sibling of public.middle: it is not selected");
    assertThat(read("child").added())
        .extracting(TableName::name)
        .containsExactly("grandparent", "middle", "parent", "root", "sibling");
    assertThat(read("names").added()).extracting(TableName::name).containsExactly("named");
    assertThat(read("also_counts").added()).isEmpty();
    assertThat(sql("also_counts")).anySatisfy(sql -> assertThat(sql).startsWith("CREATE SEQUENCE"));
    String[] all = {"leaf", "child", "names", "also_counts", "counts"};
    try (TestDatabase b = TestDatabase.create(stack.b(), "added")) {
      b.apply(read(all).statements());
      assertThat(SchemaReader.read(b.asPlainRole(), names(all)).statements())
          .isEqualTo(read(all).statements());
    }
  }

  @Test
  void whatMustBeThereBeforehandIsSaid() throws SQLException {
    a.execute("""
        CREATE EXTENSION citext;
        CREATE EXTENSION pg_trgm;
        CREATE SCHEMA f;
        CREATE FUNCTION f.of_default() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f.of_domain(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION f.of_generated(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f.of_index(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f.of_check(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION f.of_key(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
        CREATE FUNCTION f.of_operator(int, int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR f.=== (FUNCTION = f.of_operator, LEFTARG = int, RIGHTARG = int);
        CREATE TEXT SEARCH CONFIGURATION f.words (COPY = simple);
        CREATE FUNCTION f.of_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE VIEW f.v AS SELECT 1 AS a;
        CREATE DOMAIN d AS int CHECK (f.of_domain(VALUE));
        CREATE TYPE pair AS (a d, b int);
        CREATE TABLE t1 (id int DEFAULT f.of_default(), p pair[], c citext, g int GENERATED ALWAYS AS (f.of_generated(1)) STORED);
        CREATE TRIGGER not_carried BEFORE INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION f.of_trigger();
        CREATE TABLE t2 (id int CHECK (f.of_check(id)), c citext, v text, x f.v, CHECK (id OPERATOR(f.===) 1));
        CREATE INDEX ON t2 (f.of_index(id));
        CREATE INDEX ON t2 USING gin (v gin_trgm_ops);
        CREATE INDEX ON t2 USING gin (to_tsvector('f.words', v));
        CREATE TABLE t3 (id int) PARTITION BY LIST (f.of_key(id))""");
    assertThat(read("t2", "t1", "t3").needs())
        .extracting(Need::toString)
        .containsExactly(
            "extension citext (needed by public.t1)",
            "extension pg_trgm (needed by public.t2)",
            "function f.of_check(integer) (needed by public.t2)",
            "function f.of_default() (needed by public.t1)",
            "function f.of_domain(integer) (needed by public.t1)",
            "function f.of_generated(integer) (needed by public.t1)",
            "function f.of_index(integer) (needed by public.t2)",
            "function f.of_key(integer) (needed by public.t3)",
            "operator f.===(integer,integer) (needed by public.t2)",
            "text search configuration f.words (needed by public.t2)",
            "type f.v (needed by public.t2)");
    assertThat(sql("t2", "t1", "t3"))
        .noneMatch(sql -> sql.startsWith("CREATE EXTENSION") || sql.contains("CREATE TYPE \"f\""));
  }

  @Test
  void columnsThatAParentGotLaterKeepTheirPlace() throws SQLException {
    a.execute("""
        CREATE TABLE parent (id int NOT NULL);
        CREATE TABLE child (own int) INHERITS (parent);
        ALTER TABLE parent ADD late int DEFAULT 3 NOT NULL""");
    SourceSchema read = read("parent", "child");
    assertThat(read.leftOut())
        .extracting(LeftOut::toString)
        .containsExactly(
            "inheritance public.child: inherited columns come after its own, so all are made as its own: DROP COLUMN on the"
                + " parent will not drop them");
    try (TestDatabase b = TestDatabase.create(stack.b(), "grown")) {
      b.apply(read.statements());
      assertThat(CatalogComparison.differences(
              a.asSuperuser(), b.asSuperuser(), List.of(), object -> true))
          .containsExactlyInAnyOrder(
              "column public.child.id, local: false | true",
              "column public.child.late, local: false | true",
              "not null public.child.parent_id_not_null, local: false | true",
              "not null public.child.parent_late_not_null, local: false | true");
    }
  }

  @Test
  void theSessionIsLeftAsItWas() throws SQLException {
    a.execute("CREATE TABLE t (id int)");
    a.asPlainRole().setAutoCommit(true);
    read("t");
    assertThat(a.asPlainRole().getAutoCommit()).isTrue();
    assertThat(a.asPlainRole().getSchema()).isEqualTo("public");
  }

  private SourceSchema read(String... tables) throws SQLException {
    return SchemaReader.read(a.asPlainRole(), names(tables));
  }

  private List<String> sql(String... tables) throws SQLException {
    return new ArrayList<>(
        read(tables).statements().stream().map(SchemaStatement::sql).toList());
  }

  private static List<TableName> names(String... tables) {
    return Stream.of(tables).map(table -> new TableName("public", table)).toList();
  }
}
