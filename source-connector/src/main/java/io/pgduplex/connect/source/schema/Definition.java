package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.Tables.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table as it was at a moment.
 *
 * @param creation what makes it, with its columns
 * @param parts what makes all else of it, and what it needs, in order
 * @param checks of a partition: what its partitioned table's checks would be as its own
 * @param keys of all that was there
 */
record Definition(
    Table table,
    List<Column> columns,
    List<Piece> creation,
    List<Piece> parts,
    List<Piece> checks,
    Set<String> keys) {

  /** Of an answer of {@code pgduplex_ddl.definition} about one table. */
  static Definition read(JsonNode answers) throws SQLException {
    Catalog catalog = new RecordedCatalog(answers);
    Table table = Tables.one(catalog);
    Scope scope = Scope.of(catalog, Map.of(table.oid(), table.name()));
    List<Piece> creation = new ArrayList<>();
    List<Piece> parts = new ArrayList<>();
    for (Piece piece : SchemaReader.pieces(catalog, scope, new ArrayList<>())) {
      (piece.key().equals(key(table)) ? creation : parts).add(piece);
    }
    List<Column> columns = Columns.read(catalog, scope).getOrDefault(table.oid(), List.of());
    Set<String> keys = new HashSet<>(Constraints.keysOfAll(catalog, scope));
    keys.add(key(table));
    parts.forEach(part -> keys.add(part.key()));
    columns.forEach(column -> keys.add("column:" + table.oid() + ':' + column.number()));
    return new Definition(
        table, columns, creation, parts, Constraints.ofPartitioned(catalog, scope), keys);
  }

  private static String key(Table table) {
    return "table:" + table.oid();
  }
}
