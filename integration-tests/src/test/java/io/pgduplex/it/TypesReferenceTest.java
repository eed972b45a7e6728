package io.pgduplex.it;

import static io.pgduplex.connect.common.GeneratedSection.code;
import static io.pgduplex.connect.common.GeneratedSection.row;
import static io.pgduplex.connect.common.GeneratedSection.text;

import io.pgduplex.connect.common.GeneratedSection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/types.md says what the tests try. */
class TypesReferenceTest {

  private static final int LONGEST_SHOWN = 45;

  @Test
  void saysWhichTypesAreCarried() {
    StringBuilder table = new StringBuilder("\n| Type | Values tried |\n| --- | --- |\n");
    for (TypeCase type : TypeCases.all()) {
      table.append(row(code(type.name()) + since(type), values(type)));
    }
    GeneratedSection.check("types.md", "carried", table.append('\n').toString(), getClass());
  }

  private static String since(TypeCase type) {
    return type.since() == TypeCases.OLDEST ? "" : ", PostgreSQL " + type.since() + " and later";
  }

  private static String values(TypeCase type) {
    List<String> shown = type.values().stream()
        .filter(value -> value.length() <= LONGEST_SHOWN && value.matches("[ -~]*"))
        .map(value -> value.endsWith("'::" + type.name())
            ? value.substring(0, value.lastIndexOf("::"))
            : value)
        .map(GeneratedSection::code)
        .toList();
    int more = type.values().size() - shown.size();
    return String.join(" ", shown)
        + (more == 0
            ? ""
            : (shown.isEmpty() ? "" : " and ") + more + (shown.isEmpty() ? "" : " more"));
  }

  @Test
  void saysWhatIsRefused() {
    StringBuilder table = new StringBuilder(
        "\n| What the target cannot hold | Message, behind the row's place |\n| --- | --- |\n");
    for (RefusedValue refused : RefusedValue.all()) {
      table.append(row(text(refused.what()), code(refused.message().formatted("t"))));
    }
    GeneratedSection.check("types.md", "refused", table.append('\n').toString(), getClass());
  }
}
