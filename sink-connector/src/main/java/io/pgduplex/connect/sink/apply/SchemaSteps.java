package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import io.pgduplex.connect.sink.record.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code pgduplex.schema_sync}: the statements of a first copy, and what became of each. Read once a session. */
final class SchemaSteps {

  private static final String SELECT = """
      SELECT ordinal, phase, object_kind, object_schema, object_name, statement, outcome FROM pgduplex.schema_sync
       WHERE link = ? AND direction = ? ORDER BY ordinal""";

  private static final String INSERT = """
      INSERT INTO pgduplex.schema_sync
        (link, direction, ordinal, phase, object_kind, object_schema, object_name, statement, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private final Connection connection;
  private final LinkDirection link;
  private @Nullable Map<Integer, Step> steps;
  private final Map<TableName, Outcome> objects = new HashMap<>();

  /** What became of a statement. */
  enum Outcome {
    DONE,
    /** Its object was there before, and stays as it is. */
    KEPT,
    /** It waits for the end of the copy. */
    PENDING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A statement, see {@link Ddl}, and what became of it. */
  record Step(
      int ordinal,
      DdlPhase phase,
      String kind,
      TableName object,
      String statement,
      Outcome outcome) {
    Step(Ddl ddl, Outcome outcome) {
      this(ddl.ordinal(), ddl.phase(), ddl.kind(), ddl.object(), ddl.statement(), outcome);
    }
  }

  SchemaSteps(Connection connection, LinkDirection link) {
    this.connection = connection;
    this.link = link;
  }

  /** In their order. */
  Collection<Step> all() throws SQLException {
    return loaded().values();
  }

  boolean has(int ordinal) throws SQLException {
    return loaded().containsKey(ordinal);
  }

  /** The one that began the copy; pending until the copy has come to its end. */
  Optional<Step> begin() throws SQLException {
    return all().stream().filter(step -> step.phase() == DdlPhase.BEGIN).findFirst();
  }

  List<Step> pending() throws SQLException {
    return all().stream().filter(step -> step.outcome() == Outcome.PENDING).toList();
  }

  /** Empty for an object that no statement has been about. */
  Optional<Outcome> of(TableName object) throws SQLException {
    var unused = loaded();
    return Optional.ofNullable(objects.get(object));
  }

  void add(Step step) throws SQLException {
    note(loaded(), step);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      bindLink(insert);
      insert.setInt(3, step.ordinal());
      insert.setString(4, step.phase().toString());
      insert.setString(5, step.kind());
      insert.setString(6, step.object().schema());
      insert.setString(7, step.object().name());
      insert.setString(8, step.statement());
      insert.setString(9, step.outcome().toString());
      insert.executeUpdate();
    }
  }

  /** Marks one that waited. */
  void done(Step step) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("""
        UPDATE pgduplex.schema_sync SET outcome = 'done' WHERE link = ? AND direction = ? AND ordinal = ?""")) {
      bindLink(update);
      update.setInt(3, step.ordinal());
      update.executeUpdate();
    }
  }

  void clear() throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(
        "DELETE FROM pgduplex.schema_sync WHERE link = ? AND direction = ?")) {
      bindLink(delete);
      delete.executeUpdate();
    }
    forget();
  }

  /** What is in memory may not be in the database. */
  void forget() {
    steps = null;
    objects.clear();
  }

  private Map<Integer, Step> loaded() throws SQLException {
    if (steps == null) {
      Map<Integer, Step> read = new TreeMap<>();
      for (Step step : read()) {
        note(read, step);
      }
      steps = read;
    }
    return steps;
  }

  private List<Step> read() throws SQLException {
    List<Step> read = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      bindLink(select);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          read.add(new Step(
              row.getInt(1),
              DdlPhase.named(row.getString(2)).orElseThrow(),
              row.getString(3),
              new TableName(row.getString(4), row.getString(5)),
              row.getString(6),
              Outcome.valueOf(row.getString(7).toUpperCase(Locale.ROOT))));
        }
      }
    }
    return read;
  }

  private void note(Map<Integer, Step> known, Step step) {
    known.put(step.ordinal(), step);
    objects.merge(
        step.object(),
        step.outcome() == Outcome.KEPT ? Outcome.KEPT : Outcome.DONE,
        (before, now) -> before == Outcome.KEPT ? before : now);
  }

  private void bindLink(PreparedStatement statement) throws SQLException {
    statement.setString(1, link.link());
    statement.setString(2, link.direction().toString());
  }
}
