-- The role of the connectors, and what it may do. An administrator runs this once on each side of a link, as a superuser
-- and in the database that is linked:
--
--   psql -d bank -v ON_ERROR_STOP=1 -f role.sql
--
-- bank is the database, bank_owner the role that owns its tables, and pgduplex the role that the connectors of this side
-- connect as, source and sink alike. For names of your own: sed 's/bank/shop/g' role.sql. Choose another password, and
-- keep it as PGDUPLEX_A_PASSWORD or PGDUPLEX_B_PASSWORD. The file may be run again, and on PostgreSQL 14 to 18.

-- REPLICATION is for the source's slot. It is no superuser.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pgduplex') THEN
    CREATE ROLE pgduplex PASSWORD 'change-me';
  END IF;
END
$$;
ALTER ROLE pgduplex LOGIN REPLICATION;

-- For the publication and the schema pgduplex, which holds all that the connectors keep in the database.
GRANT CONNECT, CREATE ON DATABASE bank TO pgduplex;
CREATE SCHEMA IF NOT EXISTS pgduplex AUTHORIZATION pgduplex;

-- Only a table's owner may publish it, and members of the owner's role count as owners. It also lets the sink read and
-- write the tables. One line for each role that owns tables of the link.
GRANT bank_owner TO pgduplex;

-- The sink marks what it writes with its replication origin, and gives it the commit time of the other side.
GRANT EXECUTE ON FUNCTION
  pg_replication_origin_create(text),
  pg_replication_origin_session_setup(text),
  pg_replication_origin_xact_setup(pg_lsn, timestamptz)
  TO pgduplex;

-- The sink's session is a replica's: triggers and foreign keys have done their work on the other side. Up to PostgreSQL 14
-- only a superuser can set this, but a role can come with it.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 150000 THEN
    EXECUTE 'GRANT SET ON PARAMETER session_replication_role TO pgduplex';
  ELSE
    ALTER ROLE pgduplex IN DATABASE bank SET session_replication_role = replica;
  END IF;
END
$$;

-- Where the sink and an application wait for each other's rows, the one that looks first is ended. The sink tries again by
-- itself, so it is to be the one.
ALTER ROLE pgduplex IN DATABASE bank SET deadlock_timeout = '50ms';
