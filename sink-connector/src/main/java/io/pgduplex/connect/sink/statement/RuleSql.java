package io.pgduplex.connect.sink.statement;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetColumn;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import io.pgduplex.connect.sink.table.UniqueRule.Key;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text of the statements that find the rows which are in the way of another by a unique index or an exclusion
 * constraint, each row as {@link Sql#select} gives it.
 */
public final class RuleSql {

  private static final Pattern QUOTED_OR_MARK = Pattern.compile("'[^']*'|\"[^\"]*\"|\\?");

  private RuleSql() {}

  /**
   * By a rule of which the columns' values are all that counts.
   *
   * @param columns the rule's; their values are the first parameters
   * @param own positions of the columns by which the row itself is known, parameters likewise; empty for no such row
   */
  public static String byColumns(
      TargetTable table, List<Integer> columns, List<Integer> own, String origin) {
    return Sql.localRow(table, origin) + Sql.keyCondition(table, columns) + others(table, own)
        + " FOR UPDATE OF t";
  }

  /**
   * By any rule. Parameters: the values {@code known}, of an UPDATE its identity, the values of the columns {@code own}.
   *
   * @param shape of an UPDATE, whose other columns stay as they are, or of an INSERT
   * @param known positions of the columns whose new values are known
   */
  public static String byRule(
      Shape shape, List<Integer> known, UniqueRule rule, List<Integer> own, String origin) {
    TargetTable table = shape.table();
    List<Key> keys = rule.keys();
    String predicate = escaped(rule.predicate());
    boolean all = predicate.isEmpty();
    // The row is made up before the table comes in: a name that it lacked would else be taken from
    // each of the table's rows.
    String made = "WITH n AS (" + row(shape, known) + "), g AS (SELECT *" + generated(table)
        + " FROM n), k AS (SELECT "
        + list(keys, i -> escaped(keys.get(i).expression()) + " AS k" + i, ", ") + " FROM g"
        + (all ? "" : " WHERE " + predicate) + ") ";
    return made + Sql.localRow(table, origin)
        + (all ? "" : predicate + " AND EXISTS (SELECT FROM k) AND ")
        + list(keys, i -> meets(keys.get(i), "(SELECT k" + i + " FROM k)", rule), " AND ")
        + others(table, own) + " FOR UPDATE OF t";
  }

  /**
   * Which of many rows, counted from 1, are not alone with their values in a rule's columns. Parameters: for each column an
   * array of texts.
   */
  public static String crowded(TargetTable table, List<Integer> columns) {
    List<TargetColumn> compared = columns.stream().map(table.columns()::get).toList();
    return "SELECT u.n FROM " + Sql.unnest(columns.size(), "WITH ORDINALITY AS u", "n")
        + " WHERE (SELECT count(*) FROM (SELECT FROM " + table.rows() + " AS t WHERE "
        + Sql.keyCondition(compared, i -> Sql.cast("u.c" + i, compared.get(i)))
        + " LIMIT 2) AS x) > 1";
  }

  /** IS NULL would also be true of a composite of nulls. */
  private static String meets(Key key, String value, UniqueRule rule) {
    String expression = escaped(key.expression());
    String meets = expression + " " + escaped(key.operator()) + " " + value + key.collate();
    return rule.nullsEqual()
        ? "(" + meets + " OR " + expression + " IS NOT DISTINCT FROM NULL AND num_nulls(" + value
            + ") = 1)"
        : meets;
  }

  private static String row(Shape shape, List<Integer> known) {
    TargetTable table = shape.table();
    List<TargetColumn> columns = table.columns();
    boolean update = shape.kind() == Kind.UPDATE;
    String values = list(
        columns,
        i -> {
          TargetColumn column = columns.get(i);
          String name = Identifiers.quote(column.name());
          String value = known.contains(i) ? "?" : "(" + escaped(column.byDefault()) + ")";
          String made = Sql.cast(value, column) + column.collate();
          return (update && !known.contains(i)
                  ? "CASE WHEN t.ctid IS NULL THEN " + made + " ELSE t." + name + " END"
                  : made)
              + " AS " + name;
        },
        ", ");
    return "SELECT " + values
        + (update
            ? " FROM (SELECT) AS o LEFT JOIN " + table.rows() + " AS t ON " + Sql.condition(shape)
                + " LIMIT 1"
            : "");
  }

  private static String generated(TargetTable table) {
    return table.generated().entrySet().stream()
        .map(column ->
            ", " + escaped(column.getValue()) + " AS " + Identifiers.quote(column.getKey()))
        .collect(Collectors.joining());
  }

  private static String others(TargetTable table, List<Integer> own) {
    return own.isEmpty() ? "" : " AND NOT (" + Sql.keyCondition(table, own) + ")";
  }

  private static String list(List<?> of, IntFunction<String> text, String between) {
    return IntStream.range(0, of.size()).mapToObj(text).collect(Collectors.joining(between));
  }

  /** SQL of the server's, which may have operators with a question mark; the driver takes it for a parameter. */
  static String escaped(String sql) {
    return QUOTED_OR_MARK
        .matcher(sql)
        .replaceAll(
            part -> part.group().equals("?") ? "??" : Matcher.quoteReplacement(part.group()));
  }
}
