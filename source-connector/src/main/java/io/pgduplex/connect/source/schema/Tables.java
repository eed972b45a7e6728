package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.source.schema.Columns.Column;
import io.pgduplex.connect.source.schema.Query.Of;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Tables with their columns, partitions and parents; without keys. */
final class Tables {

  /** Options are a partitioned table's neither with WITH nor with UNLOGGED. */
  private static final Query TABLES = Query.of("tables", """
      SELECT c.oid, c.relnamespace AS namespace, n.nspname AS schema, c.relname AS name,
             c.relpersistence = 'u' AND c.relkind = 'r' AS unlogged,
             CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) ELSE '' END AS of_type,
             c.relispartition,
             ARRAY(SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
             ARRAY(SELECT format('%I.%I', pn.nspname, p.relname)
                     FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
                    WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parent_names,
             coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), '') AS partition_by,
             CASE WHEN am.amname <> 'heap' THEN format('%I', am.amname) ELSE '' END AS access_method,
             ARRAY(SELECT o.text FROM (
                       SELECT 0, t.rank, format('%I = %L', t.name, t.value)
                         FROM pg_options_to_table(c.reloptions) WITH ORDINALITY t (name, value, rank)
                       UNION ALL
                       SELECT 1, t.rank, format('toast.%I = %L', t.name, t.value)
                         FROM pg_class x, pg_options_to_table(x.reloptions) WITH ORDINALITY t (name, value, rank)
                        WHERE x.oid = c.reltoastrelid) o (toast, rank, text) ORDER BY o.toast, o.rank) AS options
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
       WHERE c.oid = ANY (?)""", Of.TABLES);

  private static final Query PARTITIONS = Query.of("partitions", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname,
                    pg_get_expr(c.relpartbound, c.oid)) AS sql,
             'partition:' || c.oid AS key, p.oid || ' ' || pg_get_expr(c.relpartbound, c.oid) AS raw, '' AS part, 'table:' || c.oid AS of,
             format('ALTER TABLE ONLY %I.%I DETACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, c.relname) AS undo
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhrelid = c.oid
        JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE c.relispartition AND c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.TABLES);

  private static final Query MISSING_PARTITIONS =
      Query.of("missing partitions", """
      SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', pn.nspname, p.relname) AS part,
             CASE p.relkind WHEN 'f' THEN 'it is a foreign table' ELSE 'it is not selected' END AS why
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhparent = c.oid
        JOIN pg_class p ON p.oid = i.inhrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE c.relkind = 'p' AND c.oid = ANY (?) AND p.oid <> ALL (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", pn.nspname COLLATE "C", p.relname COLLATE "C\"""", Of.TABLES, Of.SELECTED);

  private static final Query REPLICA_IDENTITY = Query.of("replica identities", """
      SELECT n.nspname AS schema, c.relname AS name,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
                    CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END) AS sql,
             'replica identity:' || c.oid AS key, c.relreplident::text AS raw, '' AS part, 'table:' || c.oid AS of,
             format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', n.nspname, c.relname) AS undo
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relreplident IN ('f', 'n') AND c.oid = ANY (?)
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.TABLES);

  static final List<Query> QUERIES =
      List.of(TABLES, PARTITIONS, MISSING_PARTITIONS, REPLICA_IDENTITY);

  /** INHERITS would put them first. Which columns are whose has no other statement, and their order is seen by more. */
  private static final String OWN_COLUMNS =
      "inherited columns come after its own, so all are made as its own: DROP COLUMN on the parent will not drop them";

  private final Map<Long, List<Column>> columns;
  private final Map<Long, Table> rows;

  private Tables(Map<Long, List<Column>> columns, Map<Long, Table> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /**
   * A table without its columns. Options are a partitioned table's neither with WITH nor with UNLOGGED.
   *
   * @param namespace the schema's oid
   * @param ofType the type that says its columns; or empty
   * @param parents what it inherits from, or is a partition of; in order
   * @param parentNames theirs, quoted
   * @param accessMethod empty for the usual one
   * @param options each as {@code name = value}
   */
  record Table(
      long oid,
      long namespace,
      TableName name,
      boolean unlogged,
      String ofType,
      boolean partition,
      List<Long> parents,
      List<String> parentNames,
      String partitionBy,
      String accessMethod,
      List<String> options) {

    private static Table read(Catalog.Row row) throws SQLException {
      return new Table(
          row.number("oid"),
          row.number("namespace"),
          new TableName(row.text("schema"), row.text("name")),
          row.flag("unlogged"),
          row.text("of_type"),
          row.flag("relispartition"),
          row.numbers("parents"),
          row.texts("parent_names"),
          row.text("partition_by"),
          row.text("access_method"),
          row.texts("options"));
    }

    boolean inherits() {
      return !partition && !parents.isEmpty();
    }

    String quoted() {
      return Identifiers.quote(name.schema(), name.name());
    }

    private String afterColumns() {
      return partitionBy
          + (accessMethod.isEmpty() ? "" : " USING " + accessMethod)
          + (options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ')');
    }
  }

  static Tables read(Catalog catalog, Scope scope) throws SQLException {
    Map<Long, Table> rows = new HashMap<>();
    catalog.rows(TABLES, Table::read, scope.oids()).forEach(table -> rows.put(table.oid(), table));
    return new Tables(Columns.read(catalog, scope), rows);
  }

  /** The only one that a catalog knows of. */
  static Table one(Catalog catalog) throws SQLException {
    return catalog.rows(TABLES, Table::read, Oids.ofTables(Set.of())).get(0);
  }

  Table table(long oid) {
    return Objects.requireNonNull(rows.get(oid));
  }

  List<Column> columns(long oid) {
    return columns.getOrDefault(oid, List.of());
  }

  /** What makes a table. What of it comes out otherwise is added to {@code leftOut}. */
  List<Piece> create(long oid, List<LeftOut> leftOut) {
    Table table = rows.get(oid);
    return table == null ? List.of() : statements(table, leftOut);
  }

  /** After all tables: what makes partitions of them, and what they log of old rows. */
  static List<Piece> complete(Catalog catalog, Scope scope) throws SQLException {
    List<Piece> pieces = catalog.pieces(Phase.BEFORE_ROWS, "table", PARTITIONS, scope.oids());
    pieces.addAll(Columns.settings(catalog, scope));
    pieces.addAll(catalog.pieces(Phase.BEFORE_ROWS, "table", REPLICA_IDENTITY, scope.oids()));
    return pieces;
  }

  /** Partitioned tables take no row for these. */
  static List<LeftOut> missingPartitions(Catalog catalog, Scope scope) throws SQLException {
    return catalog.rows(
        MISSING_PARTITIONS,
        row -> new LeftOut(
            new TableName(row.text("schema"), row.text("name")),
            "partition",
            row.text("part"),
            row.text("why")),
        scope.oids());
  }

  private List<Piece> statements(Table table, List<LeftOut> leftOut) {
    List<Column> all = columns(table.oid());
    if (!table.inherits()) {
      return List.of(create(table, elements(table, all), ""));
    }
    List<Piece> statements = new ArrayList<>();
    if (inheritsInOrder(table, all)) {
      String parents = String.join(", ", table.parentNames());
      statements.add(create(table, inheritedElements(all), " INHERITS (" + parents + ')'));
      all.stream()
          .filter(column -> !column.local())
          .forEach(column -> alter(table, column, statements));
    } else {
      statements.add(create(table, all.stream().map(Column::definition), ""));
      if (!all.stream().allMatch(Column::local)) {
        leftOut.add(new LeftOut(table.name(), "inheritance", "", OWN_COLUMNS));
      }
      String inherit = "ALTER TABLE " + table.quoted() + " INHERIT ";
      table
          .parentNames()
          .forEach(parent -> statements.add(statement(table, "table", inherit + parent)));
    }
    return statements;
  }

  private Piece create(Table table, Stream<String> elements, String inherits) {
    String list = String.join(",\n  ", elements.toList());
    boolean typed = !table.ofType().isEmpty();
    String body = list.isEmpty() ? (typed ? "" : " ()") : " (\n  " + list + "\n)";
    String head = "CREATE " + (table.unlogged() ? "UNLOGGED " : "") + "TABLE " + table.quoted();
    String of = typed ? " OF " + table.ofType() : "";
    return statement(table, "table", head + of + body + inherits + table.afterColumns());
  }

  /** Of a table of a type: only what the type does not say. */
  private static Stream<String> elements(Table table, List<Column> all) {
    if (table.ofType().isEmpty()) {
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
  private void alter(Table table, Column column, List<Piece> statements) {
    String alter = "ALTER TABLE ONLY " + table.quoted() + " ALTER COLUMN " + column.name();
    String inherited = inheritedDefault(table, column);
    if (column.hasDefault() && !column.value().equals(inherited)) {
      statements.add(statement(table, "column default", alter + " SET" + column.value()));
    } else if (!column.hasDefault() && !inherited.isEmpty()) {
      statements.add(statement(table, "column default", alter + " DROP DEFAULT"));
    }
    if (column.notNull().equals("NOT NULL")) {
      statements.add(statement(table, "table", alter + " SET NOT NULL"));
    }
    if (!column.hasDefault() && !column.generated() && !column.value().isEmpty()) {
      statements.add(statement(table, "table", alter + " ADD" + column.value()));
    }
  }

  private String inheritedDefault(Table table, Column column) {
    return table.parents().stream()
        .flatMap(parent -> columns(parent).stream())
        .filter(inherited -> inherited.name().equals(column.name()) && inherited.hasDefault())
        .map(Column::value)
        .findFirst()
        .orElse("");
  }

  /** CREATE TABLE puts the parents' columns first; a table that came to its parents later may have another order. */
  private boolean inheritsInOrder(Table table, List<Column> all) {
    List<String> expected = Stream.concat(
            table.parents().stream().flatMap(parent -> columns(parent).stream()), all.stream())
        .map(Column::name)
        .distinct()
        .toList();
    return expected.equals(all.stream().map(Column::name).toList());
  }

  private Piece statement(Table table, String kind, String sql) {
    TableName name = table.name();
    return new Piece(
        new SchemaStatement(Phase.BEFORE_ROWS, kind, name.schema(), name.name(), sql),
        "table:" + table.oid(),
        "",
        "",
        "",
        "");
  }
}
