package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes in their order, and their weight ({@link DataChange#weight}). */
final class Changes {

  private List<DataChange> changes = new ArrayList<>();
  private int weight;
  private boolean definitions;

  void add(DataChange change) {
    changes.add(change);
    weight += change.weight();
    definitions |= change instanceof Ddl ddl && ddl.phase().afterCopy();
  }

  void addAll(Changes others) {
    changes.addAll(others.changes);
    weight += others.weight;
    definitions |= others.definitions;
  }

  /** Whether some of them change what there is, and not only rows. */
  boolean hasDefinitions() {
    return definitions;
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
    definitions = false;
  }

  /** All of them; none are left. */
  List<DataChange> take() {
    List<DataChange> taken = changes;
    changes = new ArrayList<>();
    weight = 0;
    definitions = false;
    return taken;
  }
}
