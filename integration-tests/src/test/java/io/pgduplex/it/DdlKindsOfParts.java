package io.pgduplex.it;

import static io.pgduplex.it.DdlKind.TABLE;
import static io.pgduplex.it.DdlKind.on;

import java.util.List;
import java.util.stream.Stream;

/** The same for what belongs to a table: constraints, indexes, statistics, comments, settings. */
final class DdlKindsOfParts {

  private static final String REFERRED = TABLE + "; CREATE TABLE u (id int PRIMARY KEY, t int)";
  private static final String REFERRING =
      "INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO u VALUES (#, #)";

  /** Values that no two rows share. */
  private static final String APART = "INSERT INTO t (v, id) VALUES ('r#', #)";

  private DdlKindsOfParts() {}

  static List<DdlKind> all() {
    return Stream.of(constraints(), indexes(), settings()).flatMap(List::stream).toList();
  }

  private static List<DdlKind> constraints() {
    return List.of(
        on("check", "ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '')"),
        on("check_no_inherit", "ALTER TABLE t ADD CHECK (v <> '') NO INHERIT"),
        on("check_not_valid", "ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '') NOT VALID"),
        on("validate", "ALTER TABLE t VALIDATE CONSTRAINT filled")
            .on(TABLE + "; ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '') NOT VALID"),
        on(
            "check_and_validate",
            "ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '') NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT filled"),
        on("check_not_enforced", "ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '') NOT ENFORCED")
            .since(18),
        on(
                "drop_constraint",
                "ALTER TABLE t DROP CONSTRAINT filled, DROP CONSTRAINT IF EXISTS none")
            .on(TABLE + "; ALTER TABLE t ADD CONSTRAINT filled CHECK (v <> '')"),
        on("drop_constraint_of_parent_only", "ALTER TABLE ONLY t DROP CONSTRAINT filled")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text CONSTRAINT filled CHECK (v <> '')); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t);"
                    + " CREATE TABLE d () INHERITS (c)")
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v) VALUES (-#, 'c#')"),
        on("drop_constraint_of_parent", "ALTER TABLE t DROP CONSTRAINT filled")
            .on(
                "CREATE TABLE t (id int PRIMARY KEY, v text CONSTRAINT filled CHECK (v <> '')); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)")
            .row("INSERT INTO t (id, v) VALUES (#, 'r#'); INSERT INTO c (id, v) VALUES (-#, 'c#')"),
        on("not_null_named", "ALTER TABLE t ADD CONSTRAINT given NOT NULL v").since(18),
        on("not_null_not_valid", "ALTER TABLE t ADD CONSTRAINT given NOT NULL v NOT VALID")
            .since(18),
        on("not_null_validate", "ALTER TABLE t VALIDATE CONSTRAINT given")
            .on(TABLE + "; ALTER TABLE t ADD CONSTRAINT given NOT NULL v NOT VALID")
            .since(18),
        on("not_null_no_inherit", "ALTER TABLE t ALTER CONSTRAINT given NO INHERIT")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text CONSTRAINT given NOT NULL)")
            .since(18),
        on("not_null_drop", "ALTER TABLE t DROP CONSTRAINT given")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text CONSTRAINT given NOT NULL)")
            .since(18),
        on(
                "not_null_comment",
                "COMMENT ON CONSTRAINT given ON t IS 'so'; ALTER TABLE t RENAME CONSTRAINT given TO gives")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text CONSTRAINT given NOT NULL)")
            .since(18),
        on("unique", "ALTER TABLE t ADD UNIQUE (v)").row(APART),
        on("unique_nulls_not_distinct", "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (v)")
            .row(APART)
            .since(15),
        on(
                "unique_deferrable",
                "ALTER TABLE t ADD CONSTRAINT d UNIQUE (v) INCLUDE (id) DEFERRABLE INITIALLY DEFERRED")
            .row(APART),
        on("unique_using_index", "ALTER TABLE t ADD CONSTRAINT key UNIQUE USING INDEX i")
            .on(TABLE + "; CREATE UNIQUE INDEX i ON t (v)")
            .row(APART),
        on("primary_key", "ALTER TABLE t ADD PRIMARY KEY (id)")
            .on("CREATE TABLE t (id int, v text)"),
        on("primary_key_other", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id, v)"),
        on("foreign_key", "ALTER TABLE u ADD FOREIGN KEY (t) REFERENCES t")
            .on(REFERRED)
            .row(REFERRING),
        on(
            "foreign_key_to_self",
            "ALTER TABLE t ADD CONSTRAINT up FOREIGN KEY (id) REFERENCES t ON DELETE CASCADE"),
        on(
                "foreign_key_not_valid",
                "ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES t NOT VALID; ALTER TABLE u VALIDATE CONSTRAINT f")
            .on(REFERRED)
            .row(REFERRING),
        on(
                "foreign_key_alter",
                "COMMENT ON CONSTRAINT f ON u IS 'so'; ALTER TABLE u ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED")
            .on(REFERRED + "; ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES t")
            .row(REFERRING),
        on(
                "foreign_key_not_enforced",
                "ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES t NOT ENFORCED")
            .on(REFERRED)
            .row(REFERRING)
            .since(18),
        on("foreign_key_enforced", "ALTER TABLE u ALTER CONSTRAINT f ENFORCED")
            .on(REFERRED
                + "; ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t) REFERENCES t NOT ENFORCED")
            .row(REFERRING)
            .since(18),
        on(
                "foreign_key_set_null_columns",
                "ALTER TABLE u ADD FOREIGN KEY (t) REFERENCES t ON DELETE SET NULL (t)")
            .on(REFERRED)
            .row(REFERRING)
            .since(15),
        on(
                "foreign_key_to_outside",
                "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES x_foreign_key_to_outside.o NOT VALID; ALTER TABLE t DROP CONSTRAINT t_id_fkey")
            .on(
                TABLE
                    + "; CREATE SCHEMA IF NOT EXISTS x_foreign_key_to_outside; CREATE TABLE x_foreign_key_to_outside.o (id int PRIMARY KEY)"),
        on("exclude", "ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, r int4range)")
            .row("INSERT INTO t (id, v, r) VALUES (#, 'r#', '[#,#]')"),
        on(
                "exclude_deferrable",
                "ALTER TABLE t ADD CONSTRAINT e EXCLUDE (v WITH =) WHERE (id > 3) DEFERRABLE")
            .row(APART));
  }

  private static List<DdlKind> indexes() {
    String indexed = TABLE + "; CREATE INDEX i ON t (v)";
    return List.of(
        on("index", "CREATE INDEX i ON t (v)"),
        on("index_unique", "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (v DESC) INCLUDE (id)")
            .row(APART),
        on("index_partial", "CREATE INDEX i ON t (v) WHERE id > 3"),
        on(
            "index_expression",
            "CREATE INDEX i ON t (lower(v) text_pattern_ops, (id + 1)) WITH (fillfactor = 70)"),
        on("index_nulls_not_distinct", "CREATE UNIQUE INDEX i ON t (v) NULLS NOT DISTINCT")
            .row(APART)
            .since(15),
        on(
            "index_other_methods",
            "CREATE INDEX i ON t USING hash (v); CREATE INDEX j ON t USING brin (id); CREATE INDEX k ON t USING gin (to_tsvector('simple', v))"),
        on("index_concurrently", "CREATE INDEX CONCURRENTLY i ON t (v)").outside(),
        on("index_concurrently_unique", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (v) WHERE id > 2")
            .row(APART)
            .outside(),
        on("drop_index", "DROP INDEX i").on(indexed),
        on("drop_index_concurrently", "DROP INDEX CONCURRENTLY i").on(indexed).outside(),
        on("index_rename", "ALTER INDEX i RENAME TO j").on(indexed),
        on("index_of_key_rename", "ALTER INDEX t_pkey RENAME TO key"),
        on("index_options", "ALTER INDEX i SET (fillfactor = 60)")
            .on(indexed + "; COMMENT ON INDEX i IS 'so'"),
        on("index_options_of_key", "ALTER INDEX t_pkey SET (fillfactor = 60)"),
        on("index_options_back", "ALTER INDEX i RESET (fillfactor)")
            .on(TABLE + "; CREATE INDEX i ON t (v) WITH (fillfactor = 60)"),
        on("index_statistics", "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 30")
            .on(TABLE + "; CREATE INDEX i ON t (lower(v))"),
        on("index_statistics_and_options", "ALTER INDEX i SET (fillfactor = 60)")
            .on(
                TABLE
                    + "; CREATE INDEX i ON t (lower(v)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 30"),
        on("reindex", "REINDEX TABLE t").on(indexed),
        on("reindex_concurrently", "REINDEX TABLE CONCURRENTLY t").on(indexed).outside(),
        on("reindexed_index_dropped", "REINDEX INDEX CONCURRENTLY i;\nDROP INDEX i")
            .on(indexed)
            .outside(),
        on("cluster_on", "ALTER TABLE t CLUSTER ON i").on(indexed),
        on("cluster_off", "ALTER TABLE t SET WITHOUT CLUSTER")
            .on(indexed + "; ALTER TABLE t CLUSTER ON i"),
        on("cluster_on_index_with_options", "ALTER INDEX i SET (fillfactor = 60)")
            .on(indexed + "; ALTER TABLE t CLUSTER ON i"));
  }

  private static List<DdlKind> settings() {
    String identified =
        "CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL); CREATE UNIQUE INDEX i ON t (id, v)";
    String measured =
        "CREATE TABLE t (id int PRIMARY KEY, v text, x int); CREATE STATISTICS s ON v, x FROM t";
    return List.of(
        on(
            "comments",
            "COMMENT ON TABLE t IS 'it''s'; COMMENT ON COLUMN t.v IS 'v'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key';"
                + " COMMENT ON INDEX t_pkey IS 'index'; COMMENT ON SCHEMA k_comments IS 'schema'"),
        on(
                "comments_away",
                "COMMENT ON TABLE t IS NULL; COMMENT ON COLUMN t.v IS NULL; COMMENT ON CONSTRAINT t_pkey ON t IS NULL")
            .on(
                TABLE
                    + "; COMMENT ON TABLE t IS 't'; COMMENT ON COLUMN t.v IS 'v'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key'"),
        on(
                "comments_on_needs",
                "COMMENT ON TYPE mood IS 'm'; COMMENT ON DOMAIN d IS 'd'; COMMENT ON SEQUENCE s IS 's'")
            .on("CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN d AS int; CREATE SEQUENCE s;"
                + " CREATE TABLE t (id int PRIMARY KEY, v text, m mood, d d DEFAULT nextval('s'))")
            .row("INSERT INTO t (id, v, d) VALUES (#, 'r#', 1)"),
        on("replica_identity_default", "ALTER TABLE t REPLICA IDENTITY DEFAULT"),
        on("replica_identity_index", "ALTER TABLE t REPLICA IDENTITY USING INDEX i")
            .on(identified),
        on("replica_identity_full", "ALTER TABLE t REPLICA IDENTITY FULL")
            .on(TABLE + "; ALTER TABLE t REPLICA IDENTITY DEFAULT"),
        on("replica_identity_of_index_with_options", "ALTER INDEX i SET (fillfactor = 60)")
            .on(identified + "; ALTER TABLE t REPLICA IDENTITY USING INDEX i"),
        on(
            "table_options",
            "ALTER TABLE t SET (fillfactor = 70, toast.autovacuum_enabled = false)"),
        on("table_options_back", "ALTER TABLE t RESET (fillfactor)")
            .on(TABLE + " WITH (fillfactor = 70)"),
        on("access_method", "ALTER TABLE t SET ACCESS METHOD heap").since(15),
        on("statistics_object", "CREATE STATISTICS s (ndistinct, dependencies) ON v, x FROM t")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, x int)"),
        on("statistics_object_expression", "CREATE STATISTICS s ON (lower(v)), id FROM t"),
        on(
                "statistics_object_target",
                "ALTER STATISTICS s SET STATISTICS 40; COMMENT ON STATISTICS s IS 'so'")
            .on(measured),
        on("statistics_object_rename", "ALTER STATISTICS s RENAME TO s2")
            .on(measured
                + "; ALTER STATISTICS s SET STATISTICS 40; COMMENT ON STATISTICS s IS 'so'"),
        on("statistics_object_drop", "DROP STATISTICS s").on(measured),
        on("nothing", """
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
            ALTER TABLE t DISABLE TRIGGER r; CREATE VIEW w AS SELECT * FROM t; CREATE POLICY p ON t; CREATE RULE u AS ON UPDATE TO w DO INSTEAD NOTHING;
            GRANT SELECT ON t TO PUBLIC; ALTER TABLE t SET TABLESPACE pg_default"""));
  }
}
