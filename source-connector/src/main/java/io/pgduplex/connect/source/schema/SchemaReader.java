package io.pgduplex.connect.source.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads the definition of tables, and of what they need, as statements that make them in an empty database. Equal
 * definitions give equal statements in the same order. A constant number of queries, however many tables there are.
 *
 * <p>The statements name schemas always, so they mean the same under any search_path. They are written for a session with
 * {@code IntervalStyle = postgres} and {@code standard_conforming_strings = on}, which are the defaults. Whoever runs them
 * owns what they make.
 *
 * <p>In this order. Before the rows: schemas, collations, sequences (ahead of a domain whose default calls nextval), types
 * and tables in the order of their needs, partitions, settings of columns, replica identity, owners of sequences, primary
 * keys and unique constraints, other unique indexes. After the rows: other indexes, checks, exclusion constraints, foreign
 * keys, extended statistics, CLUSTER's marks, comments. Values of sequences are read by {@link SequenceValues}, at the end of the copy.
 *
 * <p>Not carried: triggers, rules, policies and row level security, grants, owners, publications, views, functions,
 * extensions and what belongs to them, foreign tables, tablespaces. What tables need of these is in {@link
 * SourceSchema#needs()}.
 */
public final class SchemaReader {

  private SchemaReader() {}

  /**
   * Reads in a transaction of its own, without a lock that anybody would wait for.
   *
   * @param connection to the source, without an open transaction
   * @param tables ordinary and partitioned ones; of a partitioned table's partitions those that are named, and of a named
   *     partition what it is a partition of
   */
  public static SourceSchema read(Connection connection, Collection<TableName> tables)
      throws SQLException {
    return SourceSession.read(connection, catalog -> read(catalog, tables));
  }

  private static SourceSchema read(LiveCatalog catalog, Collection<TableName> tables)
      throws SQLException {
    Scope scope = Scope.read(catalog, tables);
    List<LeftOut> leftOut = new ArrayList<>(scope.leftOut());
    leftOut.addAll(Tables.missingPartitions(catalog, scope));
    leftOut.addAll(Indexes.unfinished(catalog, scope));
    leftOut.addAll(Constraints.dangling(catalog, scope));
    SourceSession.quoteAll(catalog);
    List<SchemaStatement> statements =
        pieces(catalog, scope, leftOut).stream().map(Piece::statement).toList();
    return new SourceSchema(statements, scope.added(), scope.needs(), leftOut);
  }

  /** All in their order. */
  static List<Piece> pieces(Catalog catalog, Scope scope, List<LeftOut> leftOut)
      throws SQLException {
    List<Piece> pieces = new ArrayList<>(Schemas.create(catalog, scope));
    addBeforeRows(catalog, scope, pieces, leftOut);
    addAfterRows(catalog, scope, pieces);
    pieces.addAll(Comments.create(catalog, scope));
    return pieces;
  }

  private static void addBeforeRows(
      Catalog catalog, Scope scope, List<Piece> pieces, List<LeftOut> leftOut) throws SQLException {
    pieces.addAll(Types.collations(catalog, scope));
    pieces.addAll(Sequences.create(catalog, scope));
    Map<Long, Piece> types = Types.create(catalog, scope);
    Tables tables = Tables.read(catalog, scope);
    for (CreationOrder.Node node : scope.creation()) {
      if (node.table()) {
        pieces.addAll(tables.create(node.oid(), leftOut));
      } else {
        pieces.add(types.get(node.oid()));
      }
    }
    pieces.addAll(Tables.complete(catalog, scope));
    pieces.addAll(Sequences.attach(catalog, scope));
    pieces.addAll(Constraints.keys(catalog, scope));
    pieces.addAll(Indexes.unique(catalog, scope));
    pieces.addAll(Indexes.tieUnique(catalog, scope));
  }

  private static void addAfterRows(Catalog catalog, Scope scope, List<Piece> pieces)
      throws SQLException {
    pieces.addAll(Indexes.others(catalog, scope));
    pieces.addAll(Types.notValid(catalog, scope));
    pieces.addAll(Constraints.checks(catalog, scope));
    pieces.addAll(Constraints.exclusions(catalog, scope));
    pieces.addAll(Indexes.tieOthers(catalog, scope));
    pieces.addAll(Constraints.foreignKeys(catalog, scope));
    pieces.addAll(Statistics.create(catalog, scope));
  }
}
