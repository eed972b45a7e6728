package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Batches, done in their order and each at once, leave the rows that the operations leave one by one, whatever the source
 * knew its rows by; that may change from one change to the next.
 */
class BatchPlannerPropertyTest {

  private static final int HISTORIES = 6_000;
  private static final int KEYS = 4;
  private static final List<String> COLUMNS = List.of("k", "u", "a", "b");

  private static final TargetTable FREE = table("free").build();
  private static final TargetTable ORDERED = table("ordered").unique("u").build();

  private static final List<ReplicaIdentity> FREE_IDENTITIES = List.of(
      ReplicaIdentity.of(List.of("k")),
      ReplicaIdentity.FULL,
      ReplicaIdentity.of(List.of("k", "a")));
  private static final List<ReplicaIdentity> ORDERED_IDENTITIES = List.of(
      ReplicaIdentity.of(List.of("k")),
      ReplicaIdentity.of(List.of("u")),
      ReplicaIdentity.FULL,
      ReplicaIdentity.of(List.of("u", "b")));

  private static Tables table(String name) {
    return Tables.table(name)
        .key("k", "int8")
        .column("u", "int8")
        .column("a", "text")
        .column("b", "text");
  }

  /** One change: of the row {@code from}, null for an INSERT, to {@code to}, null for a DELETE. */
  private record Step(
      ReplicaIdentity identity,
      @Nullable Map<String, String> from,
      @Nullable Map<String, String> to) {}

  @Test
  void leavesTheSameRowsInAnyOrderThatItPlans() {
    check(FREE, FREE_IDENTITIES, false);
  }

  @Test
  void keepsTheSourcesOrderWhereOtherUniqueIndexesAre() {
    check(ORDERED, ORDERED_IDENTITIES, true);
  }

  private static void check(TargetTable table, List<ReplicaIdentity> identities, boolean ordered) {
    long first = Long.getLong("seed", System.nanoTime());
    int histories = Long.getLong("seed") == null ? HISTORIES : 1;
    for (long seed = first; seed < first + histories; seed++) {
      List<Map<String, String>> present = new ArrayList<>();
      List<Step> steps = steps(new Random(seed), present, identities);
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

  private static List<Step> steps(
      Random random, List<Map<String, String>> present, List<ReplicaIdentity> identities) {
    for (int key = 0; key < KEYS; key++) {
      if (random.nextBoolean()) {
        present.add(row(key, key, "was", "was"));
      }
    }
    List<Map<String, String>> now = new ArrayList<>(present);
    List<Step> steps = new ArrayList<>();
    for (int i = 0, n = random.nextInt(16); i < n; i++) {
      ReplicaIdentity identity = identities.get(random.nextInt(identities.size()));
      String value = String.valueOf(i);
      Map<String, String> from =
          now.isEmpty() || random.nextInt(3) == 0 ? null : now.get(random.nextInt(now.size()));
      Map<String, String> to = from == null
          ? row(random.nextInt(KEYS), random.nextInt(KEYS), value, value)
          : random.nextInt(4) == 0 ? null : changed(from, random, value);
      now.remove(from);
      if (to != null && now.stream().anyMatch(row -> collide(row, to))) {
        now.add(from == null ? to : from);
        if (from == null) {
          now.remove(to);
        }
        continue;
      }
      if (to != null) {
        now.add(to);
      }
      steps.add(new Step(identity, from, to));
    }
    return steps;
  }

  private static Map<String, String> row(int key, int unique, String a, String b) {
    return new TreeMap<>(
        Map.of("k", String.valueOf(key), "u", String.valueOf(unique), "a", a, "b", b));
  }

  private static Map<String, String> changed(
      Map<String, String> from, Random random, String value) {
    Map<String, String> to = new TreeMap<>(from);
    for (String column : COLUMNS) {
      boolean key = column.equals("k") || column.equals("u");
      if (random.nextInt(key ? 4 : 2) == 0) {
        to.put(column, key ? String.valueOf(random.nextInt(KEYS)) : value);
      }
    }
    return to;
  }

  private static boolean collide(Map<String, String> one, Map<String, String> other) {
    return same(one, other, "k") || same(one, other, "u");
  }

  private static boolean same(Map<String, String> one, Map<String, String> other, String column) {
    return String.valueOf(one.get(column)).equals(other.get(column));
  }

  private static List<Step> shortened(
      TargetTable table, List<Map<String, String>> present, List<Step> failing, boolean ordered) {
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

  private static boolean isValid(List<Map<String, String>> present, List<Step> steps) {
    List<Map<String, String>> now = new ArrayList<>(present);
    for (Step step : steps) {
      Map<String, String> to = step.to();
      if ((step.from() != null && !now.remove(step.from()))
          || (to != null && now.stream().anyMatch(row -> collide(row, to)))) {
        return false;
      }
      if (to != null) {
        now.add(to);
      }
    }
    return true;
  }

  private static Optional<Throwable> failure(
      TargetTable table, List<Map<String, String>> present, List<Step> steps, boolean ordered) {
    try {
      List<Operation> operations =
          steps.stream().map(step -> operation(table, step)).toList();
      List<Map<String, String>> expected = copy(present);
      operations.forEach(operation -> execute(expected, List.of(operation)));
      BatchPlanner planner = new BatchPlanner();
      operations.forEach(planner::add);
      List<Batch> batches = planner.batches();
      List<Map<String, String>> actual = copy(present);
      batches.forEach(batch -> execute(actual, batch.operations()));
      assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
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

  private static List<Map<String, String>> copy(List<Map<String, String>> rows) {
    List<Map<String, String>> copy = new ArrayList<>();
    rows.forEach(row -> copy.add(new TreeMap<>(row)));
    return copy;
  }

  private static Operation operation(TargetTable table, Step step) {
    Map<String, String> from = step.from();
    Map<String, String> to = step.to();
    if (from == null) {
      return Operation.of(table, change(table, step.identity(), Kind.INSERT, null, to));
    }
    Map<String, @Nullable Object> before = new TreeMap<>(from);
    if (!step.identity().full()) {
      before.replaceAll(
          (column, value) -> step.identity().columns().contains(column) ? value : null);
    }
    if (to == null) {
      return Operation.of(table, change(table, step.identity(), Kind.DELETE, before, null));
    }
    Map<String, @Nullable Object> after = new TreeMap<>(to);
    if (!step.identity().full()) {
      after.replaceAll((column, value) ->
          isLong(column) && same(from, to, column) && !step.identity().columns().contains(column)
              ? Wire.UNAVAILABLE_VALUE
              : value);
    }
    // PostgreSQL sends the row before only where it is complete or the identity has changed.
    boolean sent = step.identity().full()
        || step.identity().columns().stream().anyMatch(column -> !same(from, to, column));
    return Operation.of(
        table, change(table, step.identity(), Kind.UPDATE, sent ? before : null, after));
  }

  /** Whether values are kept out of line, and not in the WAL unless they change. */
  private static boolean isLong(String column) {
    return column.equals("a") || column.equals("b");
  }

  /** As one set: it sees the rows as they were before it, finds one for each operation, and hits none twice. */
  private static void execute(List<Map<String, String>> rows, List<Operation> operations) {
    List<@Nullable Map<String, String>> found = new ArrayList<>();
    Set<Integer> hit = new HashSet<>();
    for (Operation operation : operations) {
      if (operation.kind() == Kind.INSERT) {
        found.add(null);
        continue;
      }
      List<Map<String, String>> matching =
          rows.stream().filter(row -> matches(operation, row)).toList();
      assertThat(matching).as("rows that %s finds", operation).hasSize(1);
      found.add(matching.get(0));
      assertThat(hit.add(System.identityHashCode(matching.get(0))))
          .as("%s hits a row of its own", operation)
          .isTrue();
      assertThat(operation.keyChange() && operations.size() > 1)
          .as("%s is alone", operation)
          .isFalse();
    }
    for (int i = 0; i < operations.size(); i++) {
      write(rows, operations.get(i), found.get(i));
    }
  }

  private static boolean matches(Operation operation, Map<String, String> row) {
    for (int i = 0; i < operation.identity().length; i++) {
      String column = COLUMNS.get(operation.lookup().columns().get(i));
      if (!String.valueOf(operation.identity()[i]).equals(row.get(column))) {
        return false;
      }
    }
    return true;
  }

  private static void write(
      List<Map<String, String>> rows, Operation operation, @Nullable Map<String, String> found) {
    Map<String, String> row = found == null ? new TreeMap<>() : found;
    rows.remove(found);
    if (operation.kind() != Kind.DELETE) {
      operation.written().stream()
          .forEach(i -> row.put(COLUMNS.get(i), String.valueOf(operation.values()[i])));
      boolean ordered = operation.table().otherUnique();
      assertThat(rows)
          .as("rows in the way of %s", operation)
          .noneMatch(other -> same(other, row, "k") || (ordered && same(other, row, "u")));
      rows.add(row);
    }
  }
}
