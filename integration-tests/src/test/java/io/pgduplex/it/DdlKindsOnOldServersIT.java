package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of statement that the oldest server has. */
class DdlKindsOnOldServersIT {

  private static final int VERSION = 14;

  private static DdlKindsRun run;

  static Stream<DdlKind> kinds() {
    return DdlKinds.of(VERSION).stream();
  }

  @BeforeAll
  static void doAll() throws Exception {
    run = new DdlKindsRun(
        TestLink.between("ddl_kinds_old", SharedStack.postgres(14), SharedStack.postgres(14)),
        DdlKinds.of(VERSION));
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
