-- Lets a source connector of a forward direction follow the statements that change tables. An administrator runs this once on
-- the side that tables are changed on, as a superuser and in the database that is linked, after role.sql:
--
--   psql -d bank -v ON_ERROR_STOP=1 -f ddl.sql
--
-- pgduplex is the role that the source connector connects as. The file may be run again, and must be with a new version of
-- pgduplex. To take it away: DROP SCHEMA pgduplex_ddl CASCADE.
--
-- Each statement that changes tables of a link writes their definition before and after it into pgduplex.ddl_log, in its own
-- transaction. The functions belong to whoever runs this file, and act with his rights; so they are in a schema of their own.
-- An error in them is written down, and fails nobody's statement; but for one that gives a table columns whose names differ only
-- by case, which nothing could carry.

CREATE SCHEMA IF NOT EXISTS pgduplex_ddl;

