package io.pgduplex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void comparesMediansWithTheOperationsFirstCase() {
    Case off = new Case(Work.UPDATE, false, Conflict.NONE);
    Case conflicts = new Case(Work.UPDATE, true, Conflict.UPDATE_MISSING);
    Report report = new Report();
    for (int rate : new int[] {40_000, 10_000, 20_000}) {
      report.add(off, rate);
      report.add(conflicts, rate / 4.0);
    }

    assertThat(report.markdown()).isEqualTo("""
        | operation | sink | rows/s | to detection off | rows/s of each round |
        | --- | --- | ---: | ---: | --- |
        | UPDATE | detection off | 20,000 | 1.00 | 40,000; 10,000; 20,000 |
        | UPDATE | detection on, 5 % update_missing | 5,000 | 0.25 | 10,000; 2,500; 5,000 |
        """);
  }

  @Test
  void measuresFromTheFirstCommitThatWasSeen() {
    Drain drain = new Drain("insert", 1_000, Duration.ofSeconds(6));
    drain.note(200, 1_000_000);
    drain.note(600, 1_500_000);
    drain.note(1_000, 3_000_000);

    assertThat(drain.rowsPerSecond()).isEqualTo(400);
  }
}
