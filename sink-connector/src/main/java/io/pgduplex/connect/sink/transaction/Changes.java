package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes in their order, and their weight ({@link DataChange#weight}). */
final class Changes {

  private List<DataChange> changes = new ArrayList<>();
  private int weight;

  void add(DataChange change) {
    changes.add(change);
    weight += change.weight();
  }

  void addAll(Changes others) {
    changes.addAll(others.changes);
    weight += others.weight;
  }

  Optional<DataChange> last() {
    return changes.isEmpty() ? Optional.empty() : Optional.of(changes.get(changes.size() - 1));
  }

  void replaceLast(DataChange change) {
    removeLast();
    add(change);
  }

  DataChange removeLast() {
    DataChange last = changes.remove(changes.size() - 1);
    weight -= last.weight();
    return last;
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  int weight() {
    return weight;
  }

  void clear() {
    changes.clear();
    weight = 0;
  }

  /** All of them; none are left. */
  List<DataChange> take() {
    List<DataChange> taken = changes;
    changes = new ArrayList<>();
    weight = 0;
    return taken;
  }
}
