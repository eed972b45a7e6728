package io.pgduplex.connect.sink.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever source, producer and sink do to each other: every source transaction arrives once, in order and never in
 * part.
 */
class TransactionAssemblerPropertyTest {

  private static final int HISTORIES = 10_000;

  @Test
  void appliesEveryTransactionOnceInOrderAndWhole() {
    long first = Long.getLong("seed", System.nanoTime());
    int histories = Long.getLong("seed") == null ? HISTORIES : 1;
    for (long seed = first; seed < first + histories; seed++) {
      History history = History.random(new Random(seed));
      if (failure(history).isPresent()) {
        History shortest = shortened(history);
        throw new AssertionError("Failed with -Dseed=" + seed + "\n" + shortest + "\n"
            + failure(shortest).map(Throwable::getMessage).orElse(""));
      }
    }
  }

  @Test
  void seesATargetThatLosesATransaction() {
    History history = History.random(new Random(1));
    assertThat(failure(new History(List.of(3, 1), false, List.of(), List.of(), history.sink(), 0)))
        .isEmpty();
    ModelTarget target = new ModelTarget(List.of(new ModelSource.Attempt(
        0, List.of(), List.of(List.of("INSERT >1", "INSERT >2"), List.of("INSERT >3")))));
    target.write(List.of("INSERT >1"));
    assertThat(failureOf(target::commitChecked))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("in part"));
  }

  private static Optional<Throwable> failure(History history) {
    return failureOf(() -> {
      ModelSource source = new ModelSource(history);
      ModelSink sink = new ModelSink(history, source.topic(), source.attempts());
      sink.run();
    });
  }

  private static Optional<Throwable> failureOf(Runnable run) {
    try {
      run.run();
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of(e);
    }
  }

  /** Takes away what can go while the history still fails. */
  private static History shortened(History failing) {
    History shortest = failing;
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (History candidate : candidates(shortest)) {
        if (failure(candidate).isPresent()) {
          shortest = candidate;
          shorter = true;
          break;
        }
      }
    }
    return shortest;
  }

  private static List<History> candidates(History h) {
    List<History> candidates = new ArrayList<>();
    for (int i = 0; i < h.sizes().size(); i++) {
      List<Integer> fewer = new ArrayList<>(h.sizes());
      fewer.remove(i);
      candidates.add(h.withSizes(fewer));
      if (h.sizes().get(i) > 0) {
        List<Integer> smaller = new ArrayList<>(h.sizes());
        smaller.set(i, smaller.get(i) - 1);
        candidates.add(h.withSizes(smaller));
      }
    }
    for (int i = 0; i < h.faults().size(); i++) {
      List<History.Fault> fewer = new ArrayList<>(h.faults());
      fewer.remove(i);
      candidates.add(h.withFaults(fewer));
    }
    for (int i = 0; i < h.sinkCrashes().size(); i++) {
      List<Integer> fewer = new ArrayList<>(h.sinkCrashes());
      fewer.remove(i);
      candidates.add(h.withSinkCrashes(fewer));
    }
    if (h.heartbeatEvery() > 0) {
      candidates.add(
          new History(h.sizes(), h.snapshot(), h.faults(), h.sinkCrashes(), h.sink(), 0));
    }
    if (h.snapshot()) {
      candidates.add(
          new History(h.sizes(), false, h.faults(), h.sinkCrashes(), h.sink(), h.heartbeatEvery()));
    }
    return candidates;
  }
}
