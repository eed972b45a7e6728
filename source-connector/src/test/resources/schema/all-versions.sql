-- What PostgreSQL 14 can have already. Everything is in the selection, but for what "Not selected" holds.
CREATE SCHEMA shop;
CREATE SCHEMA "Odd ""Schema"".x";
CREATE SCHEMA types;
CREATE SCHEMA unused;
COMMENT ON SCHEMA shop IS 'The shop''s';

-- Collations
CREATE COLLATION types.plain (LOCALE = 'C');
CREATE COLLATION types."Case blind" (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE COLLATION unused.nobody FROM "C";
COMMENT ON COLLATION types.plain IS 'bytes';

-- Types, each needed by something else than its name suggests
CREATE TYPE types.mood AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE types.mood ADD VALUE 'so-so' BEFORE 'ok';
ALTER TYPE types.mood ADD VALUE 'it''s \ great';
CREATE TYPE types.empty_enum AS ENUM ();
CREATE TYPE "Odd ""Schema"".x"."Mood "" y" AS ENUM ('a', 'B');
CREATE TYPE types.only_in_check AS ENUM ('x', 'y');
CREATE TYPE types.only_in_default AS ENUM ('x', 'y');
CREATE TYPE types.only_in_index AS ENUM ('x', 'y');
CREATE TYPE types.a_pair AS (z types.mood, "Label" text COLLATE types.plain, n numeric(10, 2)[]);
CREATE TYPE types.a_first AS (pair types.a_pair[], at timestamptz(3));
ALTER TYPE types.a_first ADD ATTRIBUTE gone int;
ALTER TYPE types.a_first DROP ATTRIBUTE gone;
CREATE TYPE types.nothing AS ();
CREATE TYPE types.of_type AS (id int, name varchar(20) COLLATE "C", at date);
CREATE SEQUENCE types.for_domain START 1000;
CREATE DOMAIN types.posint AS int CONSTRAINT positive CHECK (VALUE > 0) CONSTRAINT "not 13" CHECK (VALUE <> 13);
CREATE DOMAIN types.a_domain AS types.posint DEFAULT 7 NOT NULL;
CREATE DOMAIN types.numbered AS bigint DEFAULT nextval('types.for_domain');
CREATE DOMAIN types.short AS varchar(5) COLLATE types.plain DEFAULT 'it''s';
CREATE DOMAIN types.moods AS types.mood[] CHECK (cardinality(VALUE) < 5);
CREATE DOMAIN types.old AS text;
ALTER DOMAIN types.old ADD CONSTRAINT later CHECK (VALUE <> 'bad') NOT VALID;
CREATE TYPE types.floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TYPE types.texts AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C", MULTIRANGE_TYPE_NAME = types."Many texts");
CREATE DOMAIN types.unit AS types.floats DEFAULT '[0,1)' CHECK (NOT isempty(VALUE));
CREATE TYPE unused.nobody AS ENUM ('x');
COMMENT ON TYPE types.mood IS 'how one is';
COMMENT ON TYPE types.a_pair IS 'two';
COMMENT ON COLUMN types.a_pair."Label" IS 'its name';
COMMENT ON DOMAIN types.posint IS 'above 0';
COMMENT ON CONSTRAINT "not 13" ON DOMAIN types.posint IS 'unlucky';

CREATE TABLE shop.with_types (
  id int PRIMARY KEY,
  a types.mood DEFAULT 'ok',
  b types.mood[] DEFAULT '{sad,happy}',
  c types.a_first,
  d types.a_first[],
  e types.a_domain,
  f types.numbered,
  g types.short,
  h types.moods,
  i types.floats,
  j types."Many texts",
  k types.texts[],
  l types.unit,
  m "Odd ""Schema"".x"."Mood "" y",
  n types.empty_enum,
  o types.nothing,
  p types.old,
  q text COLLATE types."Case blind",
  r text CHECK (r::types.only_in_check <> 'y'),
  s text DEFAULT 'x'::types.only_in_default::text,
  t text);
CREATE INDEX with_types_cast ON shop.with_types ((t IS NOT DISTINCT FROM q), (length(t)), (a = 'ok'));
CREATE INDEX with_types_partial ON shop.with_types (id) WHERE m = 'B' AND NOT (NULL::types.only_in_index) IS NULL;

-- All that a column can be
CREATE TABLE shop.columns (
  a smallint, b integer NOT NULL, c bigint DEFAULT 5 NOT NULL, d numeric, e numeric(12, 3), f real DEFAULT 1.1, g float8 DEFAULT 'NaN',
  h text, i varchar, j varchar(10), k char, l char(7), m "char", n name, o bytea DEFAULT '\xdeadbeef', p date DEFAULT CURRENT_DATE,
  q time(2), r timetz, s timestamp(0) DEFAULT now(), t timestamptz DEFAULT '2024-02-29 12:00:00+05:45', u interval,
  v interval day to second(3) DEFAULT '1 day -02:03:04.5', w boolean DEFAULT true, x uuid DEFAULT gen_random_uuid(),
  y json, z jsonb DEFAULT '{"a": [1, "it''s \\ here"]}', aa xml, ab inet, ac cidr, ad macaddr, ae bit(3) DEFAULT B'101', af varbit(9),
  ag point, ah box, ai tsvector, aj int4range, ak int8multirange, al int[] DEFAULT ARRAY[1, 2], am text[][], an money, ao oid,
  ap regclass DEFAULT 'pg_catalog.pg_class', aq timestamptz[] DEFAULT ARRAY[now()], ar varchar(3)[], as_ text COLLATE "C",
  at text DEFAULT E'line\nline \\ ''quoted''', au text DEFAULT '', av text DEFAULT NULL, aw int DEFAULT (2 + 3) * 4);
ALTER TABLE shop.columns ADD COLUMN added int DEFAULT 7, DROP COLUMN b, DROP COLUMN n;
ALTER TABLE shop.columns ADD COLUMN b text;
ALTER TABLE shop.columns ALTER h SET STORAGE EXTERNAL, ALTER i SET STORAGE PLAIN, ALTER j SET STORAGE MAIN, ALTER d SET STORAGE EXTENDED,
  ALTER h SET COMPRESSION pglz, ALTER a SET STATISTICS 500, ALTER c SET STATISTICS 0, ALTER e SET (n_distinct = -0.5, n_distinct_inherited = 7);
ALTER TABLE shop.columns ADD CONSTRAINT question CHECK (z ? 'a' OR z @? '$.a' OR z = '{"fn": 1}');
CREATE INDEX columns_question ON shop.columns ((y ->> '?')) WHERE z ?| '{a,b}';
COMMENT ON TABLE shop.columns IS E'All that a column can be;\nit''s "many" \\ more';
COMMENT ON COLUMN shop.columns.a IS 'small';
COMMENT ON COLUMN shop.columns.added IS '';
COMMENT ON COLUMN shop.columns.added IS 'later';

CREATE TABLE shop.generated (
  id int PRIMARY KEY, w numeric(10, 2) DEFAULT 1, h numeric(10, 2),
  area numeric GENERATED ALWAYS AS (w * h) STORED, name text, upper_name text GENERATED ALWAYS AS (upper(name)) STORED NOT NULL,
  label text COLLATE "C" GENERATED ALWAYS AS ('<' || name || '>') STORED);
CREATE INDEX generated_area ON shop.generated (area);

CREATE TABLE shop.identity_always (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
CREATE TABLE shop.identity_default (
  v text, id smallint GENERATED BY DEFAULT AS IDENTITY (START WITH 100 INCREMENT BY -5 MINVALUE -1000 MAXVALUE 200 CACHE 7 CYCLE));
CREATE TABLE shop.identity_renamed (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME shop."Its own name"));
COMMENT ON SEQUENCE shop."Its own name" IS 'a sequence of a column';
CREATE TABLE shop.with_serial (id serial PRIMARY KEY, b bigserial, s smallserial, v text);
ALTER SEQUENCE shop.with_serial_b_seq OWNED BY NONE;
CREATE SEQUENCE shop.shared AS int START 7 INCREMENT 3 MINVALUE -5 MAXVALUE 1000 CACHE 20 CYCLE;
CREATE SEQUENCE "Odd ""Schema"".x"."Seq ""'s" INCREMENT -1;
CREATE SEQUENCE shop.owned_unused;
CREATE SEQUENCE unused.no_ones;
CREATE TABLE shop.shares_1 (id int DEFAULT nextval('shop.shared') PRIMARY KEY, odd bigint DEFAULT nextval('"Odd ""Schema"".x"."Seq ""''s"'));
CREATE TABLE shop.shares_2 (id int DEFAULT 10 + nextval('shop.shared') PRIMARY KEY, v text);
ALTER SEQUENCE shop.owned_unused OWNED BY shop.shares_2.v;
COMMENT ON SEQUENCE shop.shared IS 'two tables''';

-- Names
CREATE TABLE "Odd ""Schema"".x"."T ""1"".'$a' \" (
  "Id" int, "select" text DEFAULT 'a', "with space" int CONSTRAINT "Check 'it' \" CHECK ("with space" > 0), "quote""d" int UNIQUE,
  "dot.ted" int, "Grüße 🙂" text, PRIMARY KEY ("Id"));
CREATE INDEX "Index ""x""" ON "Odd ""Schema"".x"."T ""1"".'$a' \" ("dot.ted" DESC, lower("select"));
COMMENT ON INDEX "Odd ""Schema"".x"."Index ""x""" IS 'odd';
CREATE TABLE shop."table" ("user" int PRIMARY KEY, "order" int, "group" text, system_user_ text);
CREATE TABLE shop."UPPER" (lower int, "Lower" int, "LOWER" int, UNIQUE (lower, "LOWER"));
CREATE TABLE shop."upper" (id int);
CREATE TABLE shop.abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123 (
  abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij456 int PRIMARY KEY,
  abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij789 int GENERATED ALWAYS AS IDENTITY UNIQUE);
CREATE TABLE public.in_public (id int PRIMARY KEY);
CREATE TABLE public.no_columns ();
CREATE TABLE shop.no_key (a int, b text);
CREATE TABLE shop.quoted_columns (id int PRIMARY KEY, "a b" text DEFAULT 'x y', "C" int[]);

-- Keys, indexes, constraints
CREATE TABLE shop.parent (
  id int PRIMARY KEY, code text, region text, valid daterange, CONSTRAINT parent_code UNIQUE (code) INCLUDE (region),
  CONSTRAINT parent_both UNIQUE (region, code) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT parent_deferrable UNIQUE (code, id) DEFERRABLE,
  EXCLUDE USING gist (valid WITH &&) WHERE (region = 'x'),
  CONSTRAINT no_two_regions EXCLUDE USING btree (region WITH =) DEFERRABLE);
COMMENT ON CONSTRAINT parent_code ON shop.parent IS 'the code';
CREATE TABLE shop.child (
  id int PRIMARY KEY, parent int REFERENCES shop.parent ON DELETE CASCADE ON UPDATE SET NULL, code text, region text,
  CONSTRAINT "to the code" FOREIGN KEY (code) REFERENCES shop.parent (code) DEFERRABLE INITIALLY DEFERRED,
  self int REFERENCES shop.child, amount numeric,
  CONSTRAINT amount_above CHECK (amount > 0), CONSTRAINT both_or_none CHECK ((code IS NULL) = (region IS NULL)) NO INHERIT,
  CHECK (amount < 1000 AND region ~ '^[a-z\\]+$'));
ALTER TABLE shop.child ADD CONSTRAINT not_valid CHECK (amount <> 5) NOT VALID,
  ADD CONSTRAINT not_valid_fk FOREIGN KEY (self) REFERENCES shop.parent (id) MATCH FULL ON DELETE SET DEFAULT NOT VALID;
COMMENT ON CONSTRAINT amount_above ON shop.child IS 'money';
CREATE TABLE shop.cycle_1 (id int PRIMARY KEY, other int);
CREATE TABLE shop.cycle_2 (id int PRIMARY KEY, other int REFERENCES shop.cycle_1);
ALTER TABLE shop.cycle_1 ADD FOREIGN KEY (other) REFERENCES shop.cycle_2;
CREATE TABLE shop.a_before_z (id int REFERENCES shop.parent (id), z types.posint);
CREATE TABLE shop.indexed (id int, a text, b text, c jsonb, d tsvector, e int4range, f int[], g point);
ALTER TABLE shop.indexed ADD CONSTRAINT indexed_key PRIMARY KEY (id) WITH (fillfactor = 71);
CREATE UNIQUE INDEX indexed_unique ON shop.indexed (a) WHERE b IS NOT NULL;
CREATE UNIQUE INDEX indexed_unique_expression ON shop.indexed (lower(a), (id % 7) DESC NULLS LAST);
CREATE INDEX indexed_collated ON shop.indexed (a COLLATE "C" text_pattern_ops, b DESC) INCLUDE (f) WITH (fillfactor = 60, deduplicate_items = off);
CREATE INDEX indexed_gin ON shop.indexed USING gin (c jsonb_path_ops, d, f) WITH (fastupdate = off);
CREATE INDEX indexed_gist ON shop.indexed USING gist (e, g);
CREATE INDEX indexed_brin ON shop.indexed USING brin (id int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 8);
CREATE INDEX indexed_hash ON shop.indexed USING hash (b);
CREATE INDEX indexed_spgist ON shop.indexed USING spgist (g);
CREATE INDEX indexed_statistics ON shop.indexed ((a || b), (id * 2));
ALTER INDEX shop.indexed_statistics ALTER COLUMN 2 SET STATISTICS 300;
COMMENT ON INDEX shop.indexed_key IS 'a key''s';
ALTER TABLE shop.indexed CLUSTER ON indexed_collated;
CREATE TABLE shop.clustered_on_key (id int PRIMARY KEY);
ALTER TABLE shop.clustered_on_key CLUSTER ON clustered_on_key_pkey;
CREATE TABLE shop.key_of_index (id int NOT NULL, v int NOT NULL);
CREATE UNIQUE INDEX "Key of index" ON shop.key_of_index (id, v) INCLUDE (v);
ALTER TABLE shop.key_of_index ADD CONSTRAINT "Key of index" UNIQUE USING INDEX "Key of index" INITIALLY DEFERRED;
CREATE TABLE shop.with_statistics (a int, b int, c text, d date);
CREATE STATISTICS shop.st_all ON a, b FROM shop.with_statistics;
CREATE STATISTICS shop.st_some (ndistinct, dependencies) ON a, b, c FROM shop.with_statistics;
CREATE STATISTICS types."St expression" (mcv) ON (a % 10), lower(c), b FROM shop.with_statistics;
CREATE STATISTICS shop.st_one ON (date_trunc('month', d)) FROM shop.with_statistics;
ALTER STATISTICS shop.st_some SET STATISTICS 1000;
COMMENT ON STATISTICS shop.st_some IS 'some';

-- Tables as a whole
CREATE UNLOGGED TABLE shop.unlogged (id serial PRIMARY KEY, i int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE shop.options (id int PRIMARY KEY, v text) WITH (fillfactor = 70, autovacuum_enabled = false, autovacuum_vacuum_scale_factor = 0.01,
  toast.autovacuum_enabled = false, toast.vacuum_truncate = false, user_catalog_table = true);
CREATE TABLE shop.identity_full (id int PRIMARY KEY, v text);
ALTER TABLE shop.identity_full REPLICA IDENTITY FULL;
CREATE TABLE shop.identity_nothing (id int PRIMARY KEY, v text);
ALTER TABLE shop.identity_nothing REPLICA IDENTITY NOTHING;
CREATE TABLE shop.identity_index (id int PRIMARY KEY, v text NOT NULL);
CREATE UNIQUE INDEX identity_index_v ON shop.identity_index (v);
ALTER TABLE shop.identity_index REPLICA IDENTITY USING INDEX identity_index_v;
CREATE TABLE shop.identity_constraint (id int PRIMARY KEY, v text NOT NULL UNIQUE);
ALTER TABLE shop.identity_constraint REPLICA IDENTITY USING INDEX identity_constraint_v_key;
CREATE TABLE shop.typed OF types.of_type (id WITH OPTIONS PRIMARY KEY, at WITH OPTIONS DEFAULT CURRENT_DATE NOT NULL, CHECK (id > 0));
CREATE TABLE shop.typed_plain OF types.of_type;
CREATE TABLE shop.z_row_type (id int PRIMARY KEY, v text);
CREATE TABLE shop.a_row_of_z (id int PRIMARY KEY, z shop.z_row_type, zz shop.z_row_type[]);

-- Inheritance
CREATE TABLE shop.z_base (id int NOT NULL, name text DEFAULT 'base' COLLATE "C", at date, CONSTRAINT base_positive CHECK (id > 0),
  CONSTRAINT base_alone CHECK (id < 99) NO INHERIT, twice int GENERATED ALWAYS AS (id * 2) STORED);
ALTER TABLE shop.z_base ALTER name SET STORAGE EXTERNAL, ALTER at SET STATISTICS 77;
CREATE TABLE shop.z_second (extra int DEFAULT 2, id int);
CREATE TABLE shop.inherits (own text NOT NULL) INHERITS (shop.z_base);
CREATE INDEX inherits_own ON shop.inherits (own);
CREATE TABLE shop.inherits_changed (id int, name text COLLATE "C" DEFAULT 'changed', CONSTRAINT base_positive CHECK (id > 0)) INHERITS (shop.z_base);
ALTER TABLE shop.inherits_changed ALTER at SET DEFAULT '2024-01-01', ALTER at SET NOT NULL, ALTER at SET STATISTICS 3;
CREATE TABLE shop.inherits_undefault () INHERITS (shop.z_base);
ALTER TABLE shop.inherits_undefault ALTER name DROP DEFAULT, ALTER name SET STORAGE EXTENDED, ADD CONSTRAINT own_check CHECK (name <> '');
CREATE TABLE shop.inherits_two (more int) INHERITS (shop.z_second, shop.z_base);
CREATE TABLE shop.inherits_twice (deep int) INHERITS (shop.inherits_two);
CREATE TABLE shop.inherits_identity () INHERITS (shop.z_second);
ALTER TABLE shop.inherits_identity ALTER id SET NOT NULL, ALTER extra DROP DEFAULT;
ALTER TABLE shop.inherits_identity ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 9);
CREATE TABLE shop.parent_identity (id int GENERATED ALWAYS AS IDENTITY, v int);
CREATE TABLE shop.inherits_no_identity (own int) INHERITS (shop.parent_identity);
CREATE TABLE shop.joined_later (at date, id int NOT NULL, twice int GENERATED ALWAYS AS (id * 2) STORED, name text COLLATE "C",
  CONSTRAINT base_positive CHECK (id > 0));
ALTER TABLE shop.joined_later INHERIT shop.z_base;

-- Partitions
CREATE TABLE shop.measured (at date NOT NULL, city int, v numeric DEFAULT 1, tag types.mood, CONSTRAINT v_positive CHECK (v > 0))
  PARTITION BY RANGE (at);
CREATE TABLE shop.measured_2023 PARTITION OF shop.measured FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE shop.measured_2024 (tag types.mood, v numeric DEFAULT 2, gone int, at date NOT NULL, city int,
  CONSTRAINT v_positive CHECK (v > 0), CONSTRAINT own_check CHECK (city > 0));
ALTER TABLE shop.measured_2024 DROP COLUMN gone;
CREATE INDEX "its own index" ON shop.measured_2024 (city);
ALTER TABLE shop.measured ATTACH PARTITION shop.measured_2024 FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE TABLE shop.measured_rest PARTITION OF shop.measured DEFAULT PARTITION BY LIST (city);
CREATE TABLE shop.measured_rest_1 PARTITION OF shop.measured_rest (v DEFAULT 3) FOR VALUES IN (1, 2, NULL) WITH (fillfactor = 50);
CREATE TABLE shop.measured_rest_other PARTITION OF shop.measured_rest DEFAULT PARTITION BY HASH (v, tag enum_ops);
CREATE TABLE types.measured_rest_hash PARTITION OF shop.measured_rest_other FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE shop.measured ADD CONSTRAINT measured_key UNIQUE (at, city, v, tag);
CREATE INDEX measured_city ON shop.measured (city);
CREATE INDEX measured_v ON ONLY shop.measured (v);
CREATE INDEX measured_v_of_2023 ON shop.measured_2023 (v);
ALTER INDEX shop.measured_v ATTACH PARTITION shop.measured_v_of_2023;
COMMENT ON INDEX shop.measured_city IS 'of all';
COMMENT ON TABLE shop.measured_2023 IS 'a partition';
ALTER TABLE shop.measured_2023 REPLICA IDENTITY FULL;
ALTER TABLE shop.measured ALTER v SET STATISTICS 50;
CREATE TABLE shop.listed (id int, kind text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
CREATE TABLE shop.listed_a PARTITION OF shop.listed FOR VALUES IN ('a', 'it''s');
CREATE TABLE shop.listed_b (kind text NOT NULL, id int NOT NULL, CONSTRAINT "b's key" PRIMARY KEY (id, kind));
ALTER TABLE shop.listed ATTACH PARTITION shop.listed_b FOR VALUES IN ('b');
CREATE UNIQUE INDEX listed_kind ON shop.listed (kind, id DESC);
ALTER TABLE shop.listed REPLICA IDENTITY USING INDEX listed_kind;
CREATE TABLE shop.hashed (id uuid, v types.a_pair) PARTITION BY HASH (id);
CREATE TABLE shop.hashed_0 PARTITION OF shop.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE UNLOGGED TABLE shop.hashed_1 PARTITION OF shop.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE shop.by_expression (a timestamptz, b int) PARTITION BY RANGE (date_part('year', a AT TIME ZONE 'UTC'), b int4_ops);
CREATE TABLE shop.by_expression_1 PARTITION OF shop.by_expression FOR VALUES FROM (MINVALUE, MINVALUE) TO (2024.5, 7);
CREATE TABLE shop.by_text (a text, b text) PARTITION BY RANGE (a COLLATE "C" text_pattern_ops);
CREATE TABLE shop.references_partitioned (id int, kind text, FOREIGN KEY (id, kind) REFERENCES shop.listed);
CREATE TABLE shop.partitioned_references (id int, parent int CONSTRAINT to_parent REFERENCES shop.parent) PARTITION BY LIST (id);
CREATE TABLE shop.partitioned_references_1 PARTITION OF shop.partitioned_references FOR VALUES IN (1);
CREATE TABLE shop.partitioned_references_2 (id int, parent int CONSTRAINT "its own to_parent" REFERENCES shop.parent);
ALTER TABLE shop.partitioned_references ATTACH PARTITION shop.partitioned_references_2 FOR VALUES IN (2);

-- What is not carried
CREATE FUNCTION unused.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER not_carried BEFORE INSERT ON shop.parent FOR EACH ROW EXECUTE FUNCTION unused.f();
CREATE RULE not_carried AS ON DELETE TO shop.no_key DO INSTEAD NOTHING;
CREATE POLICY not_carried ON shop.parent USING (true);
ALTER TABLE shop.parent ENABLE ROW LEVEL SECURITY;
CREATE VIEW unused.v AS SELECT * FROM shop.parent;
CREATE TABLE unused.not_selected (id int PRIMARY KEY);

-- Where the sequences are
SELECT nextval('shop.shared'), nextval('shop.shared'), setval('shop.owned_unused', 42, false), nextval('shop.with_serial_id_seq'),
       setval('shop.identity_always_id_seq', 12345678901), nextval('shop.identity_default_id_seq'), nextval('types.for_domain');
