package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.sink.table.TargetTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers operations and gives them back as batches that, done in the order given, leave the rows as the operations
 * would one by one. Tables do not wait for each other: foreign keys are not checked in a replica session and nobody sees
 * the target before its commit.
 */
public final class BatchPlanner {

  private final Map<TargetTable, TablePlan> plans = new LinkedHashMap<>();

  /** Takes the next operation in the source's order. */
  public void add(Operation operation) {
    plans
        .computeIfAbsent(operation.table(), table -> new TablePlan(table.keyIsOnlyUnique()))
        .add(operation);
  }

  /** The batches of all that was added. */
  public List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    plans.values().forEach(plan -> batches.addAll(plan.batches()));
    return batches;
  }
}
