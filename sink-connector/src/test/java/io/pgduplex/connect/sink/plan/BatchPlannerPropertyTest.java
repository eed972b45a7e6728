package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Batches, done in their order and each at once, leave the rows that the operations leave one by one. */
class BatchPlannerPropertyTest {

  private static final int HISTORIES = 6_000;
  private static final int KEYS = 4;

  private static final TargetTable FREE = Tables.table("free")
      .key("k", "int8")
      .column("a", "text")
      .column("b", "text")
      .build();
  private static final TargetTable ORDERED = Tables.table("ordered")
      .key("k", "int8")
      .column("a", "text")
      .column("b", "text")
      .otherUnique()
      .build();

  /** One change; {@code a} and {@code b} are null where an UPDATE leaves them. */
  private record Step(
      Kind kind,
      int key,
      int toKey,
      @Nullable String a,
      @Nullable String b) {}

  @Test
  void leavesTheSameRowsInAnyOrderThatItPlans() {
    check(FREE, false);
  }

  @Test
  void keepsTheSourcesOrderWhereOtherUniqueIndexesAre() {
    check(ORDERED, true);
  }

  private static void check(TargetTable table, boolean ordered) {
    long first = Long.getLong("seed", System.nanoTime());
    int histories = Long.getLong("seed") == null ? HISTORIES : 1;
    for (long seed = first; seed < first + histories; seed++) {
      Set<Integer> present = new HashSet<>();
      List<Step> steps = steps(new Random(seed), present);
      if (failure(table, present, steps, ordered).isPresent()) {
        List<Step> shortest = shortened(table, present, steps, ordered);
        throw new AssertionError("Failed with -Dseed=" + seed + ", rows there before: " + present
            + "\n" + shortest + "\n"
            + failure(table, present, shortest, ordered)
                .map(Throwable::getMessage)
                .orElse(""));
      }
    }
  }

  private static List<Step> steps(Random random, Set<Integer> present) {
    for (int key = 0; key < KEYS; key++) {
      if (random.nextBoolean()) {
        present.add(key);
      }
    }
    Set<Integer> now = new HashSet<>(present);
    List<Step> steps = new ArrayList<>();
    for (int i = 0, n = random.nextInt(16); i < n; i++) {
      int key = random.nextInt(KEYS);
      int to = random.nextInt(KEYS);
      String value = String.valueOf(i);
      if (!now.contains(key)) {
        steps.add(new Step(Kind.INSERT, key, key, value, value));
        now.add(key);
      } else if (random.nextInt(4) == 0) {
        steps.add(new Step(Kind.DELETE, key, key, null, null));
        now.remove(key);
      } else {
        int target = random.nextInt(3) == 0 && !now.contains(to) ? to : key;
        steps.add(new Step(
            Kind.UPDATE,
            key,
            target,
            random.nextBoolean() ? value : null,
            random.nextBoolean() ? value : null));
        now.remove(key);
        now.add(target);
      }
    }
    return steps;
  }

  private static List<Step> shortened(
      TargetTable table, Set<Integer> present, List<Step> failing, boolean ordered) {
    List<Step> shortest = failing;
    for (int i = 0; i < shortest.size(); i++) {
      List<Step> fewer = new ArrayList<>(shortest);
      fewer.remove(i);
      if (isValid(present, fewer) && failure(table, present, fewer, ordered).isPresent()) {
        shortest = fewer;
        i = -1;
      }
    }
    return shortest;
  }

  private static boolean isValid(Set<Integer> present, List<Step> steps) {
    Set<Integer> now = new HashSet<>(present);
    for (Step step : steps) {
      boolean there = now.remove(step.key());
      if (there == (step.kind() == Kind.INSERT)
          || (step.kind() != Kind.DELETE && !now.add(step.toKey()))) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Throwable> failure(
      TargetTable table, Set<Integer> present, List<Step> steps, boolean ordered) {
    try {
      List<Operation> operations =
          steps.stream().map(step -> operation(table, step)).toList();
      Map<Object, Map<String, Object>> expected = rows(present);
      operations.forEach(operation -> {
        checkBefore(expected, List.of(operation));
        execute(expected, operation);
      });
      BatchPlanner planner = new BatchPlanner();
      operations.forEach(planner::add);
      List<Batch> batches = planner.batches();
      Map<Object, Map<String, Object>> actual = rows(present);
      for (Batch batch : batches) {
        checkBefore(actual, batch.operations());
        batch.operations().forEach(operation -> execute(actual, operation));
      }
      assertThat(actual).isEqualTo(expected);
      if (ordered) {
        assertThat(
                batches.stream().flatMap(batch -> batch.operations().stream()).toList())
            .as("the source's order")
            .isEqualTo(operations);
      }
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of(e);
    }
  }

  private static Map<Object, Map<String, Object>> rows(Set<Integer> present) {
    Map<Object, Map<String, Object>> rows = new HashMap<>();
    present.forEach(
        key -> rows.put(String.valueOf(key), new HashMap<>(Map.of("a", "was", "b", "was"))));
    return rows;
  }

  private static Operation operation(TargetTable table, Step step) {
    Map<String, @Nullable Object> before = row("k", step.key(), "a", null, "b", null);
    Map<String, @Nullable Object> after =
        row("k", step.toKey(), "a", sent(step.a()), "b", sent(step.b()));
    return Operation.of(
        table,
        switch (step.kind()) {
          case INSERT, SNAPSHOT -> change(table, step.kind(), null, after);
          case DELETE -> change(table, step.kind(), before, null);
          // With the default identity an UPDATE carries the old key only where it changed.
          case UPDATE ->
            change(table, step.kind(), step.key() == step.toKey() ? null : before, after);
        });
  }

  private static Object sent(@Nullable String value) {
    return value == null ? Wire.UNAVAILABLE_VALUE : value;
  }

  /** A set sees the rows as they were before it, and does not hit one twice. */
  private static void checkBefore(
      Map<Object, Map<String, Object>> rows, List<Operation> operations) {
    Set<@Nullable Object> hit = new HashSet<>();
    for (Operation operation : operations) {
      boolean insert = operation.kind() == Kind.INSERT;
      Object key = insert ? operation.newKey().get(0) : operation.identity()[0];
      assertThat(rows.containsKey(key))
          .as("row %s there before %s", key, operation)
          .isNotEqualTo(insert);
      assertThat(hit.add(key)).as("row %s hit once", key).isTrue();
      if (operation.keyChange()) {
        assertThat(rows)
            .as("free for %s", operation)
            .doesNotContainKey(operation.newKey().get(0));
        assertThat(operations).as("alone").hasSize(1);
      }
    }
  }

  private static void execute(Map<Object, Map<String, Object>> rows, Operation operation) {
    Map<String, Object> row = operation.kind() == Kind.INSERT
        ? new HashMap<>()
        : new HashMap<>(rows.remove(operation.identity()[0]));
    if (operation.kind() == Kind.DELETE) {
      return;
    }
    operation.written().stream()
        .filter(i -> i > 0)
        .forEach(i -> row.put(
            operation.table().columns().get(i).name(), String.valueOf(operation.values()[i])));
    // What the operation does not write keeps its place.
    Object key = operation.written().get(0) ? operation.values()[0] : operation.identity()[0];
    rows.put(String.valueOf(key), row);
  }
}
