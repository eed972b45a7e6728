package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchPlannerTest {

  private static final TargetTable TABLE =
      Tables.table("t").key("k", "int8").column("v", "text").build();

  private final BatchPlanner planner = new BatchPlanner();

  private void insert(TargetTable table, Object key, Object value) {
    add(table, Kind.INSERT, null, row("k", key, "v", value));
  }

  private void update(TargetTable table, Object key, Object value) {
    add(table, Kind.UPDATE, row("k", key, "v", "old"), row("k", key, "v", value));
  }

  private void delete(TargetTable table, Object key) {
    add(table, Kind.DELETE, row("k", key, "v", "old"), null);
  }

  private void changeKey(TargetTable table, Object key, Object to, Object value) {
    add(table, Kind.UPDATE, row("k", key, "v", "old"), row("k", to, "v", value));
  }

  private void add(TargetTable table, Kind kind, @Nullable Object before, @Nullable Object after) {
    planner.add(Operation.of(table, change(table, kind, before, after)));
  }

  /** Each batch as its kind and, for each operation, identity and values. */
  private List<String> batches() {
    return planner.batches().stream()
        .map(batch -> batch.shape().table().name().name() + " " + batch.shape().kind()
            + batch.operations().stream()
                .map(operation -> " " + Arrays.toString(operation.identity())
                    + Arrays.toString(operation.values()))
                .collect(Collectors.joining()))
        .toList();
  }

  @Test
  void gathersOneKindIntoOneBatch() {
    insert(TABLE, 1, "a");
    insert(TABLE, 2, "b");
    update(TABLE, 8, "c");
    insert(TABLE, 3, "d");
    update(TABLE, 9, "e");
    assertThat(batches())
        .containsExactly("t INSERT [][1, a] [][2, b] [][3, d]", "t UPDATE [8][8, c] [9][9, e]");
  }

  @Test
  void foldsAHotRowsUpdatesIntoOne() {
    for (int i = 1; i <= 1000; i++) {
      update(TABLE, 1, "v" + i);
    }
    assertThat(batches()).containsExactly("t UPDATE [1][1, v1000]");
  }

  @Test
  void keepsWhatALaterFoldedUpdateDidNotTouch() {
    TargetTable table = Tables.table("t")
        .key("k", "int8")
        .column("a", "text")
        .column("b", "text")
        .build();
    add(table, Kind.UPDATE, null, row("k", 1, "a", "a1", "b", Wire.UNAVAILABLE_VALUE));
    add(table, Kind.UPDATE, null, row("k", 1, "a", Wire.UNAVAILABLE_VALUE, "b", "b2"));
    add(table, Kind.UPDATE, null, row("k", 1, "a", Wire.UNAVAILABLE_VALUE, "b", null));
    assertThat(batches()).containsExactly("t UPDATE [1][1, a1, null]");
  }

  @Test
  void dropsAnUpdateThatItsRowsDeleteFollows() {
    update(TABLE, 1, "x");
    delete(TABLE, 1);
    assertThat(batches()).containsExactly("t DELETE [1][]");
  }

  @Test
  void deletesBeforeItInsertsAgain() {
    delete(TABLE, 1);
    insert(TABLE, 2, "b");
    insert(TABLE, 1, "a");
    delete(TABLE, 3);
    assertThat(batches())
        .containsExactly("t DELETE [1][] [3][]", "t INSERT [][2, b]", "t INSERT [][1, a]");
  }

  @Test
  void keepsInsertUpdateAndDeleteOfOneRowInOrder() {
    insert(TABLE, 1, "a");
    update(TABLE, 1, "b");
    update(TABLE, 1, "c");
    delete(TABLE, 1);
    insert(TABLE, 1, "d");
    assertThat(batches())
        .containsExactly("t INSERT [][1, a]", "t DELETE [1][]", "t INSERT [][1, d]");
  }

  @Test
  void putsAChangeOfKeyBetweenWhatCameBeforeAndAfter() {
    update(TABLE, 2, "x");
    delete(TABLE, 9);
    changeKey(TABLE, 1, 9, "moved");
    insert(TABLE, 1, "new");
    update(TABLE, 2, "y");
    assertThat(batches())
        .containsExactly(
            "t UPDATE [2][2, x]",
            "t DELETE [9][]",
            "t UPDATE [1][9, moved]",
            "t INSERT [][1, new]",
            "t UPDATE [2][2, y]");
  }

  @Test
  void keepsTheOrderOfATableWithoutKey() {
    TargetTable table =
        Tables.table("h").column("k", "int8").column("v", "text").build();
    insert(table, 1, "a");
    insert(table, 1, "a");
    delete(table, 1);
    insert(table, 2, "b");
    assertThat(batches())
        .containsExactly("h INSERT [][1, a] [][1, a]", "h DELETE [1, old][]", "h INSERT [][2, b]");
  }

  @Test
  void keepsTheOrderWhereOtherUniqueIndexesAre() {
    TargetTable table =
        Tables.table("u").key("k", "int8").column("v", "text").otherUnique().build();
    delete(table, 1);
    insert(table, 2, "a");
    insert(table, 3, "b");
    delete(table, 4);
    update(table, 2, "c");
    update(table, 2, "d");
    assertThat(batches())
        .containsExactly(
            "u DELETE [1][]",
            "u INSERT [][2, a] [][3, b]",
            "u DELETE [4][]",
            "u UPDATE [2][2, c]",
            "u UPDATE [2][2, d]");
  }

  /** To citext, numeric or bpchar two keys may be one that differ as text. */
  @Test
  void keepsTheOrderWhereEqualKeysMayDifferAsText() {
    TargetTable table = Tables.table("c").key("k", "citext").column("v", "text").build();
    insert(table, "x", "1");
    delete(table, "A");
    insert(table, "a", "2");
    assertThat(batches())
        .containsExactly("c INSERT [][x, 1]", "c DELETE [A][]", "c INSERT [][a, 2]");
  }

  @Test
  void keepsTheOrderOfEachOfSeveralTables() {
    TargetTable other = Tables.table("o").key("k", "int8").column("v", "text").build();
    insert(TABLE, 1, "a");
    insert(other, 1, "b");
    insert(TABLE, 2, "c");
    assertThat(batches()).containsExactly("t INSERT [][1, a] [][2, c]", "o INSERT [][1, b]");
  }
}
