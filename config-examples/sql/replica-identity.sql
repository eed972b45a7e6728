-- Lets the WAL carry whole rows: run it on each side, as the tables' owner and in the database that is linked, once the
-- tables are there, and again for tables that are added.
--
--   psql -d bank -v ON_ERROR_STOP=1 -f replica-identity.sql
--
-- A table without a primary key must have REPLICA IDENTITY FULL, or the sources refuse to start. On the others it makes it
-- possible to insert a row that was updated here and is missing on the other side. Name your schemas below. A partitioned
-- table's setting does not reach its partitions, so each of them gets its own. Left out are tables with a virtual generated
-- column, where PostgreSQL 18 would refuse the application's own UPDATE and DELETE.
DO $$
DECLARE
  unmarked regclass;
BEGIN
  FOR unmarked IN
    SELECT c.oid
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public')
       AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.relreplident <> 'f'
       AND NOT EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attgenerated = 'v' AND NOT a.attisdropped)
  LOOP
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', unmarked);
  END LOOP;
END
$$;
