package io.pgduplex.connect.source.schema;

import java.util.List;

/**
 * What makes a set of tables in another database.
 *
 * @param statements in the order in which they run, those before the rows first
 * @param added tables that were not asked for, but without which one that was cannot be made: the partitioned table of a
 *     partition, the parents that a table inherits from, a table whose row is the type of a column
 * @param needs what must be there beforehand
 * @param leftOut what will be missing
 */
public record SourceSchema(
    List<SchemaStatement> statements,
    List<TableName> added,
    List<Need> needs,
    List<LeftOut> leftOut) {

  public SourceSchema {
    statements = List.copyOf(statements);
    added = List.copyOf(added);
    needs = List.copyOf(needs);
    leftOut = List.copyOf(leftOut);
  }
}
