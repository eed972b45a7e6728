package io.pgduplex.connect.sink.resolve;

import static io.pgduplex.connect.sink.conflict.ConflictPolicy.IGNORE;
import static io.pgduplex.connect.sink.conflict.ConflictPolicy.LAST_UPDATE_WINS;
import static io.pgduplex.connect.sink.conflict.ConflictPolicy.OVERWRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.resolve.ModelHistory.Shape;
import io.pgduplex.connect.sink.resolve.ModelSide.Mutation;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The sink's decision code over two sides in memory: whatever two writers do, and however late each hears of the other, at
 * rest the sides are equal, nothing is awaited, and what did not survive is on record or was known to who changed it.
 */
class ConvergencePropertyTest {

  private static final int HISTORIES = Integer.getInteger("pgduplex.histories", 100_000);
  private static final long SEED = Long.getLong("pgduplex.seed", 1);
  private static final int FEW_HISTORIES = 3_000;

  private static final List<List<ConflictPolicy>> POLICIES = List.of(
      List.of(LAST_UPDATE_WINS, LAST_UPDATE_WINS),
      List.of(OVERWRITE, IGNORE),
      List.of(IGNORE, OVERWRITE),
      List.of(IGNORE, IGNORE),
      List.of(OVERWRITE, OVERWRITE));

  private static Shape shape(long seed) {
    Random random = new Random(~seed);
    // Mostly the two pairs that are recommended.
    List<ConflictPolicy> policies =
        POLICIES.get(random.nextInt(3) == 0 ? random.nextInt(5) : random.nextInt(2));
    return new Shape(
        policies.get(0),
        policies.get(1),
        random.nextBoolean() ? 12 : 40,
        random.nextBoolean() ? 0 : random.nextInt(200) - 100,
        random.nextBoolean());
  }

  @Test
  void theSidesAreEqualAtRestAndNothingIsLost() throws SQLException {
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      String problem = problem(seed, Mutation.NONE);
      assertThat(problem).isEmpty();
    }
  }

  /**
   * A pair of changes that are both later than what both sides know is decided alike on both, before anything is settled:
   * two UPDATEs of a row, two INSERTs of a key, two rows with one unique value.
   */
  @Test
  void bothSidesDecideAlike() throws SQLException {
    assertThat(pairsDecidedDifferently(Mutation.NOBODY_SETTLES)).isZero();
  }

  @Test
  void theTieBreakIsNeededForThat() throws SQLException {
    assertThat(pairsDecidedDifferently(Mutation.TIE_BREAK)).isPositive();
  }

  private static int pairsDecidedDifferently(Mutation mutation) throws SQLException {
    int different = 0;
    for (long seed = SEED; seed < SEED + FEW_HISTORIES; seed++) {
      different += ModelHistory.pair(seed, mutation).equal() ? 0 : 1;
    }
    return different;
  }

  /** Also where A has forgotten the row that it deleted, and B's older UPDATE brings it back. */
  @Test
  void theLaterOfAnUpdateAndADeleteStays() throws SQLException {
    assertThat(updatesAndDeletesEndedWrong(Mutation.NONE)).isZero();
  }

  @Test
  void whatBHasDecidedIsNeededForThat() throws SQLException {
    assertThat(updatesAndDeletesEndedWrong(Mutation.DELETIONS_UNTOLD)).isPositive();
  }

  private static int updatesAndDeletesEndedWrong(Mutation mutation) throws SQLException {
    int wrong = 0;
    for (long seed = SEED; seed < SEED + FEW_HISTORIES; seed++) {
      wrong += ModelHistory.endsWithLaterOfUpdateAndDelete(seed, mutation) ? 0 : 1;
    }
    return wrong;
  }

  /** And does not go on for ever. */
  @Test
  void stopsWhereTheSidesCannotBeEqual() {
    assertThatThrownBy(ModelHistory::unlikeSides)
        .isInstanceOf(ConnectException.class)
        .hasMessageStartingWith("A row of public.t with (id) = [")
        .hasMessageContaining("another unique constraint");
  }

  /** Each rule is needed: without it some history ends wrong. */
  @ParameterizedTest
  @EnumSource(
      value = Mutation.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "TIE_BREAK", "DELETIONS_UNTOLD"})
  void isNotKeptWithout(Mutation mutation) throws SQLException {
    int wrong = 0;
    for (long seed = SEED; seed < SEED + FEW_HISTORIES; seed++) {
      wrong += problem(seed, mutation).isEmpty() ? 0 : 1;
    }
    assertThat(wrong).isPositive();
  }

  private static boolean comesToRest(ModelHistory history) throws SQLException {
    try {
      return history.run();
    } catch (ConnectException e) {
      return false;
    }
  }

  /** What is wrong at the end of a history; empty if nothing is. */
  private static String problem(long seed, Mutation mutation) throws SQLException {
    Shape shape = shape(seed);
    ModelHistory history = new ModelHistory(seed, shape, mutation);
    String what = "";
    if (!comesToRest(history)) {
      what = "does not come to rest";
    } else if (!history.equal()) {
      what = "ends as " + history.a.rows.contents() + " and " + history.b.rows.contents();
    } else if (history.a.disputes() + history.b.disputes() > 0) {
      what = "awaits acknowledgements";
    } else if (!shape.fewValues() && !history.back().isEmpty()) {
      what = "brings back " + history.back();
    } else if (!shape.fewValues() && !history.lost().isEmpty()) {
      what = "lost " + history.lost() + ", conflicts " + history.a.conflicts + " and "
          + history.b.conflicts;
    }
    return what.isEmpty()
        ? ""
        : "History " + seed + " of " + shape + " " + what + ": " + history.trace;
  }
}
