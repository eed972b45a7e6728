package io.pgduplex.connect.source.options;

import static io.pgduplex.connect.common.GeneratedSection.code;
import static io.pgduplex.connect.common.GeneratedSection.row;
import static io.pgduplex.connect.common.GeneratedSection.text;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.GeneratedSection;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.OptionDescriptions;
import io.pgduplex.connect.common.OptionsReference;
import io.pgduplex.connect.source.options.Treatment.Pinned;
import io.pgduplex.connect.source.options.Treatment.Refused;
import org.junit.jupiter.api.Test;

class OptionsReferenceTest {

  private static final LinkDirection EXAMPLE = new LinkDirection("bank", Direction.FORWARD);

  @Test
  void everyOptionIsDescribed() {
    OptionDescriptions.assertComplete(SourceOptions.configDef(), SourceOptions.DEBEZIUM);
  }

  @Test
  void theReferenceSaysWhatTheCodeSays() {
    GeneratedSection.check(
        "options.md",
        "source-connector",
        OptionsReference.render(SourceOptions.configDef()) + debeziumsOtherOptions(),
        getClass());
  }

  private static String debeziumsOtherOptions() {
    StringBuilder pinned = new StringBuilder();
    StringBuilder refused = new StringBuilder();
    DebeziumOptions.TABLE.forEach((name, treatment) -> {
      if (!OptionsReference.isPublic(name)) {
        return;
      }
      if (treatment instanceof Pinned pin) {
        pinned.append(row(code(name), code(pin.value().apply(EXAMPLE)), text(pin.reason())));
      } else if (treatment instanceof Refused refusal) {
        refused.append(row(code(name), text(refusal.reason())));
      }
    });
    return """
        ### Debezium options that are not to be set

        pgduplex sets these. A document may name one only with this very value (here for the link `%s`, direction `%s`).

        | option | value | why |
        | --- | --- | --- |
        %s
        These are refused.

        | option | why |
        | --- | --- |
        %s
        So that none is mistyped unnoticed, every other name is refused as well that is neither on this page nor Kafka Connect's.

        """.formatted(EXAMPLE.link(), EXAMPLE.direction(), pinned, refused);
  }
}
