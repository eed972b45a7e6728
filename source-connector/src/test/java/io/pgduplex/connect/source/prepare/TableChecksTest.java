package io.pgduplex.connect.source.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.source.options.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableChecksTest {

  private static final List<String> NONE = List.of();
  private static final Table GOOD = table("orders", 'd', true);

  @Test
  void findsNothingWrongWithAPrimaryKey() {
    assertThat(problems("forward", GOOD)).isEmpty();
  }

  @Test
  void wantsAReplicaIdentity() {
    assertThat(problems("forward", table("Log", 'd', false))).singleElement().satisfies(problem -> {
      assertThat(problem.option()).isEqualTo("table.include.list");
      assertThat(problem.message())
          .contains(
              "public.Log has no replica identity (it is DEFAULT, without a primary key), so PostgreSQL would"
                  + " refuse the application's own UPDATE and DELETE once it is published")
          .contains("ALTER TABLE \"public\".\"Log\" REPLICA IDENTITY FULL");
    });
  }

  @Test
  void needsNoneForAPartitionedTable() {
    Table table =
        new Table("public", "p", true, false, false, false, 'd', false, NONE, NONE, NONE, NONE);
    assertThat(problems("forward", table)).isEmpty();
  }

  @Test
  void refusesFullWithVirtualGeneratedColumns() {
    Table table = new Table(
        "public", "g", false, false, false, false, 'f', true, NONE, List.of("v"), NONE, NONE);
    assertThat(message(table))
        .contains("REPLICA IDENTITY FULL and the virtual generated columns [v]");
  }

  @Test
  void takesStoredGeneratedColumns() {
    Table table = new Table(
        "public", "g", false, false, false, false, 'f', true, List.of("s"), NONE, NONE, NONE);
    assertThat(problems("forward", table)).isEmpty();
  }

  @Test
  void refusesGeneratedColumnsInTheIdentity() {
    Table table = new Table(
        "public",
        "g",
        false,
        false,
        false,
        false,
        'd',
        true,
        List.of("s"),
        NONE,
        NONE,
        List.of("s"));
    assertThat(message(table))
        .contains("public.g has the generated columns [s] in its replica identity")
        .contains("ALTER TABLE \"public\".\"g\" REPLICA IDENTITY FULL");
  }

  @Test
  void takesAnIdentityByIndexUnlessTheIndexIsGone() {
    assertThat(problems("forward", table("i", 'i', true))).isEmpty();
    assertThat(message(table("i", 'i', false)))
        .contains("public.i has no replica identity (the index that it is USING is gone)");
  }

  /** An application that only inserts would not notice; one that updates would be stopped by the link. */
  @Test
  void refusesTheIdentityNothing() {
    assertThat(message(table("i", 'n', false)))
        .contains("public.i has no replica identity (it is NOTHING), so PostgreSQL would refuse");
  }

  @Test
  void saysThatAPartitionHasAnIdentityOfItsOwn() {
    Table partition =
        new Table("public", "p_1", false, true, false, false, 'd', false, NONE, NONE, NONE, NONE);
    assertThat(message(partition))
        .contains(
            "public.p_1 has no replica identity (it is DEFAULT, without a primary key), and that of the"
                + " partitioned table above it does not reach it");
  }

  @Test
  void refusesUnloggedTablesAndNamesThatDifferByCase() {
    Table table = new Table(
        "public", "u", false, false, false, true, 'd', true, NONE, NONE, List.of("a and A"), NONE);
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

  private static Table table(String name, char identity, boolean hasIdentity) {
    return new Table(
        "public", name, false, false, false, false, identity, hasIdentity, NONE, NONE, NONE, NONE);
  }

  /** The only problem of a table. */
  private static String message(Table table) {
    List<Problem> problems = problems("forward", table);
    assertThat(problems).hasSize(1);
    return problems.get(0).message();
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
