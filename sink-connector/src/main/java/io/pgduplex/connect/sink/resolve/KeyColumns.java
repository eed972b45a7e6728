package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;

/**
 * A table, and columns of it that tell its rows apart.
 *
 * @param lookup unique
 */
public record KeyColumns(TargetTable table, Lookup lookup) {}
