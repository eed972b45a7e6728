package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tables with their columns, partitions and parents; without keys. */
final class Tables {

  /** Options are a partitioned table's neither with WITH nor with UNLOGGED. */
  private static final String TABLES = """
      SELECT c.oid,
             CASE WHEN c.relpersistence = 'u' AND c.relkind = 'r' THEN 'UNLOGGED ' ELSE '' END,
             CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) ELSE '' END,
             c.relispartition,
             ARRAY(SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
             ARRAY(SELECT format('%I.%I', pn.nspname, p.relname)
                     FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
                    WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
             concat(' PARTITION BY ' || pg_get_partkeydef(c.oid),
                    CASE WHEN am.amname <> 'heap' THEN format(' USING %I', am.amname) END,
                    (SELECT format(' WITH (%s)', string_agg(o.text, ', ' ORDER BY o.toast, o.rank)) FROM (
                       SELECT 0, t.rank, format('%I = %L', t.name, t.value)
                         FROM pg_options_to_table(c.reloptions) WITH ORDINALITY t (name, value, rank)
                       UNION ALL
                       SELECT 1, t.rank, format('toast.%I = %L', t.name, t.value)
                         FROM pg_class x, pg_options_to_table(x.reloptions) WITH ORDINALITY t (name, value, rank)
                        WHERE x.oid = c.reltoastrelid) o (toast, rank, text) HAVING count(*) > 0))
        FROM pg_class c LEFT JOIN pg_am am ON am.oid = c.relam
       WHERE c.oid = ANY (?)""";

  private static final String PARTITIONS = """
      SELECT n.nspname, c.relname,
             format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname,
                    pg_get_expr(c.relpartbound, c.oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhrelid = c.oid
        JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE c.relispartition AND c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  private static final String MISSING_PARTITIONS = """
      SELECT n.nspname, c.relname, format('%I.%I', pn.nspname, p.relname),
             CASE p.relkind WHEN 'f' THEN 'it is a foreign table' ELSE 'it is not selected' END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhparent = c.oid
        JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE c.relkind = 'p' AND c.oid = ANY (?) AND p.oid <> ALL (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", pn.nspname COLLATE "C", p.relname COLLATE "C\"""";

  private static final String REPLICA_IDENTITY = """
      SELECT n.nspname, c.relname,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
                    CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relreplident IN ('f', 'n') AND c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""";

  /** INHERITS would put them first. Which columns are whose has no other statement, and their order is seen by more. */
  private static final String OWN_COLUMNS =
      "inherited columns come after its own, so all are made as its own: DROP COLUMN on the parent will not drop them";

  private final Map<Long, TableName> names;
  private final Map<Long, List<Column>> columns;
  private final Map<Long, Row> rows = new HashMap<>();

  private Tables(Scope scope, Map<Long, List<Column>> columns) {
    this.names = scope.tables();
    this.columns = columns;
  }

  /**
   * @param parents what it inherits from, or is a partition of; in order
   * @param parentNames theirs, quoted
   */
  private record Row(
      long oid,
      String unlogged,
      String ofType,
      boolean partition,
      List<Long> parents,
      List<String> parentNames,
      String options) {

    boolean inherits() {
      return !partition && !parents.isEmpty();
    }
  }

  /** By oid. What of a table comes out otherwise is added to {@code leftOut}. */
  static Map<Long, List<SchemaStatement>> create(
      Catalog catalog, Scope scope, List<LeftOut> leftOut) throws SQLException {
    Tables tables = new Tables(scope, Columns.read(catalog, scope));
    catalog.rows(
        TABLES,
        row -> tables.rows.put(
            row.getLong(1),
            new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                Arrays.asList((Long[]) row.getArray(5).getArray()),
                Arrays.asList((String[]) row.getArray(6).getArray()),
                row.getString(7))),
        scope.tables().keySet());
    Map<Long, List<SchemaStatement>> statements = new HashMap<>();
    scope.tables().keySet().forEach(oid -> {
      Row row = tables.rows.get(oid);
      if (row != null) {
        statements.put(oid, tables.statements(row, leftOut));
      }
    });
    return statements;
  }

  /** After all tables: what makes partitions of them, and what they log of old rows. */
  static List<SchemaStatement> complete(Catalog catalog, Scope scope) throws SQLException {
    List<SchemaStatement> statements = catalog.statements(
        Phase.BEFORE_ROWS, "table", PARTITIONS, scope.tables().keySet());
    statements.addAll(Columns.settings(catalog, scope));
    statements.addAll(catalog.statements(
        Phase.BEFORE_ROWS, "table", REPLICA_IDENTITY, scope.tables().keySet()));
    return statements;
  }

  /** Partitioned tables take no row for these. */
  static List<LeftOut> missingPartitions(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        MISSING_PARTITIONS,
        row -> new LeftOut(
            new TableName(row.getString(1), row.getString(2)),
            "partition",
            row.getString(3),
            row.getString(4)),
        scope.tables().keySet(),
        scope.tables().keySet());
  }

  private List<SchemaStatement> statements(Row row, List<LeftOut> leftOut) {
    List<Column> all = columns.getOrDefault(row.oid(), List.of());
    if (!row.inherits()) {
      return List.of(create(row, elements(row, all), ""));
    }
    List<SchemaStatement> statements = new ArrayList<>();
    if (inheritsInOrder(row, all)) {
      String parents = String.join(", ", row.parentNames());
      statements.add(create(row, inheritedElements(all), " INHERITS (" + parents + ')'));
      all.stream()
          .filter(column -> !column.local())
          .forEach(column -> alter(row, column, statements));
    } else {
      statements.add(create(row, all.stream().map(Column::definition), ""));
      if (!all.stream().allMatch(Column::local)) {
        leftOut.add(new LeftOut(name(row.oid()), "inheritance", "", OWN_COLUMNS));
      }
      String inherit = "ALTER TABLE " + quoted(row.oid()) + " INHERIT ";
      row.parentNames()
          .forEach(parent -> statements.add(statement(row, "table", inherit + parent)));
    }
    return statements;
  }

  private SchemaStatement create(Row row, Stream<String> elements, String inherits) {
    String list = String.join(",\n  ", elements.toList());
    boolean typed = !row.ofType().isEmpty();
    String body = list.isEmpty() ? (typed ? "" : " ()") : " (\n  " + list + "\n)";
    String head = "CREATE " + row.unlogged() + "TABLE " + quoted(row.oid());
    String of = typed ? " OF " + row.ofType() : "";
    return statement(row, "table", head + of + body + inherits + row.options());
  }

  /** Of a table of a type: only what the type does not say. */
  private static Stream<String> elements(Row row, List<Column> all) {
    if (row.ofType().isEmpty()) {
      return all.stream().map(Column::definition);
    }
    return all.stream()
        .filter(column -> !column.options().isEmpty())
        .map(column -> column.name() + " WITH OPTIONS" + column.options());
  }

  private static Stream<String> inheritedElements(List<Column> all) {
    return Stream.concat(
        all.stream().filter(Column::local).map(Column::definitionWhereInherited),
        all.stream()
            .filter(column -> !column.local() && column.hasOwnNotNull())
            .map(Column::notNullOfInherited));
  }

  /** An inherited column begins with its parent's default, whatever the table has itself. */
  private void alter(Row row, Column column, List<SchemaStatement> statements) {
    String alter = "ALTER TABLE ONLY " + quoted(row.oid()) + " ALTER COLUMN " + column.name();
    String inherited = inheritedDefault(row, column);
    if (column.hasDefault() && !column.value().equals(inherited)) {
      statements.add(statement(row, "column default", alter + " SET" + column.value()));
    } else if (!column.hasDefault() && !inherited.isEmpty()) {
      statements.add(statement(row, "column default", alter + " DROP DEFAULT"));
    }
    if (column.notNull().equals("NOT NULL")) {
      statements.add(statement(row, "table", alter + " SET NOT NULL"));
    }
    if (!column.hasDefault() && !column.generated() && !column.value().isEmpty()) {
      statements.add(statement(row, "table", alter + " ADD" + column.value()));
    }
  }

  private String inheritedDefault(Row row, Column column) {
    return row.parents().stream()
        .flatMap(parent -> columns.getOrDefault(parent, List.of()).stream())
        .filter(inherited -> inherited.name().equals(column.name()) && inherited.hasDefault())
        .map(Column::value)
        .findFirst()
        .orElse("");
  }

  /** CREATE TABLE puts the parents' columns first; a table that came to its parents later may have another order. */
  private boolean inheritsInOrder(Row row, List<Column> all) {
    List<String> expected = Stream.concat(
            row.parents().stream()
                .flatMap(parent -> columns.getOrDefault(parent, List.of()).stream()),
            all.stream())
        .map(Column::name)
        .distinct()
        .toList();
    return expected.equals(all.stream().map(Column::name).toList());
  }

  private SchemaStatement statement(Row row, String kind, String sql) {
    TableName name = name(row.oid());
    return new SchemaStatement(Phase.BEFORE_ROWS, kind, name.schema(), name.name(), sql);
  }

  private String quoted(long oid) {
    TableName name = name(oid);
    return Identifiers.quote(name.schema(), name.name());
  }

  private TableName name(long oid) {
    TableName name = names.get(oid);
    if (name == null) {
      throw new IllegalStateException("Oid " + oid + " is none of a table that is made");
    }
    return name;
  }
}
