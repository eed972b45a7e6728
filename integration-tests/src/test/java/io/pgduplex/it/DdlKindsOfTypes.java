package io.pgduplex.it;

import static io.pgduplex.it.DdlKind.on;
import static io.pgduplex.it.DdlKinds.X;
import static io.pgduplex.it.DdlKindsOfColumns.WITH_X;

import java.util.List;
import java.util.stream.Stream;

/** The same for types and sequences that columns need. */
final class DdlKindsOfTypes {

  private static final String OF_TYPE =
      "CREATE TYPE r AS (id int, v text, x int); CREATE TABLE t OF r (PRIMARY KEY (id))";

  private DdlKindsOfTypes() {}

  static List<DdlKind> all() {
    return Stream.of(types(), composites(), within(), tablesOfTypes())
        .flatMap(List::stream)
        .toList();
  }

  private static List<DdlKind> types() {
    String enumerated =
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, v mood)";
    String ok = "INSERT INTO t (id, v) VALUES (#, 'ok')";
    String collated =
        "CREATE COLLATION c (LOCALE = 'C'); CREATE TABLE t (id int PRIMARY KEY, v text COLLATE c)";
    String numbered =
        "CREATE SEQUENCE s AS int; CREATE TABLE t (id int PRIMARY KEY, v text, x bigint DEFAULT nextval('s'))";
    String bounded =
        "CREATE DOMAIN d AS text CONSTRAINT filled CHECK (value <> ''); CREATE TABLE t (id int PRIMARY KEY, v d)";
    return List.of(
        on("enum_add_value", "ALTER TYPE mood ADD VALUE 'happy'")
            .on(enumerated)
            .row(ok)
            .after("INSERT INTO t (id, v) VALUES (#, 'happy')")
            .outside(),
        on("enum_add_value_before", "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'bad' BEFORE 'sad'")
            .on(enumerated)
            .row(ok)
            .outside(),
        on("enum_rename_value", "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'")
            .on(enumerated)
            .before(ok)
            .after("INSERT INTO t (id, v) VALUES (#, 'fine')"),
        on("enum_rename_value_in_array", "ALTER TYPE mood RENAME VALUE 'ok' TO 'fi\"ne'")
            .on(
                "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, v mood[])")
            .before("INSERT INTO t (id, v) VALUES (#, '{ok,NULL,sad,ok}')")
            .after("INSERT INTO t (id, v) VALUES (#, ARRAY['fi\"ne', NULL]::mood[])"),
        on("type_rename", "ALTER TYPE mood RENAME TO state").on(enumerated).row(ok),
        on(
                "type_set_schema",
                "CREATE SCHEMA k_type_set_schema_2; ALTER TYPE mood SET SCHEMA k_type_set_schema_2")
            .on(enumerated)
            .row(ok),
        on("domain_constraint", "ALTER DOMAIN d ADD CONSTRAINT short CHECK (length(value) < 99)")
            .on(bounded),
        on("domain_drop_constraint", "ALTER DOMAIN d DROP CONSTRAINT filled").on(bounded),
        on(
                "domain_not_valid",
                "ALTER DOMAIN d ADD CONSTRAINT short CHECK (length(value) < 99) NOT VALID; ALTER DOMAIN d VALIDATE CONSTRAINT short")
            .on(bounded),
        on("domain_rename_constraint", "ALTER DOMAIN d RENAME CONSTRAINT filled TO full_")
            .on(bounded),
        on("domain_default", "ALTER DOMAIN d SET DEFAULT 'd'; ALTER DOMAIN d SET NOT NULL")
            .on(bounded),
        on("domain_drop_default", "ALTER DOMAIN d DROP DEFAULT; ALTER DOMAIN d DROP NOT NULL")
            .on(
                "CREATE DOMAIN d AS text DEFAULT 'd' NOT NULL; CREATE TABLE t (id int PRIMARY KEY, v d)"),
        on("domain_rename", "ALTER DOMAIN d RENAME TO e").on(bounded),
        on("sequence", "ALTER SEQUENCE s INCREMENT 3 MINVALUE -5 CYCLE CACHE 2")
            .on(numbered)
            .row(X),
        on("sequence_type", "ALTER SEQUENCE s AS bigint").on(numbered).row(X),
        on("sequence_owner", "ALTER SEQUENCE s OWNED BY t.x").on(numbered).row(X),
        on("sequence_rename", "ALTER SEQUENCE s RENAME TO s2").on(numbered).row(X),
        on(
                "sequence_set_schema",
                "CREATE SCHEMA k_sequence_set_schema_2; ALTER SEQUENCE s SET SCHEMA k_sequence_set_schema_2")
            .on(numbered)
            .row(X),
        on(
                "default_of_new_sequence",
                "CREATE SEQUENCE s2 START 5; ALTER TABLE t ALTER x SET DEFAULT nextval('s2')")
            .on(WITH_X)
            .row(X),
        on("serial_default_dropped", "ALTER TABLE t ALTER x DROP DEFAULT")
            .on("CREATE TABLE t (id int PRIMARY KEY, v text, x serial)")
            .row(X),
        on("sequence_unlogged", "ALTER SEQUENCE s SET UNLOGGED")
            .on(numbered)
            .row(X)
            .since(15),
        on("collation_rename", "ALTER COLLATION c RENAME TO c2").on(collated),
        on(
                "collation_set_schema",
                "CREATE SCHEMA k_collation_set_schema_2; ALTER COLLATION c SET SCHEMA k_collation_set_schema_2")
            .on(collated),
        on(
                "domain_not_null_named",
                "ALTER DOMAIN d ADD CONSTRAINT given NOT NULL; ALTER DOMAIN d RENAME CONSTRAINT given TO gives")
            .on(bounded)
            .since(17),
        on(
                "domain_set_schema",
                "CREATE SCHEMA k_domain_set_schema_2; ALTER DOMAIN d SET SCHEMA k_domain_set_schema_2")
            .on(bounded));
  }

  private static List<DdlKind> composites() {
    String composite = "CREATE TYPE c AS (a int, b text); CREATE TABLE t (id int PRIMARY KEY, v c)";
    String row = "INSERT INTO t (id, v) VALUES (#, ROW(#, ' \"b\\ (#),'))";
    return List.of(
        on(
                "composite_add",
                "ALTER TYPE c ADD ATTRIBUTE d text COLLATE \"C\", ADD ATTRIBUTE e numeric(9, 2)")
            .on(composite)
            .before(row)
            .after("INSERT INTO t (id, v) VALUES (#, ROW(#, NULL, 'd', #))"),
        on("composite_drop", "ALTER TYPE c DROP ATTRIBUTE a")
            .on(composite)
            .before(row)
            .after("INSERT INTO t (id, v) VALUES (#, ROW('b'))"),
        on(
                "composite_drop_last",
                "ALTER TYPE c DROP ATTRIBUTE a, DROP ATTRIBUTE b, ADD ATTRIBUTE b text")
            .on(composite)
            .before(row)
            .after("INSERT INTO t (id, v) VALUES (#, ROW('b'))"),
        on(
                "composite_rename",
                "ALTER TYPE c RENAME ATTRIBUTE b TO a2; ALTER TYPE c RENAME ATTRIBUTE a TO b")
            .on(composite)
            .row(row),
        on("composite_drop_cascade", "ALTER TYPE c DROP ATTRIBUTE a CASCADE")
            .on(
                composite
                    + "; ALTER TABLE t ADD CHECK ((v).a > 0); CREATE TABLE u (id int PRIMARY KEY, v c,"
                    + " g int GENERATED ALWAYS AS ((v).a) STORED); CREATE TABLE w (id int PRIMARY KEY, v c)")
            .before(row)
            .after("INSERT INTO t (id, v) VALUES (#, ROW('b'))"),
        on("composite_in_check", "ALTER TYPE c RENAME ATTRIBUTE a TO n")
            .on(composite + "; ALTER TABLE t ADD CHECK ((v).a > 0); CREATE INDEX ON t (((v).a))")
            .row(row));
  }

  /** What has to do with values that are part of others. */
  private static List<DdlKind> within() {
    return List.of(
        on("composite_within", "ALTER TYPE c ADD ATTRIBUTE n int, DROP ATTRIBUTE a")
            .on("""
                CREATE TYPE c AS (a int, b text); CREATE TYPE o AS (x c, y c[]); CREATE DOMAIN d AS o CHECK (true);
                CREATE TABLE t (id int PRIMARY KEY, v d[])""")
            .before("""
                INSERT INTO t (id, v) VALUES (#, ARRAY[[ROW(ROW(#, 'a"''\'), ARRAY[ROW(NULL, '')]::c[])::o, NULL]]::d[])""")
            .after("""
                INSERT INTO t (id, v) VALUES (#, ARRAY[ROW(ROW('NULL', #), ARRAY[NULL]::c[])::o]::d[])"""),
        on(
                "enum_swap_within",
                "ALTER TYPE mood RENAME VALUE 'ok' TO 'x'; ALTER TYPE mood RENAME VALUE 'sad' TO 'ok'; ALTER TYPE mood RENAME VALUE 'x' TO 'sad'")
            .on("""
                CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE span AS RANGE (SUBTYPE = mood); CREATE DOMAIN d AS mood;
                CREATE TYPE c AS (m mood, n mood[], s span); CREATE TABLE t (id int PRIMARY KEY, v c, d d, a mood[])""")
            .before("""
                INSERT INTO t (id, v, d, a) VALUES (#, ROW('ok', '{sad,NULL}', '[sad,ok]'), 'ok', '[0:0][3:4]={{ok,sad}}')""")
            .after("""
                INSERT INTO t (id, v, d, a) VALUES (#, ROW('ok', '{sad,NULL}', '(ok,)'), 'ok', '[0:0][3:4]={{ok,sad}}')"""));
  }

  private static List<DdlKind> tablesOfTypes() {
    return List.of(
        on("type_of_table_add", "ALTER TYPE r ADD ATTRIBUTE y int CASCADE")
            .on(OF_TYPE)
            .after("INSERT INTO t (id, v, y) VALUES (#, 'r#', 3)"),
        on("type_of_table_drop", "ALTER TYPE r DROP ATTRIBUTE x CASCADE")
            .on(OF_TYPE)
            .before(X),
        on("type_of_table_rename", "ALTER TYPE r RENAME ATTRIBUTE v TO w CASCADE")
            .on(OF_TYPE)
            .after("INSERT INTO t (id, w) VALUES (#, 'r#')"),
        on(
                "type_of_table_by_settings",
                "SET TimeZone = 'Asia/Tokyo'; ALTER TYPE r ALTER ATTRIBUTE x TYPE timestamp CASCADE; RESET TimeZone")
            .on(
                "CREATE TYPE r AS (id int, v text, x timestamptz); CREATE TABLE t OF r (PRIMARY KEY (id))")
            .before("INSERT INTO t (id, v, x) VALUES (#, 'r#', '2024-01-01 00:00Z')")
            .after("INSERT INTO t (id, v, x) VALUES (#, 'r#', '2024-01-01 00:00')"),
        on("type_of_table_type", "ALTER TYPE r ALTER ATTRIBUTE x TYPE text CASCADE")
            .on(OF_TYPE)
            .row(X));
  }
}
