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

  private static SourceSchema read(Catalog catalog, Collection<TableName> tables)
      throws SQLException {
    Scope scope = Scope.read(catalog, tables);
    List<LeftOut> leftOut = new ArrayList<>(scope.leftOut());
    leftOut.addAll(Tables.missingPartitions(catalog, scope));
    leftOut.addAll(Indexes.unfinished(catalog, scope));
    leftOut.addAll(Constraints.dangling(catalog, scope));
    SourceSession.quoteAll(catalog);
    List<SchemaStatement> schemas = Schemas.create(catalog, scope);
    List<SchemaStatement> statements = new ArrayList<>(schemas);
    addBeforeRows(catalog, scope, statements, leftOut);
    addAfterRows(catalog, scope, statements);
    statements.addAll(Comments.create(catalog, scope, schemas));
    return new SourceSchema(statements, scope.added(), scope.needs(), leftOut);
  }

  private static void addBeforeRows(
      Catalog catalog, Scope scope, List<SchemaStatement> statements, List<LeftOut> leftOut)
      throws SQLException {
    statements.addAll(Types.collations(catalog, scope));
    statements.addAll(Sequences.create(catalog, scope));
    Map<Long, SchemaStatement> types = Types.create(catalog, scope);
    Map<Long, List<SchemaStatement>> tables = Tables.create(catalog, scope, leftOut);
    for (CreationOrder.Node node : scope.creation()) {
      if (node.table()) {
        statements.addAll(tables.getOrDefault(node.oid(), List.of()));
      } else {
        statements.add(types.get(node.oid()));
      }
    }
    statements.addAll(Tables.complete(catalog, scope));
    statements.addAll(Sequences.attach(catalog, scope));
    statements.addAll(Constraints.keys(catalog, scope));
    statements.addAll(Indexes.unique(catalog, scope));
    statements.addAll(Indexes.tieUnique(catalog, scope));
  }

  private static void addAfterRows(Catalog catalog, Scope scope, List<SchemaStatement> statements)
      throws SQLException {
    statements.addAll(Indexes.others(catalog, scope));
    statements.addAll(Types.notValid(catalog, scope));
    statements.addAll(Constraints.checks(catalog, scope));
    statements.addAll(Constraints.exclusions(catalog, scope));
    statements.addAll(Indexes.tieOthers(catalog, scope));
    statements.addAll(Constraints.foreignKeys(catalog, scope));
    statements.addAll(Statistics.create(catalog, scope));
  }
}
