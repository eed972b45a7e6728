package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;

/**
 * The write that Debezium repeats, so that a database with no other traffic still shows a new position. Where the
 * publication has other tables than before it says so as well: so the sink hears of it.
 */
final class Heartbeat {

  private Heartbeat() {}

  static String query(LinkDirection link) {
    return """
        WITH beat AS (INSERT INTO %1$s (link, direction, beat_at) VALUES (%3$s, %4$s, clock_timestamp()) \
        ON CONFLICT (link, direction) DO UPDATE SET beat_at = EXCLUDED.beat_at) \
        INSERT INTO %2$s (link, direction, tables) SELECT %3$s, %4$s, now.tables FROM (SELECT ARRAY(\
        SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_publication p \
        JOIN pg_publication_rel r ON r.prpubid = p.oid JOIN pg_class c ON c.oid = r.prrelid \
        JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE p.pubname = %5$s AND n.nspname <> %6$s ORDER BY 1) AS tables) AS now \
        WHERE now.tables IS DISTINCT FROM (SELECT tables FROM %2$s WHERE link = %3$s AND direction = %4$s) \
        ON CONFLICT (link, direction) DO UPDATE SET tables = EXCLUDED.tables""".formatted(
            Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.HEARTBEAT),
            Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.SELECTION),
            Identifiers.literal(link.link()),
            Identifiers.literal(link.direction().toString()),
            Identifiers.literal(link.objectName()),
            Identifiers.literal(PgduplexSchema.NAME));
  }
}
