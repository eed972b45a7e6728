package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;

/**
 * A statement that makes or sets one thing, with what tells this thing from others later on.
 *
 * @param key which thing it is, as long as it is there, whatever its name
 * @param raw what it is like, without names of others, so that only a change of its own changes it
 * @param part its name, if it has one of its own
 * @param of the key of the object that it is a property of; empty for an object
 * @param undo the statement that takes it away; empty where nothing has to
 */
record Piece(
    SchemaStatement statement, String key, String raw, String part, String of, String undo) {

  /** Of a row with these columns. */
  static Piece read(Phase phase, String kind, Catalog.Row row) throws SQLException {
    return new Piece(
        new SchemaStatement(phase, kind, row.text("schema"), row.text("name"), row.text("sql")),
        row.text("key"),
        row.text("raw"),
        row.text("part"),
        row.text("of"),
        row.text("undo"));
  }
}
