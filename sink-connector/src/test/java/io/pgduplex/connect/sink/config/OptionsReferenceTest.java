package io.pgduplex.connect.sink.config;

import io.pgduplex.connect.common.GeneratedSection;
import io.pgduplex.connect.common.OptionDescriptions;
import io.pgduplex.connect.common.OptionsReference;
import org.junit.jupiter.api.Test;

class OptionsReferenceTest {

  @Test
  void everyOptionIsDescribed() {
    OptionDescriptions.assertComplete(SinkOptions.CONFIG_DEF);
  }

  @Test
  void theReferenceSaysWhatTheCodeSays() {
    GeneratedSection.check(
        "options.md",
        "sink-connector",
        OptionsReference.render(SinkOptions.CONFIG_DEF),
        getClass());
  }
}
