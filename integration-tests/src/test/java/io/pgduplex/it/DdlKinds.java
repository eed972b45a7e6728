package io.pgduplex.it;

import static io.pgduplex.it.DdlKind.TABLE;
import static io.pgduplex.it.DdlKind.making;
import static io.pgduplex.it.DdlKind.on;

import java.util.List;
import java.util.stream.Stream;

/**
 * The statements of docs/ddl.md that are carried: each of its lines, in each form that is a way of its own. Here whole tables,
 * and how a statement is run.
 */
final class DdlKinds {

  static final String X = "INSERT INTO t (id, v, x) VALUES (#, 'r#', #)";
  private static final String U = "INSERT INTO u (id, v) VALUES (#, 'r#')";

  static final String STORED = "g text GENERATED ALWAYS AS (v || '!') STORED";
  static final String VIRTUAL = "g text GENERATED ALWAYS AS (v || '!') VIRTUAL";

  /** What A truncates is not to be changed by B: that would be a conflict. */
  private static final String ONLY_INSERTED = "INSERT INTO t (v, id) VALUES ('r#', #)";

  private static final String PARTED =
      "CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);"
          + " CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (100);"
          + " CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (100) TO (10000)";

  private DdlKinds() {}

  /** Those that servers of a version have. */
  static List<DdlKind> of(int version) {
    String only = System.getProperty("pgduplex.it.kind", ".*");
    return Stream.of(
            created(),
            dropped(),
            renamed(),
            parted(),
            ways(),
            DdlKindsOfColumns.all(),
            DdlKindsOfTypes.all(),
            DdlKindsOfParts.all())
        .flatMap(List::stream)
        .filter(kind -> kind.since() <= version && kind.name().matches(only))
        .toList();
  }

  private static List<DdlKind> created() {
    return List.of(
        making("create_table", TABLE),
        making(
            "create_table_if_not_exists",
            "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, v text)"),
        making("create_table_without_key", "CREATE TABLE t (id int, v text)"),
        making("create_table_like", "CREATE TABLE t (LIKE m INCLUDING ALL)")
            .on(
                "CREATE TABLE m (id int PRIMARY KEY, v text DEFAULT 'd' CHECK (v <> ''), CONSTRAINT other EXCLUDE (v WITH =));"
                    + " CREATE INDEX ON m (lower(v)); COMMENT ON COLUMN m.v IS 'what'")
            .after("INSERT INTO t (v, id) VALUES ('r#', #)"),
        making("create_table_like_plain", "CREATE TABLE t (LIKE m)")
            .on("CREATE TABLE m (id int PRIMARY KEY, v text)"),
        making(
            "create_table_as",
            "CREATE TABLE t AS SELECT g AS id, 'r' || g AS v, now() AS at FROM generate_series(-9, -1) g"),
        making("create_table_as_nothing", "CREATE TABLE t AS SELECT * FROM m WITH NO DATA")
            .on("CREATE TABLE m (id int PRIMARY KEY, v text)"),
        making("select_into", "SELECT * INTO t FROM m")
            .on("CREATE TABLE m (id int PRIMARY KEY, v text); INSERT INTO m VALUES (-1, 'm')"),
        making("create_partitioned", PARTED),
        on("create_partition_of", "CREATE TABLE t_3 PARTITION OF t DEFAULT")
            .on(PARTED)
            .after("INSERT INTO t (v, id) VALUES ('r#', # - 5000), ('r#', #)"),
        on("create_table_inherits", "CREATE TABLE t (x int) INHERITS (p)")
            .on("CREATE TABLE p (id int PRIMARY KEY, v text)")
            .before("INSERT INTO p (id, v) VALUES (#, 'r#')")
            .after(
                "INSERT INTO p (id, v) VALUES (#, 'r#'); INSERT INTO t (id, v, x) VALUES (-#, 'r#', 1)"),
        making("create_table_of", "CREATE TABLE t OF r (PRIMARY KEY (id))")
            .on("CREATE TYPE r AS (id int, v text)"),
        making("create_table_needs", """
            CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN short AS varchar(9) CHECK (value <> '');
            CREATE SEQUENCE numbers INCREMENT 5; CREATE COLLATION plain (LOCALE = 'C');
            CREATE TABLE t (id int PRIMARY KEY, v short COLLATE plain, m mood DEFAULT 'ok', n int DEFAULT nextval('numbers'))""").after("INSERT INTO t (id, v, n) VALUES (#, 'r#', 1)"),
        making(
            "create_table_generated",
            "CREATE TABLE t (id int PRIMARY KEY, v text, " + STORED + ")"),
        making(
                "create_table_generated_virtual",
                "CREATE TABLE t (id int PRIMARY KEY, v text, " + VIRTUAL + ")")
            .since(18),
        making(
                "create_table_without_overlaps",
                "CREATE TABLE t (id int4range, v int4range, PRIMARY KEY (id, v WITHOUT OVERLAPS));"
                    + " CREATE TABLE u (id int PRIMARY KEY, i int4range, v int4range, FOREIGN KEY (i, PERIOD v) REFERENCES t (id, PERIOD v))")
            .after(
                "INSERT INTO t VALUES ('[#,#]', '[1,5]'), ('[#,#]', '[7,9]'); INSERT INTO u VALUES (#, '[#,#]', '[2,4]')")
            .since(18));
  }

  private static List<DdlKind> dropped() {
    return List.of(
        on("drop_table", "DROP TABLE t").after(""),
        on("drop_table_restrict", "DROP TABLE IF EXISTS t RESTRICT").after(""),
        on("drop_tables", "DROP TABLE t, u")
            .on(TABLE + "; CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t)")
            .after(""),
        on("drop_table_cascade", "DROP TABLE t CASCADE")
            .on(TABLE + "; CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t)")
            .after("INSERT INTO u VALUES (#, #)"),
        on("drop_partition", "DROP TABLE t_3")
            .on(PARTED + "; CREATE TABLE t_3 PARTITION OF t DEFAULT"),
        on(
            "drop_schema_cascade",
            "CREATE SCHEMA k_drop_schema_cascade_2; CREATE TABLE k_drop_schema_cascade_2.u (id int PRIMARY KEY); DROP SCHEMA k_drop_schema_cascade_2 CASCADE"),
        on(
            "drop_what_is_no_table",
            "CREATE PUBLICATION p; DROP PUBLICATION p; CREATE SCHEMA x_no_table; DROP SCHEMA x_no_table;"
                + " CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(); CREATE TEMP TABLE x (id int); DROP TABLE x"),
        on("drop_owned_column", "DROP TYPE mood CASCADE")
            .on(
                "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, v text, m mood);"),
        on("truncate", "TRUNCATE t").row(ONLY_INSERTED),
        on("truncate_cascade", "TRUNCATE t RESTART IDENTITY CASCADE")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t)")
            .row(ONLY_INSERTED),
        on("truncate_partitioned", "TRUNCATE t").on(PARTED).row(ONLY_INSERTED),
        on("truncate_only", "TRUNCATE ONLY t")
            .on(TABLE + "; CREATE TABLE c () INHERITS (t)")
            .row(ONLY_INSERTED + "; INSERT INTO c (id, v) VALUES (# + 20000, 'c#')"));
  }

  private static List<DdlKind> renamed() {
    return List.of(
        on("rename_table", "ALTER TABLE t RENAME TO u").after(U),
        on("rename_column", "ALTER TABLE t RENAME COLUMN v TO w")
            .after("INSERT INTO t (id, w) VALUES (#, 'r#')"),
        on("rename_key", "ALTER TABLE t RENAME id TO key")
            .after("INSERT INTO t (key, v) VALUES (#, 'r#')"),
        on(
                "swap_columns",
                "ALTER TABLE t RENAME v TO z; ALTER TABLE t RENAME w TO v; ALTER TABLE t RENAME z TO w")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, w text)")
            .row("INSERT INTO t (id, v, w) VALUES (#, 'v#', 'w#')"),
        on("rename_constraint", "ALTER TABLE t RENAME CONSTRAINT t_pkey TO key"),
        on("rename_constraint_not_null", "ALTER TABLE t RENAME CONSTRAINT t_v_not_null TO given")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL)")
            .since(18),
        on("rename_partition", "ALTER TABLE t_1 RENAME TO first").on(PARTED),
        on("set_schema", "CREATE SCHEMA k_set_schema_2; ALTER TABLE t SET SCHEMA k_set_schema_2")
            .after("INSERT INTO k_set_schema_2.t (id, v) VALUES (#, 'r#')"),
        on(
                "set_schema_of_serial",
                "CREATE SCHEMA k_set_schema_of_serial_2; ALTER TABLE t SET SCHEMA k_set_schema_of_serial_2")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, s serial)")
            .row("INSERT INTO t (id, v, s) VALUES (#, 'r#', 1)")
            .after("INSERT INTO k_set_schema_of_serial_2.t (id, v, s) VALUES (#, 'r#', 1)"),
        on("rename_schema", "ALTER SCHEMA k_rename_schema_2 RENAME TO k_rename_schema_3")
            .on(
                "CREATE TABLE x (id int PRIMARY KEY); CREATE SCHEMA k_rename_schema_2; CREATE TYPE k_rename_schema_2.mood AS ENUM ('sad');"
                    + " CREATE TABLE k_rename_schema_2.t (id int PRIMARY KEY, v text, m k_rename_schema_2.mood)")
            .before("INSERT INTO k_rename_schema_2.t (id, v) VALUES (#, 'r#')")
            .after("INSERT INTO k_rename_schema_3.t (id, v) VALUES (#, 'r#')"),
        on(
                "rename_twice",
                "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO w; CREATE TABLE t (id int PRIMARY KEY)")
            .after("INSERT INTO w (id, v) VALUES (#, 'r#')"));
  }

  private static List<DdlKind> parted() {
    String beside = PARTED + "; CREATE TABLE a (id int PRIMARY KEY, v text)";
    return List.of(
        on("attach", "ALTER TABLE t ATTACH PARTITION a FOR VALUES FROM (-10000) TO (0)")
            .on(beside)
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO a (id, v) VALUES (-#, 'a')"),
        on("attach_default", "ALTER TABLE t ATTACH PARTITION a DEFAULT")
            .on(beside)
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO a (id, v) VALUES (-#, 'a')"),
        on(
                "attach_new",
                "CREATE TABLE n (LIKE t INCLUDING ALL); INSERT INTO n VALUES (-3, 'n'); ALTER TABLE t ATTACH PARTITION n FOR VALUES FROM (-5) TO (0)")
            .on(PARTED),
        on(
                "attach_from_outside",
                "ALTER TABLE t ATTACH PARTITION x_attach_from_outside.a FOR VALUES FROM (-100) TO (0)")
            .on(
                PARTED
                    + "; CREATE SCHEMA IF NOT EXISTS x_attach_from_outside; CREATE TABLE x_attach_from_outside.a (id int NOT NULL, v text); INSERT INTO x_attach_from_outside.a VALUES (-1, 'a')"),
        on("detach", "ALTER TABLE t DETACH PARTITION t_1")
            .on(PARTED)
            .after("INSERT INTO t_1 (id, v) VALUES (#, 'r#')"),
        on("detach_concurrently", "ALTER TABLE t DETACH PARTITION t_1 CONCURRENTLY")
            .on(PARTED)
            .after("INSERT INTO t_1 (id, v) VALUES (#, 'r#')")
            .outside(),
        on("partitioned_add_column", "ALTER TABLE t ADD COLUMN x int DEFAULT 3")
            .on(PARTED)
            .after(X),
        on("partitioned_type", "ALTER TABLE t ALTER v TYPE varchar(40) USING v || '!'")
            .on(PARTED),
        on(
                "partitioned_type_with_default",
                "ALTER TABLE t ALTER v DROP DEFAULT, ALTER v TYPE boolean USING v <> 'r2', ALTER v SET DEFAULT false")
            .on(PARTED + "; ALTER TABLE t ALTER v SET DEFAULT 'd'")
            .after("INSERT INTO t (id, v) VALUES (#, true)"),
        on(
                "partitioned_type_without_not_null",
                "ALTER TABLE t ALTER v DROP NOT NULL, ALTER v TYPE varchar(40) USING nullif(v, 'r2')")
            .on(PARTED + "; ALTER TABLE t ALTER v SET NOT NULL"),
        on("partitioned_type_of_indexed", "ALTER TABLE t ALTER v TYPE varchar(40)")
            .on(
                PARTED
                    + "; CREATE INDEX ON t (v) WHERE v <> 'z'; CREATE INDEX i ON t (lower(v)); CREATE INDEX ON t_1 (upper(v)); ALTER INDEX t_1_lower_idx RENAME TO j"),
        on("reindex_partition_concurrently", "REINDEX TABLE CONCURRENTLY t_1")
            .on(PARTED + "; CREATE INDEX ON t (v)")
            .outside(),
        on("reindex_partitioned_concurrently", "REINDEX TABLE CONCURRENTLY t")
            .on(PARTED + "; CREATE INDEX ON t (v)")
            .outside(),
        on("partitioned_rename_column", "ALTER TABLE t RENAME v TO w")
            .on(PARTED)
            .after("INSERT INTO t (id, w) VALUES (#, 'r#')"),
        on("partitioned_index", "CREATE INDEX ON t (v)").on(PARTED),
        on(
                "partitioned_index_by_parts",
                "CREATE INDEX i ON ONLY t (v); CREATE INDEX j ON t_1 (v); ALTER INDEX i ATTACH PARTITION j")
            .on(PARTED),
        on(
                "partitioned_foreign_key",
                "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u (id) NOT VALID")
            .on(PARTED + "; CREATE TABLE u (id int PRIMARY KEY)")
            .row("INSERT INTO u VALUES (#); INSERT INTO t (id, v) VALUES (#, 'r#')")
            .since(18),
        on("inherit", "ALTER TABLE c INHERIT t")
            .on(TABLE + "; CREATE TABLE c (id int PRIMARY KEY, v text)"),
        on("no_inherit", "ALTER TABLE c NO INHERIT t")
            .on(TABLE + "; CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)"),
        on("of_type", "ALTER TABLE t OF r").on("CREATE TYPE r AS (id int, v text); " + TABLE),
        on("not_of", "ALTER TABLE t NOT OF")
            .on("CREATE TYPE r AS (id int, v text); CREATE TABLE t OF r (PRIMARY KEY (id))"));
  }

  private static List<DdlKind> ways() {
    return List.of(
        on(
                "several_in_a_string",
                "ALTER TABLE t ADD COLUMN x int; INSERT INTO t VALUES (50, 'in', 1); ALTER TABLE t ALTER x TYPE text;"
                    + " UPDATE t SET x = x || 'y' WHERE id < 100; ALTER TABLE t RENAME x TO y")
            .after("INSERT INTO t (id, v, y) VALUES (#, 'r#', 'y')"),
        on(
                "in_sql_function",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER TABLE t ADD COLUMN x int'; SELECT f(); DROP FUNCTION f()")
            .after(X),
        on("in_plpgsql_function", """
            CREATE FUNCTION f(c text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN EXECUTE format('ALTER TABLE t ADD COLUMN %I int', c); UPDATE t SET x = id WHERE id < 100; END $$;
            SELECT f('x'); DROP FUNCTION f(text)""").after(X),
        on(
                "in_do_block",
                "DO $$ BEGIN ALTER TABLE t ADD COLUMN x int DEFAULT 4; ALTER TABLE t ALTER x DROP DEFAULT; UPDATE t SET v = upper(v) WHERE id < 100; END $$")
            .after(X),
        on("in_procedure_with_commit", "CALL p()").on(TABLE + """
                ; CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN
                ALTER TABLE t ADD COLUMN x int; INSERT INTO t VALUES (60, 'p', 1); COMMIT; ALTER TABLE t ALTER x TYPE bigint; END $$""").outside(),
        on("several_in_one_text", """
            DO $$ BEGIN EXECUTE 'ALTER TABLE t ALTER v TYPE int USING substr(v, 2)::int; ALTER TABLE t ADD COLUMN x int DEFAULT 4;
            UPDATE t SET x = id WHERE id < 100; ALTER TABLE t RENAME v TO w; ALTER TABLE t ALTER x TYPE text USING x || ''y'''; END $$""").after("INSERT INTO t (id, w, x) VALUES (#, #, 'r#')"),
        on("in_function_with_own_path", """
            CREATE FUNCTION f() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = k_in_function_with_own_path, pg_temp
            AS 'ALTER TABLE t ADD COLUMN x int'; SET search_path = pg_catalog; SELECT k_in_function_with_own_path.f();
            SET search_path = k_in_function_with_own_path; DROP FUNCTION f()""").after(X),
        on("rolled_back", """
            DO $$ BEGIN
              BEGIN ALTER TABLE t ADD COLUMN x int; INSERT INTO t VALUES (70, 'gone', 1); RAISE division_by_zero;
              EXCEPTION WHEN division_by_zero THEN NULL; END;
              ALTER TABLE t ADD COLUMN y int; END $$"""));
  }
}
