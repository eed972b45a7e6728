package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The catalogs of a moment in the past, as the function {@code pgduplex_ddl.definition} wrote them down for some tables. */
final class RecordedCatalog implements Catalog {

  private final JsonNode answers;

  /**
   * @param answers rows by the names of queries
   */
  RecordedCatalog(JsonNode answers) {
    this.answers = answers;
  }

  /** What it was asked for then; {@code oids} changes nothing. */
  @Override
  public <T> List<T> rows(Query query, Reading<T> reading, Oids oids) throws SQLException {
    JsonNode rows = answers.get(query.name());
    if (rows == null) {
      throw new IllegalStateException("There is no answer to " + query.name());
    }
    List<T> read = new ArrayList<>();
    for (JsonNode row : rows) {
      read.add(reading.read(new RecordedRow(row)));
    }
    return read;
  }

  private record RecordedRow(JsonNode row) implements Row {

    @Override
    public @Nullable String nullable(String column) {
      JsonNode value = value(column);
      return value.isNull() ? null : value.asText();
    }

    /** An oid is text in jsonb. */
    @Override
    public long number(String column) {
      return value(column).asLong();
    }

    @Override
    public boolean flag(String column) {
      return value(column).asBoolean();
    }

    @Override
    public List<Long> numbers(String column) {
      return list(column, JsonNode::asLong);
    }

    @Override
    public List<String> texts(String column) {
      return list(column, JsonNode::asText);
    }

    private <T> List<T> list(String column, Function<JsonNode, T> element) {
      List<T> list = new ArrayList<>();
      value(column).forEach(value -> list.add(element.apply(value)));
      return list;
    }

    private JsonNode value(String column) {
      JsonNode value = row.get(column);
      if (value == null) {
        throw new IllegalStateException("No column " + column + " in " + row);
      }
      return value;
    }
  }
}
