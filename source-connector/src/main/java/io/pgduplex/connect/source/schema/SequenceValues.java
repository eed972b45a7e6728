package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads where the sequences of tables are, identity columns' included, as statements that set others to the same value.
 * Needs SELECT on each sequence.
 */
public final class SequenceValues {

  /** A sequence's value is in the sequence, so each is a query of its own; this many go in one. */
  private static final int AT_ONCE = 500;

  private static final Query NAMES = Query.of("names", """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Query.Of.SEQUENCES);

  private SequenceValues() {}

  /**
   * Reads in a transaction of its own; sequences know no transactions, so each is read as it is at that moment.
   *
   * @param tables as for {@link SchemaReader#read}
   */
  public static List<SchemaStatement> read(Connection connection, Collection<TableName> tables)
      throws SQLException {
    return SourceSession.read(connection, catalog -> {
      List<TableName> sequences = catalog.rows(
          NAMES,
          row -> new TableName(row.text("nspname"), row.text("relname")),
          Scope.read(catalog, tables).oids());
      List<SchemaStatement> statements = new ArrayList<>();
      for (int from = 0; from < sequences.size(); from += AT_ONCE) {
        statements.addAll(
            values(catalog, sequences.subList(from, Math.min(from + AT_ONCE, sequences.size()))));
      }
      return statements;
    });
  }

  private static List<SchemaStatement> values(LiveCatalog catalog, List<TableName> sequences)
      throws SQLException {
    String query = IntStream.range(0, sequences.size())
        .mapToObj(i ->
            "SELECT " + i + " AS place, last_value, is_called FROM " + quoted(sequences.get(i)))
        .collect(Collectors.joining(" UNION ALL ", "", " ORDER BY 1"));
    return catalog.rowsByText(query, row -> {
      TableName sequence = sequences.get((int) row.number("place"));
      return new SchemaStatement(
          Phase.AFTER_ROWS,
          "sequence",
          sequence.schema(),
          sequence.name(),
          "SELECT pg_catalog.setval(" + Identifiers.literal(quoted(sequence))
              + "::pg_catalog.regclass, " + row.number("last_value") + ", " + row.flag("is_called")
              + ")");
    });
  }

  private static String quoted(TableName sequence) {
    return Identifiers.quote(sequence.schema(), sequence.name());
  }
}
