package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random histories of two writers that do not wait for each other, with clocks hours apart, while the directions are held
 * up, their tasks restarted and the worker killed at random. At rest the sides are equal, no correction is awaited, and each
 * version that did not survive was known to who changed it, or is on record as a conflict. The seed is printed; {@code
 * -Dpgduplex.it.seed} repeats a run, {@code -Dpgduplex.it.histories} and {@code -Dpgduplex.it.rounds} make it longer.
 */
@Tag(TestLink.BOTH_WRITE_PATHS)
class ConvergenceIT {

  private static final long SEED = Long.getLong("pgduplex.it.seed", System.nanoTime());
  private static final int HISTORIES = Integer.getInteger("pgduplex.it.histories", 160);
  private static final int ROUNDS = Integer.getInteger("pgduplex.it.rounds", 10);

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @CsvSource({
    "newest, last_update_wins, last_update_wins, PT3H",
    "a_right, overwrite, ignore, PT-5H"
  })
  void theSidesAreEqualAtRestAndNothingIsLost(
      String name, String forward, String reverse, Duration skewOfB) throws SQLException {
    System.out.println("ConvergenceIT: -Dpgduplex.it.seed=" + SEED);
    try (TestLink link = TestLink.named("converge_" + name)) {
      link.onBoth(RivalWriter.TABLES)
          .twoWay("public\\..*")
          .with("forward-sink", "conflict.policy", forward)
          .with("reverse-sink", "conflict.policy", reverse)
          .start();
      Disturbance disturbance = new Disturbance(link, random);
      try (RivalWriter a = new RivalWriter(link.a(), "a", random, Duration.ZERO);
          RivalWriter b = new RivalWriter(link.b(), "b", random, skewOfB)) {
        for (int round = 0; round < ROUNDS; round++) {
          disturbance.disturb(round == ROUNDS - 1);
          for (int history = 0; history < HISTORIES; history++) {
            a.write(history);
            b.write(history);
            if (random.nextInt(HISTORIES) == 0) {
              a.truncate();
            }
          }
        }
      }
      awaitRest(link);
      assertThat(lost(link)).as("lost, seed " + SEED).isEmpty();
      assertThat(link.conflicts(link.a())).as("conflicts at A").hasSizeGreaterThan(HISTORIES);
      assertThat(link.conflicts(link.b())).as("conflicts at B").hasSizeGreaterThan(HISTORIES);
    }
  }

  /** Each mark follows all that was on its way; what answers it causes is behind the next one. */
  private static void awaitRest(TestLink link) {
    long written = -1;
    for (int mark = 0; written != controlRows(link); mark++) {
      written = controlRows(link);
      link.a().execute("INSERT INTO plain VALUES (-1, " + mark + ", 'mark')");
      link.b().execute("INSERT INTO plain VALUES (-2, " + mark + ", 'mark')");
      String there = "SELECT 1 FROM plain WHERE g = %d AND id = " + mark;
      link.await(
          "what was on its way to arrive",
          () -> !link.b().column(there.formatted(-1)).isEmpty()
              && !link.a().column(there.formatted(-2)).isEmpty());
    }
    link.awaitEqual("plain", "emptied", "uniques", "deferred");
    assertThat(link.a().column("SELECT * FROM pgduplex.disputed"))
        .as("disputed")
        .isEmpty();
  }

  /** How many there have ever been, on both sides. */
  private static long controlRows(TestLink link) {
    String count =
        "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('pgduplex.control', 'id')), 0)";
    return Long.parseLong(link.a().value(count)) + Long.parseLong(link.b().value(count));
  }

  private static Set<String> lost(TestLink link) {
    Set<String> lost = new TreeSet<>();
    List<String> kept = new ArrayList<>();
    for (Side side : List.of(link.a(), link.b())) {
      lost.addAll(side.column("SELECT v FROM noted.made"));
      kept.addAll(side.column("SELECT v FROM noted.known"));
      kept.addAll(side.column(
          "SELECT v FROM plain UNION ALL SELECT v FROM emptied UNION ALL SELECT v FROM uniques"
              + " UNION ALL SELECT v FROM deferred"));
      kept.addAll(side.column(
          "SELECT unnest(ARRAY[incoming ->> 'v', local ->> 'v']) FROM pgduplex.conflicts"));
    }
    kept.forEach(lost::remove);
    return lost;
  }
}
