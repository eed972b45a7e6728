
-- Always: also in a replica's session, which is not followed, what it leaves is known. And at once: no statement comes between.
BEGIN;
DROP EVENT TRIGGER IF EXISTS pgduplex_ddl;
CREATE EVENT TRIGGER pgduplex_ddl ON ddl_command_end EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_ddl ENABLE ALWAYS;
DROP EVENT TRIGGER IF EXISTS pgduplex_drop;
CREATE EVENT TRIGGER pgduplex_drop ON sql_drop EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_drop ENABLE ALWAYS;
DROP EVENT TRIGGER IF EXISTS pgduplex_rewrite;
CREATE EVENT TRIGGER pgduplex_rewrite ON table_rewrite EXECUTE FUNCTION pgduplex_ddl.capture_ddl();
ALTER EVENT TRIGGER pgduplex_rewrite ENABLE ALWAYS;
COMMIT;

GRANT USAGE ON SCHEMA pgduplex_ddl TO pgduplex;
GRANT SELECT, INSERT, UPDATE, DELETE ON pgduplex_ddl.links, pgduplex_ddl.tables, pgduplex_ddl.former_needs TO pgduplex;
GRANT EXECUTE ON FUNCTION
  pgduplex_ddl.definition(oid[], oid[]), pgduplex_ddl.parts(oid, jsonb), pgduplex_ddl.note_definitions(text, oid[]),
  pgduplex_ddl.is_selected(pgduplex_ddl.links, text, text), pgduplex_ddl.version()
  TO pgduplex;
