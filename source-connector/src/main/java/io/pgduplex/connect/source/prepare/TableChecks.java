package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SourceOptions;
import java.util.ArrayList;
import java.util.List;

/** What a table must be like before it is published. */
final class TableChecks {

  private TableChecks() {}

  static List<Problem> problems(Settings settings, List<Table> tables) {
    String option = settings.submitted().get(SourceOptions.TABLE_INCLUDE_LIST) == null
        ? SourceOptions.SCHEMA_INCLUDE_LIST
        : SourceOptions.TABLE_INCLUDE_LIST;
    if (tables.isEmpty() && settings.direction() == Direction.FORWARD) {
      return List.of(
          new Problem(
              option,
              "no table matches; expressions are matched whole against schema.table, for example public\\.orders"));
    }
    List<Problem> problems = new ArrayList<>();
    for (Table table : tables) {
      messages(table).forEach(message -> problems.add(new Problem(option, message)));
    }
    return problems;
  }

  private static List<String> messages(Table table) {
    List<String> messages = new ArrayList<>();
    String name = table.dotted();
    if (table.unlogged()) {
      messages.add(name + " is unlogged, so its changes are not in WAL; run ALTER TABLE "
          + table.quoted() + " SET LOGGED or leave it out");
    }
    if (!table.partitioned() && !table.hasIdentity()) {
      messages.add(name + " has no replica identity" + why(table)
          + ", so PostgreSQL would refuse the application's own UPDATE and DELETE once it is published; give it a primary"
          + " key (with REPLICA IDENTITY DEFAULT) or run ALTER TABLE " + table.quoted()
          + " REPLICA IDENTITY FULL");
    }
    if (table.replicaIdentity() == 'f' && !table.generatedVirtual().isEmpty()) {
      messages.add(name + " has REPLICA IDENTITY FULL and the virtual generated columns "
          + table.generatedVirtual()
          + ": PostgreSQL refuses the application's own UPDATE and DELETE of a published table like that; give it a"
          + " primary key and run ALTER TABLE " + table.quoted() + " REPLICA IDENTITY DEFAULT");
    }
    if (!table.generatedInIdentity().isEmpty()) {
      messages.add(name + " has the generated columns " + table.generatedInIdentity()
          + " in its replica identity, which older servers do not send and the other side computes by itself; choose"
          + " another index for it, or run ALTER TABLE " + table.quoted()
          + " REPLICA IDENTITY FULL");
    }
    for (String columns : table.sameButCase()) {
      messages.add(name + " has columns whose names differ only by case (" + columns
          + "), and Debezium cannot tell them apart; rename one or leave the table out");
    }
    return messages;
  }

  private static String why(Table table) {
    String reason =
        switch (table.replicaIdentity()) {
          case 'n' -> " (it is NOTHING)";
          case 'i' -> " (the index that it is USING is gone)";
          default -> " (it is DEFAULT, without a primary key)";
        };
    return reason
        + (table.partition()
            ? ", and that of the partitioned table above it does not reach it"
            : "");
  }
}
