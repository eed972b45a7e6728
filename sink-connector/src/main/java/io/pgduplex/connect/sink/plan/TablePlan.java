package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One table's operations on their way into batches.
 *
 * <p>Where the key alone can make rows collide, operations on different keys may change places: each goes to the lowest
 * level above the last one of its key, a level is one batch for each shape, and two UPDATEs of one row become one. Where
 * other unique indexes exist, or keys may be equal that differ as text (citext, numeric), the source's order stays: only
 * neighbours of the same shape share a batch.
 */
final class TablePlan {

  private final boolean free;
  private final List<List<Slot>> levels = new ArrayList<>();
  private final Map<List<@Nullable Object>, Slot> lastOfKey = new HashMap<>();
  private int floor;
  private @Nullable Shape lastShape;

  TablePlan(boolean free) {
    this.free = free;
  }

  private static final class Slot {
    private Operation operation;
    private final int level;

    Slot(Operation operation, int level) {
      this.operation = operation;
      this.level = level;
    }
  }

  void add(Operation operation) {
    if (!free) {
      addInOrder(operation);
    } else if (operation.keyChange()
        || !operation.lookup().equals(operation.table().lookup())) {
      addAlone(operation);
    } else {
      addByKey(operation);
    }
  }

  private void addByKey(Operation operation) {
    List<@Nullable Object> key = rowKey(operation);
    Slot last = lastOfKey.get(key);
    if (last != null && last.operation.kind() == Kind.UPDATE && operation.kind() == Kind.UPDATE) {
      last.operation = last.operation.then(operation);
      return;
    }
    if (last != null && last.operation.kind() == Kind.UPDATE && operation.kind() == Kind.DELETE) {
      last.operation = last.operation.thenDelete(operation);
      return;
    }
    lastOfKey.put(key, put(operation, last == null ? floor : last.level + 1));
  }

  /**
   * A change of key touches two keys, and a row that is found by more than the key has no place among the others:
   * everything before it goes before, everything after it after.
   */
  private void addAlone(Operation operation) {
    put(operation, levels.size());
    floor = levels.size();
    lastOfKey.clear();
  }

  private void addInOrder(Operation operation) {
    Shape shape = Shape.of(operation);
    List<@Nullable Object> key = rowKey(operation);
    boolean sameRow = operation.table().hasKey() && lastOfKey.containsKey(key);
    if (!shape.equals(lastShape) || sameRow || operation.keyChange()) {
      floor = levels.size();
      lastOfKey.clear();
    }
    lastShape = shape;
    lastOfKey.put(key, put(operation, floor));
  }

  private static List<@Nullable Object> rowKey(Operation operation) {
    return operation.identity().length == 0 ? operation.key() : operation.identityKey();
  }

  private Slot put(Operation operation, int level) {
    while (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    Slot slot = new Slot(operation, level);
    levels.get(level).add(slot);
    return slot;
  }

  List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    for (List<Slot> level : levels) {
      Map<Shape, Batch> byShape = new LinkedHashMap<>();
      for (Slot slot : level) {
        byShape
            .computeIfAbsent(Shape.of(slot.operation), shape -> new Batch(shape, new ArrayList<>()))
            .operations()
            .add(slot.operation);
      }
      batches.addAll(byShape.values());
    }
    return batches;
  }
}
