package io.pgduplex.connect.sink.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** A target that commits and rolls back, and looks at every commit for what must never be seen. */
final class ModelTarget {

  private static final String BEGINS = "SNAPSHOT BEGINS ";

  private final List<ModelSource.Attempt> attempts;
  private List<String> committed = List.of();
  private long attempt;
  private List<String> working = new ArrayList<>();
  private long workingAttempt;
  private int writtenSinceCommit;

  ModelTarget(List<ModelSource.Attempt> attempts) {
    this.attempts = attempts;
  }

  void write(List<String> changes) {
    for (String change : changes) {
      if (change.startsWith(BEGINS)) {
        workingAttempt = Long.parseLong(change.substring(BEGINS.length()));
        // Rows that are not committed yet carry no origin, so they are not found.
        working =
            new ArrayList<>(working.subList(working.size() - writtenSinceCommit, working.size()));
      } else {
        working.add(change);
        writtenSinceCommit++;
      }
    }
  }

  void rollback() {
    working = new ArrayList<>(committed);
    workingAttempt = attempt;
    writtenSinceCommit = 0;
  }

  void commitChecked() {
    committed = List.copyOf(working);
    attempt = workingAttempt;
    writtenSinceCommit = 0;
    ModelSource.Attempt expected = expected();
    List<String> whole = new ArrayList<>();
    if (committed.size() <= expected.rows().size()) {
      assertThat(committed)
          .as("rows of a snapshot")
          .isEqualTo(expected.rows().subList(0, committed.size()));
      return;
    }
    whole.addAll(expected.rows());
    for (List<String> transaction : expected.transactions()) {
      if (whole.size() >= committed.size()) {
        break;
      }
      whole.addAll(transaction);
    }
    assertThat(committed)
        .as("each transaction once, in order, and none in part")
        .isEqualTo(whole);
  }

  void checkComplete() {
    ModelSource.Attempt last = attempts.get(attempts.size() - 1);
    List<String> all = new ArrayList<>(last.rows());
    last.transactions().forEach(all::addAll);
    if (last.rows().isEmpty() && last.transactions().isEmpty()) {
      // Nothing came of the last attempt, so nothing tells the target that it was.
      return;
    }
    assertThat(committed).as("all that the source sent").isEqualTo(all);
    assertThat(working).as("nothing is left open").isEqualTo(committed);
  }

  private ModelSource.Attempt expected() {
    return attempts.stream()
        .filter(candidate -> candidate.epoch() == attempt)
        .findFirst()
        .orElse(new ModelSource.Attempt(0, List.of(), List.of()));
  }
}
