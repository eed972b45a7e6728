package io.pgduplex.connect.source.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableChecksTest {

  private static final Table GOOD = new Table(
      "public", "orders", false, false, false, false, 'd', true, List.of(), List.of(), List.of());

  @Test
  void findsNothingWrongWithAPrimaryKey() {
    assertThat(problems("forward", GOOD)).isEmpty();
  }

  @Test
  void wantsAReplicaIdentity() {
    Table table = new Table(
        "public", "Log", false, false, false, false, 'd', false, List.of(), List.of(), List.of());
    assertThat(problems("forward", table)).singleElement().satisfies(problem -> {
      assertThat(problem.option()).isEqualTo("table.include.list");
      assertThat(problem.message())
          .contains("public.Log has no replica identity")
          .contains("ALTER TABLE \"public\".\"Log\" REPLICA IDENTITY FULL");
    });
  }

  @Test
  void needsNoneForAPartitionedTable() {
    Table table = new Table(
        "public", "p", true, false, false, false, 'd', false, List.of(), List.of(), List.of());
    assertThat(problems("forward", table)).isEmpty();
  }

  @Test
  void refusesFullWithVirtualGeneratedColumns() {
    Table table = new Table(
        "public", "g", false, false, false, false, 'f', true, List.of(), List.of("v"), List.of());
    assertThat(problems("forward", table))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message())
            .contains("REPLICA IDENTITY FULL and the virtual generated columns [v]"));
  }

  @Test
  void takesStoredGeneratedColumns() {
    Table table = new Table(
        "public", "g", false, false, false, false, 'f', true, List.of("s"), List.of(), List.of());
    assertThat(problems("forward", table)).isEmpty();
  }

  @Test
  void takesAnIdentityByIndexUnlessTheIndexIsGone() {
    assertThat(problems("forward", withIdentity('i', true, false))).isEmpty();
    assertThat(problems("forward", withIdentity('i', false, false)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message())
            .contains("public.i has no replica identity (the index that it is USING is gone)"));
  }

  /** An application that only inserts would not notice; one that updates would be stopped by the link. */
  @Test
  void refusesTheIdentityNothing() {
    assertThat(problems("forward", withIdentity('n', false, false)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message())
            .contains(
                "public.i has no replica identity (it is NOTHING), so PostgreSQL would refuse the"
                    + " application's own UPDATE and DELETE once it is published"));
  }

  @Test
  void saysThatAPartitionHasAnIdentityOfItsOwn() {
    assertThat(problems("forward", withIdentity('d', false, true)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message())
            .contains(
                "public.i has no replica identity (it is DEFAULT, without a primary key), and that of the"
                    + " partitioned table above it does not reach it"));
  }

  private static Table withIdentity(char identity, boolean has, boolean partition) {
    return new Table(
        "public", "i", false, partition, false, false, identity, has, List.of(), List.of(),
        List.of());
  }

  @Test
  void refusesUnloggedTablesAndNamesThatDifferByCase() {
    Table table = new Table(
        "public",
        "u",
        false,
        false,
        false,
        true,
        'd',
        true,
        List.of(),
        List.of(),
        List.of("a and A"));
    assertThat(problems("forward", table))
        .extracting(Problem::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("is unlogged").contains("SET LOGGED"),
            message -> assertThat(message).contains("differ only by case (a and A)"));
  }

  @Test
  void wantsATableForwardButNotReverse() {
    assertThat(problems("forward"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("no table matches"));
    assertThat(problems("reverse")).isEmpty();
  }

  private static List<Problem> problems(String direction, Table... tables) {
    Settings settings = Settings.of(Map.of(
        "link.name", "orders",
        "link.direction", direction,
        "database.hostname", "h",
        "database.user", "u",
        "database.dbname", "d",
        "table.include.list", "public\\..*"));
    return TableChecks.problems(settings, List.of(tables));
  }
}
