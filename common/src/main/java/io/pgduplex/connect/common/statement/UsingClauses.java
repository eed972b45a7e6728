package io.pgduplex.connect.common.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds {@code ALTER COLUMN … TYPE … USING …} in the text of statements: what a new type's values come from stands nowhere in
 * the catalogs.
 */
public final class UsingClauses {

  /** Whole things, so that nothing inside of them is taken for something else. */
  private static final Pattern TOKEN = Pattern.compile(
      "--[^\\n]*|/\\*.*?\\*/" // comments
          + "|[eE]'(?:[^'\\\\]|\\\\.|'')*'|'(?:[^']|'')*'" // values
          + "|\\$((?:[\\p{L}_][\\p{L}\\p{N}_]*)?)\\$.*?\\$\\1\\$"
          + "|\"(?:[^\"]|\"\")*\"" // names
          + "|[\\p{L}_][\\p{L}\\p{N}_$]*|[0-9.]+|\\s+|.",
      Pattern.DOTALL);

  /** What may be another value at another time or for another user: names, functions that columns may be called like, literals. */
  private static final Pattern CHANGING = Pattern.compile(
      "(?i)\\b(current_\\w+|local(time|timestamp)|session_user|user|now|clock_timestamp|random|nextval|gen_random_uuid"
          + "|uuidv[47]|statement_timestamp|transaction_timestamp|timeofday|txid_\\w+|pg_\\w+|inet_\\w+|currval|lastval|setval"
          + "|uuid_generate_\\w+|gen_random_bytes|gen_salt)\\b"
          + "|\\bage\"?\\s*\\("
          + "|['$][^'$]*\\b(today|tomorrow|yesterday)\\b");

  private static final Pattern ESCAPED_NAME = Pattern.compile("U&\"", Pattern.CASE_INSENSITIVE);

  private final List<String> tokens = new ArrayList<>();

  private UsingClauses(String text) {
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String token = matcher.group();
      if (!token.startsWith("--") && !token.startsWith("/*")) {
        tokens.add(token.isBlank() ? " " : token);
      }
    }
  }

  /**
   * The expression for a column; empty if there is none, more than one, or one whose values would not be the same elsewhere.
   *
   * @param column its name, not quoted
   */
  public static Optional<String> of(String text, String column) {
    List<String> found = new UsingClauses(text).expressions(column);
    return found.size() == 1
            && !found.get(0).isEmpty()
            && !CHANGING.matcher(found.get(0)).find()
        ? Optional.of(found.get(0))
        : Optional.empty();
  }

  /**
   * The same for a column that keeps its type: that it is meant by the clause is certain only where there is no other
   * statement.
   */
  public static Optional<String> ofSameType(String text, String column) {
    return new UsingClauses(text).isOneStatement() ? of(text, column) : Optional.empty();
  }

  /** Whether there is such a clause for a column of that name, whatever it says. */
  public static boolean areOf(String text, String column) {
    return new UsingClauses(text)
        .expressions(column).stream().anyMatch(expression -> !expression.isEmpty());
  }

  /**
   * Whether a column of that name has got its new type without USING: the word is not there at all, or there is one
   * {@code ALTER COLUMN … TYPE} for columns of that name, and it belongs to something else. Where a name is written by escapes
   * it may be any column's.
   */
  public static boolean isPlain(String text, String column) {
    UsingClauses clauses = new UsingClauses(text);
    return clauses.tokens.stream().noneMatch(token -> token.equalsIgnoreCase("using"))
        || (clauses.expressions(column).equals(List.of(""))
            && !ESCAPED_NAME.matcher(text).find());
  }

  /** Those of clauses for columns of that name; empty ones where there is no USING. */
  private List<String> expressions(String column) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).equalsIgnoreCase("type") && isOf(column, i)) {
        found.add(expression(i));
      }
    }
    return found;
  }

  /** Whether a column of that name may be meant in an expression. */
  public static boolean isNamed(String expression, String column) {
    return new UsingClauses(expression)
        .tokens.stream().anyMatch(token -> unquoted(token).equals(column));
  }

  /** Whether an expression takes nothing but the text of that column's value: {@code c::text}, and no {@code c}. */
  public static boolean takesText(String expression, String column) {
    List<String> words = new UsingClauses(expression)
        .tokens.stream().filter(token -> !token.isBlank()).toList();
    for (int i = 0; i < words.size(); i++) {
      if (unquoted(words.get(i)).equals(column)
          && !(i + 3 < words.size()
              && words.subList(i + 1, i + 3).equals(List.of(":", ":"))
              && words.get(i + 3).equalsIgnoreCase("text"))) {
        return false;
      }
    }
    return true;
  }

  private boolean isOneStatement() {
    int end = tokens.indexOf(";");
    return end < 0 || tokens.subList(end + 1, tokens.size()).stream().allMatch(String::isBlank);
  }

  private boolean isOf(String column, int type) {
    List<String> words = new ArrayList<>();
    for (int i = type - 1; i >= 0 && words.size() < 3; i--) {
      if (!tokens.get(i).isBlank()) {
        words.add(tokens.get(i));
      }
    }
    boolean setData = words.size() == 3
        && words.get(0).equalsIgnoreCase("data")
        && words.get(1).equalsIgnoreCase("set");
    int name = setData ? 2 : 0;
    return words.size() > name && unquoted(words.get(name)).equals(column);
  }

  private static String unquoted(String token) {
    return token.startsWith("\"")
        ? token.substring(1, token.length() - 1).replace("\"\"", "\"")
        : token.toLowerCase(Locale.ROOT);
  }

  /** Of the action that begins with TYPE; empty without USING. */
  private String expression(int type) {
    int depth = 0;
    boolean using = false;
    StringBuilder expression = new StringBuilder();
    for (int i = type + 1; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (depth == 0 && (token.equals(",") || token.equals(";"))) {
        break;
      }
      depth += token.equals("(") || token.equals("[") ? 1 : 0;
      depth -= token.equals(")") || token.equals("]") ? 1 : 0;
      if (using) {
        expression.append(token);
      }
      using |= token.equalsIgnoreCase("using");
    }
    return expression.toString().strip();
  }
}
