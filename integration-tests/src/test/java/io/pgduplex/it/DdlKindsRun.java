package io.pgduplex.it;

import io.pgduplex.connect.common.database.CatalogComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Does statements on A with rows before, in their transactions and after, while B writes to the same tables under the names that
 * it knows; all of them over one link at once. B hears of none before A has done with all.
 */
final class DdlKindsRun implements AutoCloseable {

  private static final String SINK = "forward-sink";

  /** The number of B's first row; A's are less. */
  private static final int OF_B = 101;

  /** Each statement is a transaction of its own, on both sides. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<DdlKind> kinds;
  private final TestLink link;

  /** One, since each has to make the plans for its own. */
  private final Connection a;

  private final Map<String, List<String>> failures = new HashMap<>();
  private List<String> differences = List.of("nothing was compared");

  private DdlKindsRun(TestLink link, List<DdlKind> kinds) throws SQLException {
    this.link = link;
    this.a = link.a().connect();
    this.kinds = kinds;
  }

  /** Those that servers of a major version have, between two of these. */
  static DdlKindsRun on(int major) {
    String name = "ddl_kinds_" + major;
    TestLink link = major == 18
        ? TestLink.named(name)
        : TestLink.between(name, SharedStack.postgres(major), SharedStack.postgres(major));
    try {
      return new DdlKindsRun(link, DdlKinds.of(major));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  List<DdlKind> kinds() {
    return kinds;
  }

  void doAll() throws Exception {
    PlainRole.followStatements(link.a());
    link.a().execute("CREATE TABLE mark (id int PRIMARY KEY)");
    link.twoWay("k_.*\\..*,public\\.mark")
        .with("forward-source", "ddl.sync", "true")
        .start();
    for (DdlKind kind : kinds) {
      onA(kind, "CREATE SCHEMA " + kind.schema() + ";" + kind.path() + kind.setup());
      onA(kind, kind.path() + rows(kind.before(), 1, 4));
    }
    awaitMarks();
    try (DdlKindsWriter b = new DdlKindsWriter(link.b(), kinds, OF_B)) {
      b.round();
      awaitMarks();
      link.rest().pause(link.connector(SINK));
      link.await("the sink is paused", () -> link.describe().contains(SINK + " PAUSED"));
      b.start();
      kinds.forEach(this::change);
      b.awaitRound();
      link.rest().resume(link.connector(SINK));
      awaitMarks();
      b.awaitRound();
      b.stop();
      awaitMarks();
      b.failures().forEach((kind, messages) -> messages.forEach(message -> fail(kind, message)));
    }
    link.await(
        "all to be settled",
        PATIENCE,
        () -> link.a().column("SELECT 1 FROM pgduplex.disputed").isEmpty());
    awaitMarks();
    differences = differences();
  }

  @Override
  public String toString() {
    return "PostgreSQL " + link.a().value("SHOW server_version");
  }

  @Override
  public void close() throws SQLException {
    a.close();
    link.close();
  }

  /** What went wrong for a kind, or differs at rest. */
  List<String> problems(DdlKind kind) {
    List<String> problems = new ArrayList<>(failures.getOrDefault(kind.name(), List.of()));
    differences.stream().filter(kind::isAbout).forEach(problems::add);
    return problems;
  }

  /** What differs and is none of the kinds'. */
  List<String> others() {
    return differences.stream()
        .filter(one -> kinds.stream().noneMatch(kind -> kind.isAbout(one)))
        .toList();
  }

  private void change(DdlKind kind) {
    String around = kind.path() + DdlKind.insert(kind.before(), 4);
    if (kind.alone()) {
      onA(kind, around);
      onA(kind, kind.path());
      Pattern.compile(";\n").splitAsStream(kind.statement()).forEach(one -> onA(kind, one));
      onA(kind, kind.path() + rows(kind.after(), 5, 6));
    } else {
      onA(
          kind,
          around
              + DdlKind.update(kind.before(), 1, 2)
              + kind.statement()
              + ';'
              + rows(kind.after(), 5, 6));
    }
    onA(
        kind,
        kind.path()
            + rows(kind.after(), 6, 8)
            + DdlKind.update(kind.after(), 5, 6)
            + DdlKind.delete(kind.after(), 3));
  }

  private static String rows(String row, int from, int to) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i < to; i++) {
      rows.append(DdlKind.insert(row, i));
    }
    return rows.toString();
  }

  private void onA(DdlKind kind, String sql) {
    try (Statement statement = a.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      fail(kind.name(), "on A: " + e.getMessage() + " in " + sql);
    }
  }

  private void fail(String kind, String message) {
    failures.computeIfAbsent(kind, any -> new ArrayList<>()).add(message);
  }

  /** What was on its way has come, there and back. */
  private void awaitMarks() {
    int mark = Integer.parseInt(link.a().value("SELECT count(*) FROM mark")) + 1;
    for (int i = mark; i < mark + 4; i += 2) {
      mark(link.a(), link.b(), i);
      mark(link.b(), link.a(), i + 1);
    }
  }

  private void mark(Side here, Side there, int mark) {
    here.execute("INSERT INTO mark VALUES (" + mark + ")");
    link.await(
        "mark " + mark,
        PATIENCE,
        () -> !there.column("SELECT 1 FROM mark WHERE id = " + mark).isEmpty());
  }

  private List<String> differences() throws SQLException {
    List<String> all = new ArrayList<>();
    try (Connection a = link.a().connect();
        Connection b = link.b().connect()) {
      all.addAll(CatalogComparison.differences(
          a, b, List.of("pgduplex", "pgduplex_ddl"), DdlKindsRun::isCompared));
    }
    for (String table : link.a().column("""
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|pgduplex|information_schema|x_foreign)' ORDER BY 1""")) {
      compareRows(table, all);
    }
    String conflicts =
        "SELECT format('conflict in %s.%s: %s', table_schema, table_name, c) FROM pgduplex.conflicts c WHERE policy <> 'settlement'";
    all.addAll(link.a().column(conflicts));
    all.addAll(link.b().column(conflicts));
    return all;
  }

  private void compareRows(String table, List<String> found) {
    try {
      String columns = link.a().columns(table);
      List<String> a = link.a().rows("ONLY " + table, columns);
      List<String> b = link.b().rows("ONLY " + table, columns);
      if (!a.equals(b)) {
        List<String> onlyA = new ArrayList<>(a);
        onlyA.removeAll(b);
        List<String> onlyB = new ArrayList<>(b);
        onlyB.removeAll(a);
        found.add("rows of " + table + ": " + onlyA + " | " + onlyB);
      }
    } catch (AssertionError e) {
      found.add("rows of " + table + ": " + e.getCause());
    }
  }

  /** Not what is outside of the link, nor what no table needs any more. */
  private static boolean isCompared(String object) {
    return !object.contains("x_foreign_key_to_outside")
        && !object.equals("schema k_drop_schema_cascade_2")
        && !object.equals("type k_drop_owned_column.mood");
  }
}
