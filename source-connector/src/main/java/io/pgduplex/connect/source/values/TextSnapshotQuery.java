package io.pgduplex.connect.source.values;

import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a snapshot's rows as text, cast by the server. The driver's own objects lose values on the way: java.sql.Date
 * and Time depend on the worker's time zone and know no year before Christ, no array of intervals, no 24:00.
 */
public final class TextSnapshotQuery implements SnapshotQuery {

  public static final String NAME = "pgduplex";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    // Nothing to choose.
  }

  @Override
  public Optional<String> snapshotQuery(String table, List<String> columns) {
    return Optional.of(columns.stream()
        .map(column -> column + "::text AS " + column)
        .collect(Collectors.joining(", ", "SELECT ", " FROM ONLY " + table)));
  }
}
