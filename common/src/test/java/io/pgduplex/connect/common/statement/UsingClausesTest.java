package io.pgduplex.connect.common.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsingClausesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "alter table t alter a type int using a::int ~ a::int",
        "ALTER TABLE t ALTER COLUMN a SET DATA TYPE int USING (a || ',')::int, ALTER b TYPE text USING 'using' ~ (a || ',')::int",
        "SELECT 1; ALTER TABLE t ALTER A TYPE numeric(4,2) USING round(a, 2); SELECT 2 ~ round(a, 2)",
        "ALTER TABLE t ALTER a TYPE int /* USING b */ USING a[1] ~ a[1]",
        "ALTER TABLE t ALTER a TYPE text USING $x$,;$x$ || a ~ $x$,;$x$ || a",
        "ALTER TABLE t ALTER a TYPE text USING $q1$,;$q$$q1$ || a ~ $q1$,;$q$$q1$ || a",
        "ALTER TABLE t ALTER a TYPE int USING age::int + today ~ age::int + today",
        "ALTER TABLE t ALTER a TYPE text USING E'\\',;' || \"b,\" ~ E'\\',;' || \"b,\""
      })
  void findsTheExpressionOfAColumn(String text, String expression) {
    assertThat(UsingClauses.of(text, "a")).contains(expression);
  }

  @Test
  void tellsQuotedNamesApart() {
    String text =
        "ALTER TABLE t ALTER \"A\" TYPE int USING 1, ALTER a TYPE int USING 2, ALTER \"q\"\"\" TYPE int USING 3";
    assertThat(UsingClauses.of(text, "A")).contains("1");
    assertThat(UsingClauses.of(text, "a")).contains("2");
    assertThat(UsingClauses.of(text, "q\"")).contains("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ALTER a TYPE int",
        "ALTER TABLE t ALTER b TYPE int USING b::int",
        "ALTER TABLE t ALTER a TYPE int USING 1; ALTER TABLE u ALTER a TYPE int USING 2",
        "ALTER TABLE t ALTER a TYPE timestamptz USING now()",
        "ALTER TABLE t ALTER a TYPE date USING CURRENT_DATE",
        "ALTER TABLE t ALTER a TYPE text USING current_user",
        "ALTER TABLE t ALTER a TYPE uuid USING uuid_generate_v4()",
        "ALTER TABLE t ALTER a TYPE bytea USING gen_random_bytes (3)",
        "ALTER TABLE t ALTER a TYPE text USING public.\"gen_salt\"('bf')",
        "ALTER TABLE t ALTER a TYPE interval USING age(a)",
        "ALTER TABLE t ALTER a TYPE date USING coalesce(a, 'Today'::date)",
        "ALTER TABLE t ALTER a TYPE timestamp USING coalesce(a, timestamp ' tomorrow 12:00')",
        "ALTER TABLE t ALTER a TYPE date USING coalesce(a, $$yesterday$$)",
        "ALTER TABLE t ALTER a TYPE timestamp USING coalesce(a, 'NOW')",
        "ALTER TABLE t ALTER a TYPE uuid USING gen_random_uuid()"
      })
  void findsNoneThatIsMissingAmbiguousOrAnotherOneElsewhere(String text) {
    assertThat(UsingClauses.of(text, "a")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE t ALTER a TYPE int | true",
        "ALTER TABLE t ALTER a SET DATA TYPE int; CREATE INDEX ON t USING btree (a) | true",
        "ALTER TABLE t ALTER a TYPE text, ALTER b TYPE int USING b::int | true",
        "ALTER TABLE t ALTER b TYPE int USING (b + a)::int, ALTER COLUMN A TYPE text | true",
        "ALTER TABLE t ALTER a TYPE int USING a::int | false",
        "ALTER TABLE t ALTER a TYPE int; ALTER TABLE u ALTER a TYPE int USING 1 | false",
        "ALTER TABLE t ALTER a TYPE int; ALTER TABLE u ALTER a TYPE text, ALTER b TYPE int USING 1 | false",
        "ALTER TABLE t ALTER b TYPE int USING b::int | false",
        "CREATE INDEX i ON t USING gin (a) | false",
        "ALTER TABLE t ALTER a TYPE int -- USING | true",
        "ALTER TABLE t ALTER a TYPE using_it | true",
        "ALTER TABLE t ADD b text DEFAULT ' using ' | true",
        "ALTER TABLE t ALTER a TYPE int; ALTER TABLE u ALTER U&\"\\0061\" TYPE int USING 1 | false"
      })
  void knowsWhetherAColumnHasItsTypeWithoutTheWord(String text, boolean plain) {
    assertThat(UsingClauses.isPlain(text, "a")).isEqualTo(plain);
  }

  @Test
  void aColumnThatKeepsItsTypeIsMeantWhereThereIsOneStatement() {
    String one = "ALTER TABLE t ALTER a TYPE text USING a || ';' ; ";
    assertThat(UsingClauses.ofSameType(one, "a")).contains("a || ';'");
    assertThat(UsingClauses.ofSameType(one + "SELECT 1", "a")).isEmpty();
    assertThat(UsingClauses.areOf(one + "SELECT 1", "a")).isTrue();
    assertThat(UsingClauses.areOf(one, "b")).isFalse();
    assertThat(UsingClauses.areOf("ALTER TABLE t ALTER a TYPE text", "a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a::text::x ~ true ~ true",
        "CASE \"a\"::text WHEN 'a' THEN b ELSE t.A :: TEXT END::x ~ true ~ true",
        "(a)::text ~ true ~ false",
        "CASE a WHEN 'x' THEN a::text END ~ true ~ false",
        "a::text || a::varchar ~ true ~ false",
        "a ~ true ~ false",
        "b || 'a' ~ false ~ true"
      })
  void tellsHowAnExpressionTakesAColumn(String expression, boolean named, boolean text) {
    assertThat(UsingClauses.isNamed(expression, "a")).isEqualTo(named);
    assertThat(UsingClauses.takesText(expression, "a")).isEqualTo(text);
  }
}
