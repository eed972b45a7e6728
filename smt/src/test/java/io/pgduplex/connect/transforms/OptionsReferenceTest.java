package io.pgduplex.connect.transforms;

import io.pgduplex.connect.common.GeneratedSection;
import io.pgduplex.connect.common.OptionDescriptions;
import io.pgduplex.connect.common.OptionsReference;
import org.junit.jupiter.api.Test;

class OptionsReferenceTest {

  @Test
  void everyOptionIsDescribed() {
    OptionDescriptions.assertComplete(DropLoopback.CONFIG_DEF);
  }

  @Test
  void theReferenceSaysWhatTheCodeSays() {
    GeneratedSection.check(
        "options.md", "smt", OptionsReference.render(DropLoopback.CONFIG_DEF), getClass());
  }
}
