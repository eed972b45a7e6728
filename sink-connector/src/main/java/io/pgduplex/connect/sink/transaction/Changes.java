package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.Ddl;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes in their order, and their weight ({@link DataChange#weight}). */
final class Changes {

  private List<DataChange> changes = new ArrayList<>();
  private int weight;
  private boolean definitions;
  private boolean outside;

  void add(DataChange change) {
    changes.add(change);
    weight += change.weight();
    if (change instanceof Ddl ddl) {
      definitions |= ddl.phase().afterCopy();
      outside |= ddl.phase() == DdlPhase.CONCURRENTLY;
    }
  }

  void addAll(Changes others) {
    changes.addAll(others.changes);
    weight += others.weight;
    definitions |= others.definitions;
    outside |= others.outside;
  }

  /** Whether some of them change what there is, and not only rows. */
  boolean hasDefinitions() {
    return definitions;
  }

  /** Whether some of them are made outside of the transaction, before anything of it is written. */
  boolean hasOutside() {
    return outside;
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
    outside = false;
  }

  /** All of them; none are left. */
  List<DataChange> take() {
    List<DataChange> taken = changes;
    changes = new ArrayList<>();
    weight = 0;
    definitions = false;
    outside = false;
    return taken;
  }
}
