package io.pgduplex.connect.source.schema;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@link Query queries} of the catalogs: the server's own, or what was written down of them earlier. */
interface Catalog {

  /** Makes a value of a row. */
  interface Reading<T> {
    T read(Row row) throws SQLException;
  }

  /** A row of a query's result; columns by their names. */
  interface Row {
    @Nullable
    String nullable(String column) throws SQLException;

    long number(String column) throws SQLException;

    boolean flag(String column) throws SQLException;

    List<Long> numbers(String column) throws SQLException;

    List<String> texts(String column) throws SQLException;

    /** Empty for null. */
    default String text(String column) throws SQLException {
      String text = nullable(column);
      return text == null ? "" : text;
    }
  }

  /** The answer's rows, in order. */
  <T> List<T> rows(Query query, Reading<T> reading, Oids oids) throws SQLException;

  /** The query's columns are those of a {@link Piece}. */
  default List<Piece> pieces(SchemaStatement.Phase phase, String kind, Query query, Oids oids)
      throws SQLException {
    return rows(query, row -> Piece.read(phase, kind, row), oids);
  }
}
