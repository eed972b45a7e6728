package io.pgduplex.connect.sink.table;

import java.util.List;

/**
 * By which columns a row of a target table is found.
 *
 * @param columns their positions in the table's columns
 * @param unique whether a unique index sees to it that at most one row has these values; else they are all columns, null
 *     is equal to null, and one of several equal rows is as good as another
 */
public record Lookup(List<Integer> columns, boolean unique) {}
