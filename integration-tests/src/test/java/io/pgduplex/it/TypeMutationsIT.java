package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The values of {@link TypeCases} tell when they are changed on the way: each mistake that a pipeline could make alters a
 * value of every type that it concerns. Were it not so, {@link TypesIT} would be green by luck.
 */
class TypeMutationsIT {

  private static final Side SIDE = new Side(SharedStack.postgres(18), "type_mutations");
  /** One that changes nothing. */
  private static final String SETTING = "pgduplex.none";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As the sink reads, and the source writes, but for its zone. */
  private static final String PINNED = "SET DateStyle = 'ISO, YMD'; SET IntervalStyle = postgres;"
      + " SET extra_float_digits = 3; SET bytea_output = hex; SET xmloption = content";

  /**
   * A mistake.
   *
   * @param name in a few words
   * @param setting under which the source would write
   * @param value of the setting
   * @param text what would be done to the text
   * @param types some of those that must suffer
   */
  private record Mutation(
      String name, String setting, String value, UnaryOperator<String> text, Set<String> types) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        text("none", value -> value),
        settings(
            "another style of dates",
            "DateStyle",
            "SQL, DMY",
            "date",
            "timestamp",
            "timestamptz",
            "daterange",
            "tsrange",
            "tstzrange",
            "datemultirange",
            "tsmultirange",
            "tstzmultirange"),
        // PostgreSQL reads each of its styles whatever the setting is.
        settings("another style of intervals", "IntervalStyle", "sql_standard"),
        settings(
            "floats as short as they were once",
            "extra_float_digits",
            "0",
            "real",
            "double precision",
            "point",
            "line",
            "cube",
            "spans",
            "polygon",
            "circle"),
        text(
            "the zone's offset dropped",
            value -> value.replaceAll("[+-]\\d\\d(:\\d\\d){0,2}(?=[\\s\",)\\]}]|$)", ""),
            "timestamptz",
            "timetz",
            "tstzrange",
            "tstzmultirange",
            "pair"),
        text(
            "the era dropped",
            value -> value.replace(" BC", ""),
            "date",
            "timestamp",
            "timestamptz"),
        text(
            "microseconds cut to milliseconds",
            value -> value.replaceAll("(:\\d\\d\\.\\d{3})\\d+", "$1"),
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "tsrange"),
        text(
            "numbers through a double",
            TypeMutationsIT::throughDouble,
            "bigint",
            "numeric",
            "xid8"),
        text(
            "the sign of zero lost",
            value -> value.replaceAll("-0(?![\\d.])", "0"),
            "real",
            "double precision",
            "point"),
        text(
            "NaN as 0",
            value -> value.replace("NaN", "0"),
            "real",
            "double precision",
            "numeric",
            "point"),
        text(
            "infinity as nothing",
            value -> value.replaceAll("(?i)-?infinity", "0"),
            "date",
            "timestamp",
            "timestamptz",
            "interval",
            "numeric",
            "real"),
        text("blanks stripped", String::strip, "text", "varchar", "varchar(5)", "json"),
        text("blanks at the end stripped", String::stripTrailing, "bpchar"),
        text(
            "trailing zeros stripped", value -> value.replaceAll("(\\.\\d*?)0+$", "$1"), "numeric"),
        text(
            "leading zeros stripped",
            value -> value.replaceAll("^0+(?=\\d)", ""),
            "bit(11)",
            "bit varying",
            "bit varying(9)"),
        text("JSON read and written again", TypeMutationsIT::jsonAgain, "json"),
        text("control characters dropped", value -> value.replaceAll("\\p{Cntrl}", ""), "text"),
        text(
            "four-byte characters replaced",
            value -> value.replaceAll("[^\\u0000-\\uFFFF]", "?"),
            "text",
            "varchar(5)"),
        text(
            "characters composed",
            value -> Normalizer.normalize(value, Normalizer.Form.NFC),
            "text"),
        text(
            "one byte a character",
            value ->
                new String(value.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII),
            "text",
            "varchar(5)",
            "char(5)",
            "xml",
            "mood"),
        text("case folded", value -> value.toLowerCase(Locale.ROOT), "citext", "ltree", "mood"),
        text(
            "backslashes taken for escapes",
            value -> value.replace("\\\\", "\\").replace("\\", ""),
            "text",
            "bytea",
            "hstore"),
        text(
            "quotes dropped",
            value -> value.replace("\"", ""),
            "hstore",
            "pair",
            "jsonpath",
            "json",
            "mood"),
        text(
            "a path's brackets taken for all alike",
            value -> value.replace('[', '(').replace(']', ')'),
            "path",
            "int8range",
            "numrange",
            "spans"),
        text("weights dropped", value -> value.replaceAll("(?<=\\d)[ABC]", ""), "tsvector"),
        new Mutation(
            "the last character lost",
            SETTING,
            "",
            value -> value.replaceAll("(?s).$", ""),
            TypeCases.all().stream().map(TypeCase::name).collect(Collectors.toSet())),
        text("the mask dropped", value -> value.replaceAll("/\\d+$", ""), "inet", "cidr"));
  }

  private static Mutation settings(String name, String setting, String value, String... types) {
    return new Mutation(name, setting, value, text -> text, Set.of(types));
  }

  private static Mutation text(String name, UnaryOperator<String> text, String... types) {
    return new Mutation(name, SETTING, "", text, Set.of(types));
  }

  private static String throughDouble(String value) {
    try {
      return Double.toString(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return value;
    }
  }

  private static String jsonAgain(String value) {
    try {
      return JSON.writeValueAsString(JSON.readTree(value));
    } catch (JsonProcessingException e) {
      return value;
    }
  }

  @BeforeAll
  static void makeTypes() {
    SIDE.server().createDatabase(SIDE.database());
    TypeCases.all().stream()
        .map(TypeCase::setup)
        .filter(setup -> !setup.isEmpty())
        .forEach(SIDE::execute);
  }

  @AfterAll
  static void dropTypes() {
    new Side(SIDE.server(), "postgres").execute("DROP DATABASE " + SIDE.database());
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void everyMistakeShows(Mutation mutation) throws SQLException {
    Set<String> changed = new LinkedHashSet<>();
    try (Connection source = connect("Asia/Kathmandu");
        Connection target = connect("America/Caracas")) {
      for (TypeCase type : TypeCases.all()) {
        if (changes(mutation, type, source, target)) {
          changed.add(type.name());
        }
      }
    }
    assertThat(changed).containsAll(mutation.types());
    if (mutation.types().isEmpty()) {
      assertThat(changed).isEmpty();
    }
  }

  private static boolean changes(
      Mutation mutation, TypeCase type, Connection source, Connection target) throws SQLException {
    for (String value : type.values()) {
      String written = textOf(source, value, type, mutation.setting(), mutation.value());
      String canonical = textOf(target, value, type, SETTING, "");
      try (PreparedStatement statement =
          target.prepareStatement("SELECT concat(?::" + type.name() + ")")) {
        statement.setString(1, mutation.text().apply(written));
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          if (!row.getString(1).equals(canonical)) {
            return true;
          }
        }
      } catch (SQLException refused) {
        return true;
      }
    }
    return false;
  }

  /** The setting is the statement's alone: the driver insists on its own style of dates. */
  private static String textOf(
      Connection side, String value, TypeCase type, String setting, String settingsValue)
      throws SQLException {
    try (Statement statement = side.createStatement();
        ResultSet row = statement.executeQuery("SELECT set_config('" + setting + "', '"
            + settingsValue + "', true), concat((" + value + ")::" + type.name() + ")")) {
      row.next();
      return row.getString(2);
    }
  }

  private static Connection connect(String zone) throws SQLException {
    Connection connection = SIDE.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(PINNED);
      statement.execute("SET TimeZone = '" + zone + "'");
    }
    return connection;
  }
}
