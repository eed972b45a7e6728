package io.pgduplex.connect.sink.resolve;

import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.conflict.LocalRow;
import io.pgduplex.connect.sink.conflict.LocalRow.Place;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.resolve.Settlement.Part;
import io.pgduplex.connect.sink.table.TargetTable;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows (id, u) of which u is unique by a deferrable constraint. */
class LateConflictsTest {

  private static final TargetTable TABLE =
      Tables.table("t").key("id", "int4").column("u", "int4").deferrable("u").build();
  private static final long COMMITTED = 500;

  private final Rows rows = new Rows();
  private final List<String> records = new ArrayList<>();
  private final LeftOut leftOut = new LeftOut();
  private long offset;

  /** As in a replica session nothing keeps two rows from having the same u. */
  private static final class Rows extends ModelRows {

    int asked;
    int awaited;

    @Override
    public List<LocalRow> inTheWayAtEnd(Operation operation) {
      asked++;
      List<@Nullable Object> own = Arrays.asList(operation.identity());
      Object u = Objects.requireNonNull(of(TABLE).get(own)).values().get(1);
      List<LocalRow> others = new ArrayList<>();
      of(TABLE).forEach((key, row) -> {
        if (!key.equals(own) && Objects.equals(row.values().get(1), u)) {
          String id = String.valueOf(key.get(0));
          others.add(
              new LocalRow(id, row.micros(), row.fromSender(), List.of(id), new Place(0, id)));
        }
      });
      return others;
    }

    @Override
    public void awaitOthers(Collection<TargetTable> tables) {
      awaited++;
    }

    @Override
    public Set<Operation> suspects(TargetTable table, List<Operation> operations) {
      return Set.copyOf(operations);
    }

    void put(int id, int u, boolean fromSender, OptionalLong micros) {
      put(TABLE, new Version(List.of(String.valueOf(id), String.valueOf(u)), fromSender, micros));
    }

    List<String> all() {
      return of(TABLE).values().stream()
          .map(row -> row.values().get(0) + "=" + row.values().get(1))
          .sorted()
          .toList();
    }
  }

  private LateConflicts late(ConflictPolicy policy) {
    ControlLog noControl = (ControlLog) Proxy.newProxyInstance(
        ControlLog.class.getClassLoader(), new Class<?>[] {ControlLog.class}, (p, m, a) -> null);
    return new LateConflicts(
        rows,
        new Conflicts(
            Direction.FORWARD,
            new ConflictPolicies(policy, List.of()),
            Set.of(),
            (type, decidedBy, operation, local, outcome) -> records.add(type + " "
                + operation.change().position().offset() + " " + outcome + " "
                + (local == null ? "?" : local.json())),
            new Settlement(Part.NONE, noControl)),
        leftOut);
  }

  private Operation operation(Kind kind, int id, int u) {
    RowChange change = new RowChange(
        new Position(offset, 1, offset),
        TABLE.name(),
        kind,
        null,
        row("id", id, "u", u),
        ReplicaIdentity.of(List.of("id")),
        100,
        COMMITTED);
    offset++;
    return Operation.of(TABLE, change);
  }

  /** Unless it has lost. */
  private void write(LateConflicts late, Operation operation) throws SQLException {
    if (!late.isLost(operation)) {
      rows.put(
          TABLE,
          new ModelRows.Version(Arrays.asList(operation.values()), true, OptionalLong.empty()));
      late.wrote(TABLE, List.of(operation), Written.CLEAN);
    }
  }

  private void local(int id, int u, long micros) {
    rows.put(id, u, false, OptionalLong.of(micros));
  }

  private void fromSender(int id, int u) {
    rows.put(id, u, true, OptionalLong.of(1));
  }

  @Test
  void aSwapIsNoConflict() throws SQLException {
    fromSender(1, 1);
    fromSender(2, 2);
    LateConflicts late = late(ConflictPolicy.IGNORE);
    write(late, operation(Kind.UPDATE, 1, 2));
    write(late, operation(Kind.UPDATE, 2, 1));
    late.resolve();
    assertThat(rows.all()).containsExactly("1=2", "2=1");
    assertThat(records).isEmpty();
  }

  @Test
  void aRowThatWinsHasTheOthersRemoved() throws SQLException {
    local(8, 5, 1);
    LateConflicts late = late(ConflictPolicy.OVERWRITE);
    write(late, operation(Kind.INSERT, 1, 5));
    late.resolve();
    assertThat(rows.all()).containsExactly("1=5");
    assertThat(records).containsExactly("insert_exists 0 incoming_applied 8");
  }

  /** What the row was is known only after a rollback. */
  @Test
  void aRowThatLosesIsLeftOutWhenAllIsAppliedAgain() throws SQLException {
    fromSender(1, 1);
    local(8, 5, 1);
    local(9, 5, 1);
    LateConflicts late = late(ConflictPolicy.IGNORE);
    write(late, operation(Kind.UPDATE, 1, 5));
    assertThatThrownBy(late::resolve)
        .isInstanceOf(ApplyAgain.class)
        .hasMessage("Changes lost a conflict by a deferrable constraint");
    assertThat(leftOut.size()).isEqualTo(1);
    records.clear();

    fromSender(1, 1);
    offset = 0;
    write(late, operation(Kind.UPDATE, 1, 5));
    write(late, operation(Kind.INSERT, 2, 2));
    late.resolve();
    assertThat(rows.all()).containsExactly("1=1", "2=2", "8=5", "9=5");
    assertThat(records)
        .containsExactlyInAnyOrder(
            "multiple_unique_conflicts 0 local_kept 8", "multiple_unique_conflicts 0 local_kept 9");
    assertThat(leftOut.size()).isZero();
  }

  /** As it would where each is checked at once. */
  @Test
  void ofTwoThatComeInTheLaterOneMetTheOther() throws SQLException {
    LateConflicts late = late(ConflictPolicy.OVERWRITE);
    write(late, operation(Kind.INSERT, 1, 5));
    write(late, operation(Kind.INSERT, 2, 5));
    late.resolve();
    assertThat(rows.all()).containsExactly("2=5");
    assertThat(records).containsExactly("insert_exists 1 incoming_applied 1");
  }

  /** It came from the sender, and would give way; but the change that moved it away has been left out. */
  @Test
  void aRowThatIsKeptDoesNotGiveWayToWhatWasToTakeItsPlace() throws SQLException {
    fromSender(1, 1);
    fromSender(2, 2);
    local(8, 3, COMMITTED + 1);
    LateConflicts late = late(ConflictPolicy.LAST_UPDATE_WINS);
    write(late, operation(Kind.UPDATE, 1, 2));
    write(late, operation(Kind.UPDATE, 2, 3));
    assertThatThrownBy(late::resolve).isInstanceOf(ApplyAgain.class).hasNoCause();
    fromSender(1, 1);
    fromSender(2, 2);
    offset = 0;
    write(late, operation(Kind.UPDATE, 1, 2));
    write(late, operation(Kind.UPDATE, 2, 3));
    assertThatThrownBy(late::resolve).isInstanceOf(ApplyAgain.class).hasNoCause();
    assertThat(rows.all()).contains("2=2");
    fromSender(1, 1);
    offset = 0;
    write(late, operation(Kind.UPDATE, 1, 2));
    write(late, operation(Kind.UPDATE, 2, 3));
    late.resolve();
    assertThat(rows.all()).containsExactly("1=1", "2=2", "8=3");
  }

  /** Applying a first copy again could take hours. */
  @Test
  void aRowOfAFirstCopyThatLosesIsTakenBack() throws SQLException {
    local(8, 5, 1);
    LateConflicts late = late(ConflictPolicy.OVERWRITE);
    write(late, operation(Kind.SNAPSHOT, 1, 5));
    late.resolve();
    assertThat(rows.all()).containsExactly("8=5");
    assertThat(records).containsExactly("insert_exists 0 local_kept 8");
  }

  @Test
  void aRowThatWasLeftAsItIsMeetsNothing() throws SQLException {
    local(1, 5, 1);
    LateConflicts late = late(ConflictPolicy.IGNORE);
    Operation update = operation(Kind.UPDATE, 1, 6);
    late.wrote(TABLE, List.of(update), Written.CLEAN);
    late.wrote(TABLE, List.of(update), Written.NOT);
    late.resolve();
    assertThat(rows.asked).isZero();
    assertThat(rows.awaited).isZero();
  }

  /** What wrote its values finds it no more. */
  @Test
  void aRowThatIsMovedToAnotherKeyTakesItsValuesAlong() throws SQLException {
    local(8, 5, 1);
    LateConflicts late = late(ConflictPolicy.IGNORE);
    write(late, operation(Kind.INSERT, 1, 5));
    Operation moved = Operation.of(
        TABLE,
        new RowChange(
            new Position(1, 1, 1),
            TABLE.name(),
            Kind.UPDATE,
            row("id", 1, "u", 5),
            row("id", 2, "u", 5),
            ReplicaIdentity.FULL,
            100,
            COMMITTED));
    rows.of(TABLE).clear();
    local(8, 5, 1);
    rows.put(2, 5, true, OptionalLong.empty());
    late.wrote(TABLE, List.of(moved), Written.CLEAN);
    assertThatThrownBy(late::resolve).isInstanceOf(ApplyAgain.class).hasNoCause();
    assertThat(leftOut.of(moved)).isNotNull();
  }

  /** Nobody is awaited for them. */
  @Test
  void anUpdateOfOtherColumnsMeetsNothing() throws SQLException {
    fromSender(1, 5);
    local(8, 5, 1);
    LateConflicts late = late(ConflictPolicy.IGNORE);
    Operation same = Operation.of(
        TABLE,
        new RowChange(
            new Position(0, 1, 0),
            TABLE.name(),
            Kind.UPDATE,
            row("id", 1, "u", 5),
            row("id", 1, "u", 5),
            ReplicaIdentity.FULL,
            100,
            COMMITTED));
    late.wrote(TABLE, List.of(same), Written.CLEAN);
    late.resolve();
    assertThat(rows.awaited).isZero();
    // What the row was before is not known where a conflict was decided.
    late.wrote(TABLE, List.of(same), Written.RESOLVED);
    assertThatThrownBy(late::resolve).isInstanceOf(ApplyAgain.class).hasNoCause();
    assertThat(rows.awaited).isEqualTo(1);
  }

  @Test
  void keepsOfALargeTransactionOnlyWhatCollides() throws SQLException {
    fromSender(2, 2);
    LateConflicts late = late(ConflictPolicy.OVERWRITE);
    write(late, operation(Kind.INSERT, 3, 3));
    write(late, operation(Kind.INSERT, 1, 2));
    late.pause();
    rows.asked = 0;
    write(late, operation(Kind.UPDATE, 2, 4));
    late.resolve();
    assertThat(rows.asked).isEqualTo(2);
    assertThat(rows.all()).containsExactly("1=2", "2=4", "3=3");
    assertThat(records).isEmpty();
  }

  /** A chain of rows, each of which was to take the place of the next, is not left out one by one. */
  @Test
  void afterManyTimesAllUpdatesOfATransactionAreLeftOut() throws SQLException {
    int chain = 30;
    LateConflicts late = late(ConflictPolicy.IGNORE);
    int times = 0;
    boolean again = true;
    while (again) {
      times++;
      for (int id = 1; id <= chain; id++) {
        fromSender(id, id);
      }
      local(99, chain + 1, 1);
      offset = 0;
      records.clear();
      for (int id = 1; id <= chain; id++) {
        write(late, operation(Kind.UPDATE, id, id + 1));
      }
      again = false;
      try {
        late.resolve();
      } catch (ApplyAgain lost) {
        again = true;
      }
    }
    assertThat(times).isLessThan(12);
    assertThat(rows.all()).hasSize(chain + 1).contains("1=1", chain + "=" + chain);
    assertThat(records).hasSize(chain).allMatch(record -> record.contains("local_kept"));
  }
}
