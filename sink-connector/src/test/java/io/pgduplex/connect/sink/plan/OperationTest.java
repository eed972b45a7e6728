package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.list;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.table.TargetTable;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
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
    assertThat(operation.newKey()).isEqualTo(list("2", "1"));
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
    assertThat(operation.newKey()).isEqualTo(list("3", "1"));
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
    assertThat(operation.newKey()).isEqualTo(list("2", "5"));
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

  @Test
  void refusesAnUpdateOfATableWithoutKeyThatCarriesNoRowBefore() {
    assertThatThrownBy(() -> of(KEYLESS, Kind.UPDATE, null, row("a", 1, "v", "x")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The UPDATE of public.h at offset 7 carries no image of the row before it. The source finds its rows by no"
                + " key, the target by (no key: whole row). Give both sides the same key, or run ALTER TABLE"
                + " \"public\".\"h\" REPLICA IDENTITY FULL on the source, and repeat the change there.");
  }

  @Test
  void refusesToFindARowByAnotherKeyThanTheSources() {
    assertThatThrownBy(() ->
            Operation.of(TABLE, byKey(Kind.UPDATE, TABLE, null, row("a", 1, "b", 2, "v", "x"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The source finds its rows by (v), the target by (b, a).");
  }

  @Test
  void refusesAnImageThatMayBeTheKeyAlone() {
    assertThatThrownBy(() ->
            Operation.of(KEYLESS, byKey(Kind.DELETE, KEYLESS, row("a", null, "v", "x"), null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("may carry only the key of the row before it")
        .hasMessageContaining("REPLICA IDENTITY FULL");
    Operation whole =
        Operation.of(KEYLESS, byKey(Kind.DELETE, KEYLESS, row("a", 1, "v", "x"), null));
    assertThat(whole.identity()).containsExactly("1", "x");
  }

  /** A change whose record has the key (v). */
  private static RowChange byKey(
      Kind kind, TargetTable table, @Nullable Object before, @Nullable Object after) {
    return new RowChange(
        new Position(7, 1, 9), table.name(), kind, before, after, Set.of("v"), 0x64, 500);
  }

  @Test
  void refusesAnIdentityThatIsIncomplete() {
    assertThatThrownBy(() -> of(TABLE, Kind.DELETE, row("a", 1, "b", null, "v", null), null))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The DELETE of public.t at offset 7 carries no value for column b, which is needed to find the row"
                + " by (b, a). Give both sides the same key, or run ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL on"
                + " the source.");
    assertThatThrownBy(
            () -> of(TABLE, Kind.UPDATE, row("a", 1, "v", null), row("a", 1, "b", 2, "v", "x")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "The UPDATE of public.t at offset 7 carries no value for column b,");
    assertThatThrownBy(() -> of(KEYLESS, Kind.DELETE, row("a", 1), null))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column v, which is needed to find the row by (no key: whole row).");
  }

  @Test
  void refusesAnInsertThatIsIncomplete() {
    assertThatThrownBy(
            () -> of(TABLE, Kind.INSERT, null, row("a", 1, "b", 2, "v", Wire.UNAVAILABLE_VALUE)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The INSERT of public.t at offset 7 carries no value for column v, which is needed to write the row."
                + " Run ALTER TABLE \"public\".\"t\" REPLICA IDENTITY FULL on the source.");
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
}
