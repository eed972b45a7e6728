package io.pgduplex.it;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement that changes definitions, and the rows around it. It is at home in a schema of its own, which is the search_path
 * of all that is done for it. In the rows {@code #} is a number.
 *
 * @param name what it is
 * @param setup what A has before
 * @param before a row as it is written before the statement; empty if there is no table then
 * @param statement what is done on A; outside of a transaction it may have several lines, each a statement
 * @param after a row as it is written after the statement; empty if there is no table any more
 * @param alone whether it can only be done outside of a transaction
 * @param since the first version of PostgreSQL that has it
 */
record DdlKind(
    String name,
    String setup,
    String before,
    String statement,
    String after,
    boolean alone,
    int since) {

  static final String TABLE = "CREATE TABLE t (id int PRIMARY KEY, v text)";
  static final String ROW = "INSERT INTO t (id, v) VALUES (#, 'r#')";

  private static final Pattern PLAIN = Pattern.compile("^INSERT INTO (\\S+) \\(id, v\\)");

  /** Of a plain table that stays as it is for who writes to it. */
  static DdlKind on(String name, String statement) {
    return new DdlKind(name, TABLE, ROW, statement, ROW, false, 14);
  }

  DdlKind on(String setup) {
    return new DdlKind(name, setup, before, statement, after, alone, since);
  }

  /** The row, before and after. */
  DdlKind row(String row) {
    return new DdlKind(name, setup, row, statement, row, alone, since);
  }

  DdlKind before(String row) {
    return new DdlKind(name, setup, row, statement, after, alone, since);
  }

  DdlKind after(String row) {
    return new DdlKind(name, setup, before, statement, row, alone, since);
  }

  DdlKind outside() {
    return new DdlKind(name, setup, before, statement, after, true, since);
  }

  DdlKind since(int version) {
    return new DdlKind(name, setup, before, statement, after, alone, version);
  }

  /** Of a table that the statement makes. */
  static DdlKind making(String name, String statement) {
    return on(name, statement).on("").before("");
  }

  /** Its own; it may have more that are called like it, with a number. */
  String schema() {
    return "k_" + name;
  }

  /** Where unqualified names are looked for. */
  String path() {
    return "SET search_path = " + schema() + ";";
  }

  /** Whether this has to do with it, by the name of a schema. */
  boolean isAbout(String text) {
    return Pattern.compile("\\b[kx]_" + name + "(_\\d)?\\b").matcher(text).find();
  }

  static String insert(String row, int number) {
    return row.isEmpty() ? "" : row.replace("#", String.valueOf(number)) + ';';
  }

  /** Gives a row what another has; where rows are not plain they are left as they are. */
  static String update(String row, int number, int other) {
    return table(row)
        .map(table -> "UPDATE %1$s SET v = (SELECT v FROM %1$s WHERE id = %3$d) WHERE id = %2$d;"
            .formatted(table, number, other))
        .orElse("");
  }

  /** Where it is no part of others. */
  static String delete(String row, int number) {
    return row.contains("; INSERT")
        ? ""
        : table(row)
            .map(table -> "DELETE FROM " + table + " WHERE id = " + number + ';')
            .orElse("");
  }

  private static Optional<String> table(String row) {
    Matcher plain = PLAIN.matcher(row);
    return plain.find() ? Optional.of(plain.group(1)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name + ": " + statement.strip().replaceAll("\\s+", " ");
  }
}
