package io.pgduplex.connect.sink.former;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts are as PostgreSQL writes them. */
class FormerTypesTest {

  private static final String PAIR = "\"s\".\"pair\"";

  private final FormerTypes types = new FormerTypes();

  FormerTypesTest() {
    types.add(
        "s",
        "mood",
        "CREATE TYPE \"s\".\"mood\" AS ENUM ('sad', 'ok', 'a b')",
        Map.of(1L, "sad", 2L, "ok", 3L, "a b"),
        Map.of(1L, "ok", 2L, "sad", 3L, "NULL"));
    types.add(
        "s",
        "same",
        "CREATE TYPE \"s\".\"same\" AS ENUM ('x')",
        Map.of(1L, "x"),
        Map.of(1L, "x", 2L, "y"));
    types.add(
        "s",
        "span",
        "CREATE TYPE \"s\".\"span\" AS RANGE (SUBTYPE = \"s\".\"mood\", SUBTYPE_OPCLASS = \"pg_catalog\".\"enum_ops\","
            + " MULTIRANGE_TYPE_NAME = \"s\".\"spans\")",
        Map.of(),
        Map.of());
    types.add(
        "s", "d", "CREATE DOMAIN \"s\".\"d\" AS \"s\".\"mood\"[] NOT NULL", Map.of(), Map.of());
    types.add("s", "ds", "CREATE DOMAIN \"s\".\"ds\" AS \"s\".\"spans\"", Map.of(), Map.of());
    types.add(
        "s", "text", "CREATE DOMAIN \"s\".\"text\" AS character varying(10)", Map.of(), Map.of());
    types.add(
        "s",
        "pair",
        "CREATE TYPE \"s\".\"pair\" AS (\"a\" integer, \"m\" \"s\".\"mood\", \"b\" text, \"c\" text)",
        attributes("1 integer", "2 \"s\".\"mood\"", "3 text", "5 text"),
        attributes("2 \"s\".\"mood\"", "3 text", "5 text", "6 integer"));
    types.add("s", "none", "CREATE TYPE \"s\".\"none\" AS ()", attributes(), attributes("1 text"));
    types.add(
        "s",
        "of",
        "CREATE TYPE \"s\".\"of\" AS (\"p\" \"s\".\"pair\", \"q\" \"s\".\"pair\"[])",
        attributes("1 " + PAIR, "2 " + PAIR + "[]"),
        attributes("1 " + PAIR, "2 " + PAIR + "[]"));
  }

  private static Map<Long, String> attributes(String... texts) {
    Map<Long, String> attributes = new LinkedHashMap<>();
    for (String text : texts) {
      int blank = text.indexOf(' ');
      attributes.put(Long.valueOf(text.substring(0, blank)), text.substring(blank + 1));
    }
    return attributes;
  }

  private String changed(String type, String text) {
    return types.change("\"s\"." + type).orElseThrow().apply(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"mood\" | sad | ok",
        "\"mood\" | other | other",
        "\"mood\"[] | {sad,NULL,ok,\"a b\"} | {ok,NULL,sad,\"NULL\"}",
        "\"mood\"[] | {} | {}",
        "\"mood\"[] | [2:3][-1:-1]={{sad},{\"a b\"}} | [2:3][-1:-1]={{ok},{\"NULL\"}}",
        "\"d\" | {sad} | {ok}",
        "\"d\"[] | {\"{sad,NULL}\",\"{\\\"a b\\\"}\"} | {\"{ok,NULL}\",\"{\\\"NULL\\\"}\"}",
        "\"span\" | empty | empty",
        "\"span\" | [sad,\"a b\") | [ok,NULL)",
        "\"span\" | (,sad] | (,ok]",
        "\"spans\" | {} | {}",
        "\"spans\" | {[sad,\"a b\"),(ok,)} | {[ok,NULL),(sad,)}",
        "\"ds\" | {[sad,ok)} | {[ok,sad)}",
        "\"pair\" | (1,sad,x,y) | (ok,x,y,)",
        "\"pair\" | (,,,) | (,,,)",
        "\"pair\" | (1,\"a b\",\"\",\"(,\"\"\\\\)\") | (NULL,\"\",\"(,\"\"\\\\)\",)",
        "\"pair\" | (1,,\" \",\"\t\") | (,\" \",\"\t\",)",
        "\"none\" | () | ()",
        "\"of\" | (\"(1,sad,\"\"a,\"\",)\",\"{\"\"(1,ok,,\\\\\"\"\\\\\"\")\"\",NULL}\") "
            + "| (\"(ok,\"\"a,\"\",,)\",\"{\"\"(sad,,\\\\\"\"\\\\\"\",)\"\",NULL}\")"
      })
  void valuesBecomeThoseOfTheChangedType(String type, String was, String is) {
    assertThat(changed(type, was)).isEqualTo(is);
  }

  @Test
  void whatHasNotChangedStays() {
    assertThat(types.change("\"s\".\"same\"")).isEmpty();
    assertThat(types.change("\"s\".\"same\"[]")).isEmpty();
    assertThat(types.change("\"s\".\"text\"")).isEmpty();
    assertThat(types.change("integer")).isEmpty();
    assertThat(types.change("character varying(10) COLLATE \"s\".\"c\"")).isEmpty();
    assertThat(types.change("\"s\".\"d\" COLLATE \"s\".\"c\"")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"pair\" | (1,2)", "\"pair\" | (1,2,3,4", "\"pair\" | x", "\"pair\" | (1,,,) x"})
  void whatIsNoSuchValueIsRefused(String type, String text) {
    assertThatThrownBy(() -> changed(type, text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .matches("No array, record or range as PostgreSQL writes it, at character \\d+ of \\d+"
            + "|A value of \"s\".\"pair\" should have 4 attributes, and has 2");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"s\".\"mood\" COLLATE \"c\".\"d\",pg_catalog.text",
        "\"s\".\"pair\"[],pg_catalog.text[]",
        "\"s\".\"span\",pg_catalog.text",
        "\"s\".\"spans\",pg_catalog.text",
        "\"s\".\"d\",none",
        "integer,none"
      })
  void knowsWhichTypesAreCastToTheTextThatTheyAreWrittenAs(String type, String text) {
    assertThat(types.inText(type).orElse("none")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"s\".\"d\",\"s\".\"mood\"[],true",
        "\"s\".\"text\",character varying(10),true",
        "\"s\".\"text\",character varying,false",
        "\"s\".\"mood\",ENUM,false",
        "text,text,false"
      })
  void knowsWhatDomainsAreOver(String type, String base, boolean over) {
    assertThat(types.isDomainOver(type, base)).isEqualTo(over);
  }
}
