package io.pgduplex.connect.transforms;

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
    OptionsReference.check("smt", OptionsReference.render(DropLoopback.CONFIG_DEF));
  }
}
