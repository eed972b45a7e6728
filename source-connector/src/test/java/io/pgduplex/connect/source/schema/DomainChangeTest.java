package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DomainChangeTest {

  private static final String PLAIN = domain("null", "false", "null", "");

  private static String domain(String value, String notNull, String name, String checks) {
    return """
        {"default": %s, "notNull": %s, "nameOfNotNull": %s, "checks": {%s}}""".formatted(value, notNull, name, checks);
  }

  private static List<String> statements(String was, String is) {
    return new DomainChange("\"s\".\"d\"", "d", DomainChange.json(was), DomainChange.json(is))
        .statements();
  }

  @Test
  void setsAndDropsADefault() {
    String set = domain("\"'x'::text\"", "false", "null", "");
    assertThat(statements(PLAIN, set))
        .containsExactly("ALTER DOMAIN \"s\".\"d\" SET DEFAULT 'x'::text");
    assertThat(statements(set, PLAIN)).containsExactly("ALTER DOMAIN \"s\".\"d\" DROP DEFAULT");
    assertThat(statements(set, set)).isEmpty();
  }

  /** Older servers have no names for it, and no statement that gives one. */
  @Test
  void namesANotNullOnlyWhereSomebodyHasNamedIt() {
    String old = domain("null", "true", "null", "");
    String usual = domain("null", "true", "\"\\\"d_not_null\\\"\"", "");
    String named = domain("null", "true", "\"\\\"given\\\"\"", "");
    assertThat(statements(PLAIN, old)).containsExactly("ALTER DOMAIN \"s\".\"d\" SET NOT NULL");
    assertThat(statements(PLAIN, usual)).containsExactly("ALTER DOMAIN \"s\".\"d\" SET NOT NULL");
    assertThat(statements(PLAIN, named))
        .containsExactly("ALTER DOMAIN \"s\".\"d\" ADD CONSTRAINT \"given\" NOT NULL");
    assertThat(statements(usual, named))
        .containsExactly("ALTER DOMAIN \"s\".\"d\" RENAME CONSTRAINT \"d_not_null\" TO \"given\"");
    assertThat(statements(named, PLAIN)).containsExactly("ALTER DOMAIN \"s\".\"d\" DROP NOT NULL");
  }

  @Test
  void addsDropsRenamesAndValidatesChecks() {
    String one =
        domain("null", "false", "null", "\"1\": [\"\\\"a\\\"\", false, \"CHECK (x) NOT VALID\"]");
    String renamed = domain("null", "false", "null", "\"1\": [\"\\\"b\\\"\", true, \"CHECK (x)\"]");
    assertThat(statements(PLAIN, one))
        .containsExactly("ALTER DOMAIN \"s\".\"d\" ADD CONSTRAINT \"a\" CHECK (x) NOT VALID");
    assertThat(statements(one, renamed))
        .containsExactly(
            "ALTER DOMAIN \"s\".\"d\" RENAME CONSTRAINT \"a\" TO \"b\"",
            "ALTER DOMAIN \"s\".\"d\" VALIDATE CONSTRAINT \"b\"");
    assertThat(statements(renamed, PLAIN))
        .containsExactly("ALTER DOMAIN \"s\".\"d\" DROP CONSTRAINT \"b\"");
  }
}
