package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of statement that the newest server has; with {@code -Dpgduplex.it.kind=} those of a name. */
class DdlKindsIT {

  private static final int VERSION = 18;

  private static DdlKindsRun run;

  static Stream<DdlKind> kinds() {
    return DdlKinds.of(VERSION).stream();
  }

  @BeforeAll
  static void doAll() throws Exception {
    run = new DdlKindsRun(TestLink.named("ddl_kinds"), DdlKinds.of(VERSION));
    run.doAll();
  }

  @AfterAll
  static void stop() throws Exception {
    run.close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isCarried(DdlKind kind) {
    assertThat(run.problems(kind)).isEmpty();
  }

  @Test
  void nothingElseDiffers() {
    assertThat(run.others()).isEmpty();
  }
}
