package io.pgduplex.connect.source.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a statement has made of tables, as statements that make the same of tables that are as these were before. It does not
 * matter what the statement was, in which function it ran, or by which search_path: only what the catalogs say counts.
 */
public final class SchemaChange {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CREATE_INDEX = Pattern.compile("^CREATE (UNIQUE )?INDEX ");

  private final List<TableChange> tables;
  private final How how;
  private final Set<SchemaStatement> statements = new LinkedHashSet<>();

  private SchemaChange(List<TableChange> tables, How how) {
    this.tables = tables;
    this.how = how;
  }

  /**
   * Reads what {@code pgduplex_ddl.capture_ddl} has logged. Of each there is a statement, so that the other side can say that
   * it has been there.
   *
   * @param captured a JSON object
   */
  public static List<SchemaStatement> statements(String captured) throws SQLException {
    try {
      List<TableChange> tables = new ArrayList<>();
      JsonNode statement = JSON.readTree(captured);
      How how = How.read(statement);
      for (JsonNode change : statement.get("changes")) {
        tables.add(TableChange.read(change, how));
      }
      List<SchemaStatement> all = new SchemaChange(parentsFirst(tables), how).all();
      return how.concurrently() && all.size() == 1 ? List.of(concurrently(all.get(0))) : all;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was captured cannot be read: " + captured, e);
    }
  }

  /** PostgreSQL writes an index down as one that is built with others waiting. */
  private static SchemaStatement concurrently(SchemaStatement index) {
    Matcher create = CREATE_INDEX.matcher(index.sql());
    return create.find()
        ? index.of(
            Phase.CONCURRENTLY,
            create.group() + "CONCURRENTLY " + index.sql().substring(create.end()))
        : index;
  }

  private static List<TableChange> parentsFirst(List<TableChange> tables) {
    List<TableChange> ordered = new ArrayList<>();
    List<TableChange> rest = new ArrayList<>(tables);
    while (!rest.isEmpty()) {
      Set<Long> waiting = rest.stream().map(TableChange::oid).collect(Collectors.toSet());
      List<TableChange> next = rest.stream()
          .filter(table -> table.parents().stream().noneMatch(waiting::contains))
          .toList();
      ordered.addAll(next);
      rest.removeAll(next);
    }
    return ordered;
  }

  private List<SchemaStatement> all() {
    tables.forEach(table -> table.unsupported(statements::add));
    tables.forEach(table -> table.parts().schemas(statements::add));
    tables.forEach(table -> table.renames(statements::add));
    tables.forEach(table -> table.parts().undoReferences(statements::add));
    Map<Long, Left> left = leftBelow();
    tables.forEach(table -> table.undo(of(left, table), statements::add));
    tables.forEach(table -> table.releases(of(left, table), statements::add));
    drop();
    tables.forEach(table -> table.drops(of(left, table), statements::add));
    lock();
    boolean ofType = tables.stream().anyMatch(TableChange::isOfType);
    tables.forEach(table -> table.parts().needs(ofType, how, statements::add));
    tables.forEach(table -> table.create(statements::add));
    Map<String, String> missing = new HashMap<>();
    Set<String> reported = new HashSet<>();
    tables.forEach(table -> {
      missing.putAll(table.missingFromAbove());
      reported.addAll(table.reportedFromAbove());
    });
    tables.forEach(table -> table.alter(missing, reported, statements::add));
    tables.forEach(table -> table.parts().make(statements::add));
    return statements.isEmpty()
        ? List.of(new SchemaStatement(Phase.NOTHING, "", "", "", ""))
        : List.copyOf(statements);
  }

  /** By the oids of tables above. */
  private Map<Long, Left> leftBelow() {
    Map<Long, Left> left = new HashMap<>();
    tables.forEach(
        table -> table.parents().forEach(parent -> left.merge(parent, table.left(), Left::and)));
    return left;
  }

  private static Left of(Map<Long, Left> left, TableChange table) {
    return left.getOrDefault(table.oid(), Left.NOTHING);
  }

  /**
   * Changing a type waits for nobody who writes values of it. Their rows would be sent after the change, as they were before
   * it.
   */
  private void lock() {
    List<TableChange> changed =
        tables.stream().filter(TableChange::changesValues).toList();
    if (!changed.isEmpty()) {
      statements.add(changed
          .get(0)
          .change(
              "table",
              changed.stream()
                  .map(TableChange::quoted)
                  .collect(Collectors.joining(", ", "LOCK TABLE ", " IN SHARE MODE"))));
    }
  }

  /** At once, since they may refer to each other. */
  private void drop() {
    List<Tables.Table> dropped =
        tables.stream().flatMap(change -> change.dropped().stream()).toList();
    if (!dropped.isEmpty()) {
      TableName first = dropped.get(0).name();
      statements.add(new SchemaStatement(
          Phase.CHANGE,
          "table",
          first.schema(),
          first.name(),
          "DROP TABLE "
              + dropped.stream().map(Tables.Table::quoted).collect(Collectors.joining(", "))));
    }
  }
}
