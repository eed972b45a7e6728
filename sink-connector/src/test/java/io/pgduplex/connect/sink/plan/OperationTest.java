package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.list;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.Lookup;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.UniqueRule;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationTest {

  private static final TargetTable TABLE = Tables.table("t")
      .column("v", "text")
      .key("b", "bigint")
      .key("a", "bigint")
      .build();
  private static final TargetTable KEYLESS =
      Tables.table("h").column("a", "bigint").column("v", "text").build();
  private static final TargetTable TWO_KEYS = Tables.table("two")
      .key("k", "bigint")
      .column("u", "bigint")
      .column("v", "text")
      .unique("u")
      .build();
  private static final ReplicaIdentity BY_U = ReplicaIdentity.of(List.of("u"));
  private static final ReplicaIdentity BY_V = ReplicaIdentity.of(List.of("v"));

  private static Operation of(
      TargetTable table,
      Kind kind,
      @Nullable Map<String, @Nullable Object> before,
      @Nullable Map<String, @Nullable Object> after) {
    return Operation.of(table, change(table, kind, before, after));
  }

  private static BitSet bits(int... positions) {
    BitSet bits = new BitSet();
    for (int position : positions) {
      bits.set(position);
    }
    return bits;
  }

  @Test
  void insertsAllValues() {
    Operation operation = of(TABLE, Kind.INSERT, null, row("a", 1, "b", 2, "v", null));
    assertThat(operation.values()).containsExactly(null, "2", "1");
    assertThat(operation.identity()).isEmpty();
    assertThat(operation.key()).isEqualTo(list("2", "1"));
    assertThat(operation.written()).isEqualTo(bits(0, 1, 2));
  }

  @Test
  void writesOnlyColumnsThatTheSourceHas() {
    assertThat(of(TABLE, Kind.INSERT, null, row("a", 1, "b", 2)).written()).isEqualTo(bits(1, 2));
  }

  @Test
  void findsAnUpdatedRowByItsOldKey() {
    Operation operation =
        of(TABLE, Kind.UPDATE, row("a", 1, "b", 2, "v", null), row("a", 1, "b", 3, "v", "x"));
    assertThat(operation.identity()).containsExactly("2", "1");
    assertThat(operation.keyChange()).isTrue();
    assertThat(operation.written()).isEqualTo(bits(0, 1, 2));
    assertThat(operation.key()).isEqualTo(list("3", "1"));
  }

  @Test
  void findsAnUpdatedRowByItsNewKeyWhereTheKeyDidNotChange() {
    Operation operation = of(TABLE, Kind.UPDATE, null, row("a", 1, "b", 2, "v", "x"));
    assertThat(operation.identity()).containsExactly("2", "1");
    assertThat(operation.keyChange()).isFalse();
    assertThat(operation.written()).as("not the key").isEqualTo(bits(0));
  }

  @Test
  void seesNoChangeOfKeyInEqualImages() {
    Operation operation =
        of(TABLE, Kind.UPDATE, row("a", 1, "b", 2, "v", "old"), row("a", 1, "b", 2, "v", "x"));
    assertThat(operation.keyChange()).isFalse();
    assertThat(operation.written()).isEqualTo(bits(0));
  }

  /** The target's type may hold them equal (citext, numeric); the new text is still to be written. */
  @Test
  void writesAKeyThatDiffersOnlyInItsText() {
    TargetTable table = Tables.table("c").key("k", "citext").column("v", "text").build();
    Operation operation = of(table, Kind.UPDATE, row("k", "A", "v", null), row("k", "a", "v", "x"));
    assertThat(operation.keyChange()).isTrue();
    assertThat(operation.identity()).containsExactly("A");
    assertThat(operation.written()).isEqualTo(bits(0, 1));
  }

  @Test
  void takesAnUntouchedKeyFromTheRowBefore() {
    Operation operation = of(
        TABLE,
        Kind.UPDATE,
        row("a", 1, "b", 2, "v", null),
        row("a", 5, "b", Wire.UNAVAILABLE_VALUE, "v", "x"));
    assertThat(operation.identity()).containsExactly("2", "1");
    assertThat(operation.written()).isEqualTo(bits(0, 2));
  }

  @Test
  void doesNotWriteWhatTheUpdateDidNotTouch() {
    Operation operation =
        of(TABLE, Kind.UPDATE, null, row("a", 1, "b", 2, "v", Wire.UNAVAILABLE_VALUE));
    assertThat(operation.written()).isEqualTo(bits());
  }

  @Test
  void deletesByKey() {
    Operation operation = of(TABLE, Kind.DELETE, row("a", 1, "b", 2, "v", null), null);
    assertThat(operation.identity()).containsExactly("2", "1");
    assertThat(operation.values()).isEmpty();
    assertThat(operation.written()).isEqualTo(bits());
  }

  @Test
  void findsARowWithoutKeyByAllItsValues() {
    Operation operation = of(KEYLESS, Kind.UPDATE, row("a", 1, "v", null), row("a", 1, "v", "x"));
    assertThat(operation.identity()).containsExactly("1", null);
    assertThat(operation.keyChange()).isFalse();
    assertThat(operation.written()).isEqualTo(bits(0, 1));
  }

  /** PostgreSQL's REPLICA IDENTITY USING INDEX: without a row before, its columns have not changed, but the key may have. */
  @Test
  void findsTheRowByTheSourcesColumnsWhereTheyAreUniqueHereToo() {
    Operation update = Operation.of(
        TWO_KEYS, change(TWO_KEYS, BY_U, Kind.UPDATE, null, row("k", 9, "u", 1, "v", "x")));
    assertThat(update.lookup()).isEqualTo(new Lookup(List.of(1), true));
    assertThat(update.identity()).containsExactly("1");
    assertThat(update.keyChange()).isFalse();
    assertThat(update.written()).as("all but u").isEqualTo(bits(0, 2));

    Operation changed = Operation.of(
        TWO_KEYS,
        change(
            TWO_KEYS,
            BY_U,
            Kind.UPDATE,
            row("k", null, "u", 1, "v", null),
            row("k", 9, "u", 2, "v", "x")));
    assertThat(changed.identity()).containsExactly("1");
    assertThat(changed.keyChange()).isTrue();
    assertThat(changed.written()).isEqualTo(bits(0, 1, 2));

    Operation delete = Operation.of(
        TWO_KEYS, change(TWO_KEYS, BY_U, Kind.DELETE, row("k", null, "u", 1, "v", null), null));
    assertThat(delete.identity()).containsExactly("1");
  }

  /** Of the key alone another row might be found, as where the target has left out the right one in a conflict. */
  @Test
  void findsTheRowByAllOfTheSourcesColumns() {
    ReplicaIdentity wider = ReplicaIdentity.of(List.of("k", "v"));
    Operation update = Operation.of(
        TWO_KEYS, change(TWO_KEYS, wider, Kind.UPDATE, null, row("k", 9, "u", 1, "v", "x")));
    assertThat(update.lookup()).isEqualTo(new Lookup(List.of(0, 2), true));
    assertThat(update.identity()).containsExactly("9", "x");
    assertThat(update.written()).isEqualTo(bits(1));
  }

  @Test
  void findsACompleteRowByTheTargetsKey() {
    Operation update = Operation.of(
        TWO_KEYS,
        change(
            TWO_KEYS,
            ReplicaIdentity.FULL,
            Kind.UPDATE,
            row("k", 8, "u", 1, "v", null),
            row("k", 9, "u", 1, "v", "x")));
    assertThat(update.lookup()).isEqualTo(TWO_KEYS.lookup());
    assertThat(update.identity()).containsExactly("8");
    assertThat(update.keyChange()).isTrue();
  }

  @Test
  void refusesWhatTheSourceKnowsByColumnsThatAreNotUniqueHere() {
    assertThatThrownBy(() -> Operation.of(
            TABLE, change(TABLE, BY_V, Kind.UPDATE, null, row("a", 1, "b", 2, "v", "x"))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The UPDATE of public.t at offset 7 cannot be applied for sure: the source knows the row by (v), and the"
                + " target has no unique index over these columns or some of them (its key is (b, a)). Give the target one,"
                + " CREATE UNIQUE INDEX ON \"public\".\"t\" (\"v\"), then restart the task. Or, for changes from then"
                + " on, run ALTER TABLE ... REPLICA IDENTITY FULL on the source.");
    assertThatThrownBy(() -> Operation.of(
            TABLE,
            change(
                TABLE,
                ReplicaIdentity.of(List.of("b")),
                Kind.DELETE,
                row("a", null, "b", 2, "v", null),
                null)))
        .as("part of the key")
        .hasMessageContaining("the source knows the row by (b)");
    assertThatThrownBy(() -> Operation.of(
            TABLE,
            change(
                TABLE,
                ReplicaIdentity.of(List.of("a", "b", "gone")),
                Kind.UPDATE,
                null,
                row("a", 1, "b", 2, "v", "x"))))
        .as("a column that the target lacks")
        .hasMessageContaining("the source knows the row by (a, b, gone)");
  }

  /** Its nulls stand for values that are not there: an image of the key is no image of the row. */
  @Test
  void takesTheWholeRowFromACompleteImageOnly() {
    assertThatThrownBy(() ->
            Operation.of(KEYLESS, change(KEYLESS, BY_V, Kind.DELETE, row("a", 1, "v", "x"), null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the source knows the row by (v)")
        .hasMessageContaining("its key is (no key: whole row)");
    Operation whole = of(KEYLESS, Kind.DELETE, row("a", null, "v", "x"), null);
    assertThat(whole.identity()).containsExactly(null, "x");
  }

  @Test
  void refusesAnIdentityThatIsIncomplete() {
    assertThatThrownBy(() -> of(TABLE, Kind.DELETE, row("a", 1, "b", null, "v", null), null))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The DELETE of public.t at offset 7 carries no value for column b, which is needed to find the row"
                + " by (b, a); the source knows it by (b, a). Give both sides the same columns and keys.");
    assertThatThrownBy(
            () -> of(TABLE, Kind.UPDATE, row("a", 1, "v", null), row("a", 1, "b", 2, "v", "x")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "The UPDATE of public.t at offset 7 carries no value for column b,");
    assertThatThrownBy(() -> of(KEYLESS, Kind.DELETE, row("a", 1), null))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "column v, which is needed to find the row by (no key: whole row); the source knows it by the whole row.");
  }

  @Test
  void refusesAnInsertThatIsIncomplete() {
    assertThatThrownBy(
            () -> of(TABLE, Kind.INSERT, null, row("a", 1, "b", 2, "v", Wire.UNAVAILABLE_VALUE)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The INSERT of public.t at offset 7 carries no value for column v, which is needed to write the row."
                + " Give the source the column, or run ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL there.");
  }

  @Test
  void makesAnInsertOfACompleteUpdate() {
    Operation insert =
        of(TABLE, Kind.UPDATE, null, row("a", 1, "b", 2, "v", "x")).asInsert();
    assertThat(insert.kind()).isEqualTo(Kind.INSERT);
    assertThat(insert.identity()).isEmpty();
    assertThat(insert.written()).isEqualTo(bits(0, 1, 2));
  }

  @Test
  void refusesToMakeAnInsertOfAnUpdateThatIsIncomplete() {
    Operation update =
        of(TABLE, Kind.UPDATE, null, row("a", 1, "b", 2, "v", Wire.UNAVAILABLE_VALUE));
    assertThatThrownBy(update::asInsert)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The UPDATE of public.t at offset 7 finds no row by (b, a) and cannot insert it either: the value of"
                + " column v was not touched and is not in the WAL. Run ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL"
                + " on the source, put the row back, restart the task.");
  }

  private static Operation full(
      Kind kind,
      Map<String, @Nullable Object> before,
      @Nullable Map<String, @Nullable Object> after) {
    return Operation.of(TWO_KEYS, change(TWO_KEYS, ReplicaIdentity.FULL, kind, before, after));
  }

  @Test
  void expectsWhatTheSendersRowHeld() {
    Operation update =
        full(Kind.UPDATE, row("k", 1, "u", 2, "v", null), row("k", 1, "u", 2, "v", "b"));
    assertThat(update.expected()).containsExactly(Marker.ABSENT, "2", null);
    assertThat(update.compared()).isEqualTo(bits(1, 2));
    assertThat(parameters(update)).containsExactly("2", "b", "1", "2", null);
    Operation delete = full(Kind.DELETE, row("k", 1, "u", 2, "v", "b"), null);
    assertThat(parameters(delete)).containsExactly("1", "2", "b");
  }

  @Test
  void expectsNothingWhereTheSenderTellsOnlyTheKey() {
    Operation update = of(TWO_KEYS, Kind.UPDATE, null, row("k", 1, "u", 2, "v", "b"));
    assertThat(update.compared()).isEqualTo(bits());
    assertThat(
            of(TWO_KEYS, Kind.DELETE, row("k", 1, "u", null, "v", null), null).compared())
        .isEqualTo(bits());
  }

  /** The row is still as it was before the first of them. */
  @Test
  void whatIsFoldedExpectsWhatTheFirstOneDid() {
    Operation first =
        full(Kind.UPDATE, row("k", 1, "u", 2, "v", "a"), row("k", 1, "u", 2, "v", "b"));
    Operation second =
        full(Kind.UPDATE, row("k", 1, "u", 2, "v", "b"), row("k", 1, "u", 3, "v", "b"));
    Operation third = full(Kind.DELETE, row("k", 1, "u", 3, "v", "b"), null);
    assertThat(parameters(first.then(second))).containsExactly("3", "b", "1", "2", "a");
    assertThat(parameters(first.then(second).thenDelete(third))).containsExactly("1", "2", "a");
  }

  @Test
  void knowsUnderAFullIdentityWhetherARuleIsTouched() {
    UniqueRule ofU = new UniqueRule(List.of(1), List.of(), "", false);
    UniqueRule ofAnything = new UniqueRule(List.of(), List.of(), "", false);
    Operation update =
        full(Kind.UPDATE, row("k", 1, "u", 2, "v", "a"), row("k", 1, "u", 2, "v", "b"));
    assertThat(update.mayChange(ofU)).isFalse();
    assertThat(update.mayChange(ofAnything)).isTrue();
    assertThat(full(Kind.UPDATE, row("k", 1, "u", 2, "v", "a"), row("k", 1, "u", 3, "v", "a"))
            .mayChange(ofU))
        .isTrue();
    assertThat(full(Kind.UPDATE, row("k", 1, "u", 2, "v", "a"), row("k", 1, "u", 2, "v", "a"))
            .mayChange(ofAnything))
        .isFalse();
    assertThat(of(TWO_KEYS, Kind.UPDATE, null, row("k", 1, "u", 2, "v", "b")).mayChange(ofU))
        .isTrue();
  }

  @Test
  void findsTheRowThatItHasWritten() {
    assertThat(of(TABLE, Kind.INSERT, null, row("a", 1, "b", 2, "v", null))
            .asWritten()
            .identity())
        .containsExactly("2", "1");
    Operation moved = of(
            TABLE,
            Kind.UPDATE,
            row("a", 1, "b", 2, "v", null),
            row("a", 3, "b", 2, "v", Wire.UNAVAILABLE_VALUE))
        .asWritten();
    assertThat(moved.identity()).containsExactly("2", "3");
    assertThat(moved.written()).isEqualTo(bits());
    Operation whole = of(
            KEYLESS,
            Kind.UPDATE,
            row("a", 1, "v", "long"),
            row("a", 2, "v", Wire.UNAVAILABLE_VALUE))
        .asWritten();
    assertThat(whole.identity()).containsExactly("2", "long");
    Operation less = of(KEYLESS, Kind.INSERT, null, row("v", "x")).asWritten();
    assertThat(less.lookup()).isEqualTo(new Lookup(List.of(1), false));
    assertThat(less.identity()).containsExactly("x");
  }

  private static List<@Nullable Object> parameters(Operation operation) {
    return operation.parameters(Shape.of(operation));
  }
}
