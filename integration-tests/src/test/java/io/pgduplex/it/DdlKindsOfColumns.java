package io.pgduplex.it;

import static io.pgduplex.it.DdlKind.TABLE;
import static io.pgduplex.it.DdlKind.on;
import static io.pgduplex.it.DdlKinds.STORED;
import static io.pgduplex.it.DdlKinds.VIRTUAL;
import static io.pgduplex.it.DdlKinds.X;

import java.util.List;

/** The same for columns. */
final class DdlKindsOfColumns {

  static final String WITH_X = "CREATE TABLE t (id int PRIMARY KEY, v text, x int)";

  private DdlKindsOfColumns() {}

  static List<DdlKind> all() {
    return List.of(
        on("add_column", "ALTER TABLE t ADD COLUMN x int").after(X),
        on("add_column_default", "ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 7"),
        on(
                "add_column_default_and_type",
                "ALTER TABLE t ADD COLUMN y int NOT NULL DEFAULT -5, ADD COLUMN z varchar(9) DEFAULT 'it''s', ADD COLUMN n numeric(5, 2) DEFAULT 1,"
                    + " ADD COLUMN at timestamptz DEFAULT '2026-01-01', ALTER x TYPE bigint")
            .on(WITH_X)
            .row(X),
        on(
            "add_column_default_with_delimiters",
            "ALTER TABLE t ADD COLUMN b box DEFAULT '((1,1),(0,0))', ADD COLUMN c text DEFAULT '{\"a,b\";\\}', ADD COLUMN d int[] DEFAULT '{1,2}'"),
        on("add_column_now", "ALTER TABLE t ADD COLUMN x timestamptz NOT NULL DEFAULT now()"),
        on(
                "add_column_if_not_exists",
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS v int, ADD COLUMN x int")
            .after(X),
        on("add_column_changing_empty", "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()")
            .before("")
            .after("INSERT INTO t (v, id, x) VALUES ('r#', #, DEFAULT)"),
        on(
                "add_column_identity_empty",
                "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY")
            .before("")
            .after("INSERT INTO t (v, id, x) VALUES ('r#', #, DEFAULT)"),
        on("add_column_serial_empty", "ALTER TABLE t ADD COLUMN x bigserial")
            .before("")
            .after("INSERT INTO t (v, id, x) VALUES ('r#', #, DEFAULT)"),
        on(
                "add_column_with_parts",
                "ALTER TABLE t ADD COLUMN x int CHECK (x > 0) UNIQUE REFERENCES u")
            .on(TABLE + "; CREATE TABLE u (id int PRIMARY KEY)"),
        on("add_column_generated", "ALTER TABLE t ADD COLUMN " + STORED),
        on("add_column_generated_virtual", "ALTER TABLE t ADD COLUMN " + VIRTUAL)
            .since(18),
        on("add_column_domain", "CREATE DOMAIN d AS int DEFAULT 3; ALTER TABLE t ADD COLUMN x d"),
        on("drop_column", "ALTER TABLE t DROP COLUMN v").after("INSERT INTO t (id) VALUES (#)"),
        on("drop_column_cascade", "ALTER TABLE t DROP COLUMN x CASCADE")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int UNIQUE, CHECK (x < id)); CREATE INDEX ON t (x, v);"
                    + " CREATE TABLE u (id int PRIMARY KEY, x int REFERENCES t (x))"),
        on("drop_add_column", "ALTER TABLE t DROP COLUMN v, ADD COLUMN v int DEFAULT 5")
            .after("INSERT INTO t (id, v) VALUES (#, #)"),
        on("drop_column_of_parent", "ALTER TABLE t DROP COLUMN x")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)")
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v) VALUES (-#, 'c#')"),
        on("drop_column_of_parent_only", "ALTER TABLE ONLY t DROP COLUMN x")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t); CREATE TABLE d () INHERITS (c)")
            .row(
                "INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v, x) VALUES (-#, 'c#', #)"),
        on("drop_column_of_parent_shared", "ALTER TABLE t DROP COLUMN x")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int); CREATE TABLE o (x int);"
                    + " CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t, o); CREATE TABLE d (x int, PRIMARY KEY (id)) INHERITS (t)")
            .row(
                "INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v, x) VALUES (-#, 'c#', #); INSERT INTO d (id, v, x) VALUES (-#, 'd#', #)"),
        on("type", "ALTER TABLE t ALTER x TYPE bigint").on(WITH_X).row(X),
        on("type_text", "ALTER TABLE t ALTER x TYPE text").on(WITH_X).row(X),
        on("type_using", "ALTER TABLE t ALTER v TYPE int USING substr(v, 2)::int + id")
            .after("INSERT INTO t (id, v) VALUES (#, #)"),
        on("type_same_using", "ALTER TABLE t ALTER v TYPE text USING upper(v)"),
        on(
                "type_with_default",
                "ALTER TABLE t ALTER v DROP DEFAULT, ALTER v TYPE mood USING v::mood, ALTER v SET DEFAULT 'ok'")
            .on(
                "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, v text DEFAULT 'sad')")
            .row("INSERT INTO t (id, v) VALUES (#, 'ok')"),
        on(
                "type_boolean",
                "ALTER TABLE t ALTER x DROP DEFAULT, ALTER x TYPE boolean USING x <> 2, ALTER x SET DEFAULT true")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, x int DEFAULT 1)")
            .before(X)
            .after("INSERT INTO t (id, v, x) VALUES (#, 'r#', true)"),
        on("type_of_serial", "ALTER TABLE t ALTER x TYPE bigint")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, x serial)")
            .row(X),
        on(
                "type_without_not_null",
                "ALTER TABLE t ALTER v DROP NOT NULL, ALTER v TYPE int USING nullif(substr(v, 2)::int, 2)")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL)")
            .after("INSERT INTO t (id, v) VALUES (#, #)"),
        on(
                "type_without_identity",
                "ALTER TABLE t ALTER x DROP IDENTITY, ALTER x DROP NOT NULL, ALTER x TYPE bigint USING nullif(x, 2)")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int GENERATED BY DEFAULT AS IDENTITY)")
            .row(X),
        on(
                "identity_to_default",
                "CREATE SEQUENCE s; ALTER TABLE t ALTER x DROP IDENTITY, ALTER x SET DEFAULT nextval('s')")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int GENERATED BY DEFAULT AS IDENTITY)")
            .row(X),
        on("type_of_indexed", "ALTER TABLE t ALTER v TYPE varchar(40)")
            .on(
                TABLE
                    + "; CREATE INDEX i ON t (v) WHERE v <> 'z'; CREATE INDEX j ON t (lower(v)); COMMENT ON INDEX i IS 'so'"),
        on("type_beside_using", """
            DO $$ BEGIN EXECUTE 'ALTER TABLE t ALTER x TYPE bigint; CREATE INDEX i ON t USING btree (x)'; END $$""").on(WITH_X).row(X),
        on(
                "types_one_by_using",
                "ALTER TABLE t ALTER x TYPE text, ALTER v TYPE int USING substr(v, 2)::int")
            .on(WITH_X)
            .before(X)
            .after("INSERT INTO t (id, v, x) VALUES (#, #, '#')"),
        on("type_of_identity", "ALTER TABLE t ALTER x TYPE bigint")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int GENERATED BY DEFAULT AS IDENTITY)")
            .row(X),
        on("type_collation", "ALTER TABLE t ALTER v TYPE varchar(50) COLLATE \"C\""),
        on("default", "ALTER TABLE t ALTER v SET DEFAULT 'd', ALTER x SET DEFAULT 1 + 1")
            .on(WITH_X)
            .row("INSERT INTO t (id) VALUES (#)"),
        on("drop_default", "ALTER TABLE t ALTER x DROP DEFAULT")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, x int DEFAULT 3)"),
        on("set_not_null", "ALTER TABLE t ALTER v SET NOT NULL"),
        on("drop_not_null", "ALTER TABLE t ALTER v DROP NOT NULL")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL)"),
        on("drop_not_null_of_parent_only", "ALTER TABLE ONLY t ALTER v DROP NOT NULL")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t); CREATE TABLE d () INHERITS (c)")
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v) VALUES (-#, 'c#')"),
        on("drop_not_null_of_parent", "ALTER TABLE t ALTER v DROP NOT NULL")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t); CREATE TABLE d (v text NOT NULL) INHERITS (c)")
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v) VALUES (-#, 'c#')"),
        on(
                "add_identity",
                "ALTER TABLE t ALTER x SET NOT NULL, ALTER x ADD GENERATED BY DEFAULT AS IDENTITY (START 500)")
            .on(WITH_X)
            .row(X),
        on("set_identity", "ALTER TABLE t ALTER x SET GENERATED ALWAYS SET INCREMENT 7 SET CYCLE")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int GENERATED BY DEFAULT AS IDENTITY)")
            .row("INSERT INTO t (id, v, x) OVERRIDING SYSTEM VALUE VALUES (#, 'r#', #)"),
        on("drop_identity", "ALTER TABLE t ALTER x DROP IDENTITY")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text, x int GENERATED BY DEFAULT AS IDENTITY)")
            .row(X),
        on("set_expression", "ALTER TABLE t ALTER g SET EXPRESSION AS (v || '?')")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, " + STORED + ")")
            .since(17),
        on("drop_expression", "ALTER TABLE t ALTER g DROP EXPRESSION")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, " + STORED + ")"),
        on("storage", "ALTER TABLE t ALTER v SET STORAGE EXTERNAL"),
        on("compression", "ALTER TABLE t ALTER v SET COMPRESSION pglz"),
        on("statistics", "ALTER TABLE t ALTER v SET STATISTICS 55, ALTER v SET (n_distinct = 5)"),
        on(
                "statistics_back",
                "ALTER TABLE t ALTER v SET STATISTICS -1, ALTER v RESET (n_distinct), ALTER v SET STORAGE EXTENDED")
            .on(
                TABLE
                    + "; ALTER TABLE t ALTER v SET STATISTICS 55, ALTER v SET (n_distinct = 5), ALTER v SET STORAGE PLAIN"));
  }
}
