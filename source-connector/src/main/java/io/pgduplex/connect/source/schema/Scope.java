package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Dependencies.Category;
import io.pgduplex.connect.source.schema.Dependencies.Reached;
import io.pgduplex.connect.source.schema.Query.Of;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is made.
 *
 * @param tables oids and names, in the order of their names
 * @param types oids, enums, domains, composite types and ranges alike
 * @param collations oids
 * @param sequences oids, those of identity columns included
 * @param creation types and tables, each after those that it needs
 * @param added tables that were not asked for
 * @param needs what must be there beforehand
 * @param leftOut what was asked for and cannot be made
 */
record Scope(
    Map<Long, TableName> tables,
    Set<Long> types,
    Set<Long> collations,
    Set<Long> sequences,
    List<CreationOrder.Node> creation,
    List<TableName> added,
    List<Need> needs,
    List<LeftOut> leftOut) {

  /** With what they inherit from. An extension's tables are not made. */
  private static final Query TABLES = Query.of("tables and what is above them", """
      WITH RECURSIVE above (oid) AS (
        SELECT oid FROM unnest(?) t (oid)
        UNION
        SELECT i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.oid)
      SELECT c.oid, n.nspname, c.relname
        FROM above a JOIN pg_class c ON c.oid = a.oid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C\"""", Of.TABLES);

  private static final String BY_NAME = """
      SELECT c.oid, t.nspname, t.relname
        FROM ROWS FROM (unnest(?), unnest(?)) t (nspname, relname)
        LEFT JOIN pg_namespace n ON n.nspname = t.nspname
        LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.relname AND c.relkind IN ('r', 'p')
       ORDER BY t.nspname COLLATE "C", t.relname COLLATE "C\"""";

  static final Query OWNED_SEQUENCES = Query.of("owned sequences", """
      SELECT d.objid AS oid FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (?)
         AND d.deptype IN ('a', 'i')""", Of.TABLES);

  private static final Query PARENTS = Query.of("parents", """
      SELECT i.inhrelid AS one, i.inhparent AS other FROM pg_inherits i WHERE i.inhrelid = ANY (?)""", Of.TABLES);

  /** The sequence of an identity column is made with its table, and other tables may use it as well. */
  private static final Query IDENTITIES =
      Query.of("sequences of identity columns", """
      SELECT d.objid AS one, d.refobjid AS other FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
       WHERE d.classid = 'pg_class'::regclass AND d.objid = ANY (?) AND d.refclassid = 'pg_class'::regclass
         AND d.deptype = 'i'""", Of.SEQUENCES);

  static final List<Query> QUERIES = List.of(OWNED_SEQUENCES, PARENTS, IDENTITIES);

  /** Of tables that stay as they are asked for. */
  static Scope of(Catalog catalog, Map<Long, TableName> tables) throws SQLException {
    List<Reached> reached = Dependencies.ofTables(catalog, tables.keySet());
    return of(catalog, tables, tables.keySet(), reached, new ArrayList<>());
  }

  Oids oids() {
    return new Oids(tables.keySet(), types, collations, sequences);
  }

  static Scope read(LiveCatalog catalog, Collection<TableName> selected) throws SQLException {
    List<LeftOut> leftOut = new ArrayList<>();
    Map<Long, TableName> asked = asked(catalog, selected, leftOut);
    Map<Long, TableName> tables = tables(catalog, asked.keySet());
    asked.forEach((oid, name) -> {
      if (!tables.containsKey(oid)) {
        leftOut.add(new LeftOut(name, "table", "", "CREATE EXTENSION makes it"));
      }
    });
    List<Reached> reached = Dependencies.ofTables(catalog, tables.keySet());
    // A table that comes in by its row type may need more tables.
    while (!tables.keySet().containsAll(oids(reached, Category.TABLE))) {
      Set<Long> wanted = oids(reached, Category.TABLE);
      wanted.addAll(tables.keySet());
      tables.clear();
      tables.putAll(tables(catalog, wanted));
      reached = Dependencies.ofTables(catalog, tables.keySet());
    }
    return of(catalog, tables, asked.keySet(), reached, leftOut);
  }

  private static Scope of(
      Catalog catalog,
      Map<Long, TableName> tables,
      Set<Long> asked,
      List<Reached> ofTables,
      List<LeftOut> leftOut)
      throws SQLException {
    Set<Long> types = oids(ofTables, Category.TYPE);
    Set<Long> sequences = oids(ofTables, Category.SEQUENCE);
    List<CreationOrder.Node> creation = creation(catalog, tables, ofTables, types, sequences);
    sequences.addAll(
        catalog.rows(OWNED_SEQUENCES, row -> row.number("oid"), Oids.ofTables(tables.keySet())));
    return new Scope(
        tables,
        types,
        oids(ofTables, Category.COLLATION),
        sequences,
        creation,
        tables.entrySet().stream()
            .filter(table -> !asked.contains(table.getKey()))
            .map(Map.Entry::getValue)
            .toList(),
        needs(tables, ofTables),
        leftOut);
  }

  private static List<CreationOrder.Node> creation(
      Catalog catalog,
      Map<Long, TableName> tables,
      List<Reached> ofTables,
      Set<Long> types,
      Set<Long> sequences)
      throws SQLException {
    List<Reached> ofTypes = Dependencies.ofTypes(catalog, types);
    CreationOrder order = new CreationOrder();
    ofTypes.stream()
        .filter(one -> one.root() == one.oid() && one.category() == Category.TYPE)
        .forEach(type -> order.add(CreationOrder.Node.type(type.oid()), type.name()));
    tables.forEach((oid, name) -> order.add(CreationOrder.Node.table(oid), name));
    ofTypes.forEach(one -> order.needs(CreationOrder.Node.type(one.root()), one));
    ofTables.forEach(one -> order.needs(CreationOrder.Node.table(one.root()), one));
    pairs(catalog, PARENTS, Oids.ofTables(tables.keySet()))
        .forEach((child, parents) -> parents.forEach(parent ->
            order.needs(CreationOrder.Node.table(child), CreationOrder.Node.table(parent))));
    Map<Long, Set<Long>> tablesOf = pairs(catalog, IDENTITIES, Oids.ofSequences(sequences));
    ofTables.stream()
        .filter(one -> one.category() == Category.SEQUENCE)
        .forEach(one -> tablesOf
            .getOrDefault(one.oid(), Set.of())
            .forEach(table -> order.needs(
                CreationOrder.Node.table(one.root()), CreationOrder.Node.table(table))));
    return order.sorted();
  }

  private static Map<Long, Set<Long>> pairs(Catalog catalog, Query query, Oids oids)
      throws SQLException {
    Map<Long, Set<Long>> pairs = new LinkedHashMap<>();
    catalog.rows(
        query,
        row -> pairs
            .computeIfAbsent(row.number("one"), unused -> new LinkedHashSet<>())
            .add(row.number("other")),
        oids);
    return pairs;
  }

  private static Map<Long, TableName> asked(
      LiveCatalog catalog, Collection<TableName> selected, List<LeftOut> leftOut)
      throws SQLException {
    Set<TableName> names = new TreeSet<>(selected);
    Map<Long, TableName> asked = new LinkedHashMap<>();
    Catalog.Reading<Boolean> reading = row -> {
      TableName name = new TableName(row.text("nspname"), row.text("relname"));
      long oid = row.number("oid");
      return oid == 0
          ? leftOut.add(new LeftOut(name, "table", "", "there is no such table"))
          : asked.put(oid, name) == null;
    };
    catalog.rowsByText(
        BY_NAME,
        reading,
        names.stream().map(TableName::schema).toArray(),
        names.stream().map(TableName::name).toArray());
    return asked;
  }

  private static Map<Long, TableName> tables(Catalog catalog, Set<Long> wanted)
      throws SQLException {
    Map<Long, TableName> tables = new LinkedHashMap<>();
    catalog.rows(
        TABLES,
        row ->
            tables.put(row.number("oid"), new TableName(row.text("nspname"), row.text("relname"))),
        Oids.ofTables(wanted));
    return tables;
  }

  private static Set<Long> oids(List<Reached> reached, Category category) {
    Set<Long> oids = new LinkedHashSet<>();
    reached.stream().filter(one -> one.category() == category).forEach(one -> oids.add(one.oid()));
    return oids;
  }

  /** Each once, with the first of the tables that need it. */
  private static List<Need> needs(Map<Long, TableName> tables, List<Reached> reached) {
    Map<String, Need> needs = new TreeMap<>();
    for (Reached one : reached) {
      TableName table = tables.get(one.root());
      if (one.category() == Category.NEED && table != null) {
        needs.merge(
            one.type() + ' ' + one.identity(),
            new Need(one.type(), one.identity(), table),
            (first, second) -> first.table().compareTo(second.table()) <= 0 ? first : second);
      }
    }
    return List.copyOf(needs.values());
  }
}
