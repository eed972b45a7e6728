package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of statement that the newest server has, and the oldest; with {@code -Dpgduplex.it.postgres=15,16} other servers, with
 * {@code -Dpgduplex.it.kind=} the statements of a name.
 */
@ParameterizedClass
@MethodSource("runs")
class DdlKindsIT {

  private final DdlKindsRun run;

  DdlKindsIT(DdlKindsRun run) {
    this.run = run;
  }

  static Stream<DdlKindsRun> runs() {
    return Arrays.stream(System.getProperty("pgduplex.it.postgres", "18,14").split(","))
        .map(Integer::valueOf)
        .map(DdlKindsRun::on);
  }

  @BeforeParameterizedClassInvocation
  static void doAll(DdlKindsRun all) throws Exception {
    all.doAll();
  }

  @TestFactory
  Stream<DynamicTest> areCarried() {
    return run.kinds().stream()
        .map(kind -> DynamicTest.dynamicTest(
            kind.toString(), () -> assertThat(run.problems(kind)).isEmpty()));
  }

  @Test
  void nothingElseDiffers() {
    assertThat(run.kinds()).isNotEmpty();
    assertThat(run.others()).isEmpty();
  }
}
