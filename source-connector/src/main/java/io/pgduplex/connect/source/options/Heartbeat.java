package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.PgduplexSchema;

/** The write that Debezium repeats, so that a database with no other traffic still shows a new position. */
final class Heartbeat {

  private Heartbeat() {}

  static String query(LinkDirection link) {
    return """
        INSERT INTO %s (link, direction, beat_at) VALUES (%s, %s, clock_timestamp()) \
        ON CONFLICT (link, direction) DO UPDATE SET beat_at = EXCLUDED.beat_at""".formatted(
            Identifiers.quote(PgduplexSchema.NAME, PgduplexSchema.HEARTBEAT),
            Identifiers.literal(link.link()),
            Identifiers.literal(link.direction().toString()));
  }
}
