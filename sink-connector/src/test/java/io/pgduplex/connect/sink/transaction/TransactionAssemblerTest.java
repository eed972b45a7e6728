package io.pgduplex.connect.sink.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import io.pgduplex.connect.sink.record.ChangeEvent.DdlPhase;
import io.pgduplex.connect.sink.record.ChangeEvent.End;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionAssemblerTest {

  private final TransactionAssembler assembler =
      new TransactionAssembler("orders.forward", Progress.NONE);
  private final Feed feed = Feed.epoch(1);

  private boolean accept(ChangeEvent... events) {
    boolean isVoid = false;
    for (ChangeEvent event : events) {
      isVoid |= assembler.accept(event);
    }
    return isVoid;
  }

  private void transaction(Feed from, long lsn, long previousEnd, long... ids) {
    accept(from.begin());
    for (long id : ids) {
      accept(from.insert(id));
    }
    accept(from.end(lsn, previousEnd));
  }

  private static List<String> texts(List<DataChange> changes) {
    return changes.stream().map(Feed::text).toList();
  }

  private List<String> taken() {
    return texts(assembler.takeComplete().changes());
  }

  @Test
  void handsOutATransactionAtItsEnd() {
    accept(feed.begin(), feed.insert(1));
    assertThat(assembler.hasComplete()).isFalse();
    assertThat(assembler.openSize()).isEqualTo(1);
    accept(feed.insert(2), feed.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.openSize()).isZero();
    assertThat(assembler.completeSize()).isEqualTo(2);
    Group group = assembler.takeComplete();
    assertThat(texts(group.changes())).containsExactly("INSERT >1", "INSERT >2");
    assertThat(group.progress()).isEqualTo(new Progress(4, 100, 1, 4, 0));
    assertThat(group.commitMicros()).isEqualTo(500);
    assertThat(assembler.hasComplete()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "CHANGE", "UNSUPPORTED"})
  void handsOutATransactionThatChangesDefinitionsAlone(DdlPhase phase) {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    accept(feed.begin(), feed.insert(2), feed.ddl(phase), feed.insert(3));
    End end = feed.end(200, 100);
    assertThat(assembler.mustCommitBefore(end)).isTrue();
    assertThat(assembler.mustCommit()).isFalse();
    assertThat(taken()).containsExactly("INSERT >1");
    assertThat(assembler.mustCommitBefore(end)).isFalse();
    accept(end);
    assertThat(assembler.mustCommit()).isTrue();
    assertThat(taken()).containsExactly("INSERT >2", "DDL " + phase, "INSERT >3");
    assertThat(assembler.mustCommit()).isFalse();
    transaction(feed, 300, 200, 4);
    assertThat(assembler.mustCommit()).isFalse();
  }

  @Test
  void aStreamedTransactionThatChangesDefinitionsIsCommittedAtItsEnd() {
    accept(feed.begin(), feed.insert(1));
    assertThat(assembler.openHasDefinitions()).isFalse();
    accept(feed.ddl(DdlPhase.CHANGE));
    assertThat(assembler.openHasDefinitions()).isTrue();
    assertThat(texts(assembler.takeOpen())).containsExactly("INSERT >1", "DDL change");
    accept(feed.insert(2));
    assertThat(assembler.openHasDefinitions()).isFalse();
    assertThat(texts(assembler.takeOpen())).containsExactly("INSERT >2");
    assertThat(assembler.mustCommit()).isFalse();
    accept(feed.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.mustCommit()).isTrue();
    assertThat(taken()).isEmpty();
    transaction(feed, 200, 100, 3);
    assertThat(assembler.mustCommit()).isFalse();
  }

  @Test
  void aTransactionThatBuildsAnIndexBeforeItIsNotStreamed() {
    accept(feed.begin(), feed.insert(1), feed.ddl(DdlPhase.CHANGE));
    assertThat(assembler.openStaysWhole()).isFalse();
    accept(feed.ddl(DdlPhase.CONCURRENTLY));
    assertThat(assembler.openStaysWhole()).isTrue();
    accept(feed.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.openStaysWhole()).isFalse();
    assertThat(taken()).containsExactly("INSERT >1", "DDL change", "DDL concurrently");
  }

  @Test
  void aTransactionThatChangesDefinitionsMayBeAbandoned() {
    accept(feed.begin(), feed.ddl(DdlPhase.CHANGE));
    assertThat(texts(assembler.takeOpen())).containsExactly("DDL change");
    Feed next = feed.restarted();
    assertThat(accept(next.begin())).isTrue();
    accept(next.insert(1), next.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.mustCommit()).isFalse();
    assertThat(taken()).containsExactly("INSERT >1");
  }

  @Test
  void takesTheTimeOfAnEmptyTransactionFromItsEnd() {
    accept(feed.begin(), feed.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.takeComplete().commitMicros()).isEqualTo(100_000);
  }

  @Test
  void anEmptyTransactionDoesNotChangeTheTimeOfTheRowsBeforeIt() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    accept(feed.begin(), feed.end(200, 100));
    Group group = assembler.takeComplete();
    assertThat(group.commitMicros()).isEqualTo(500);
    assertThat(group.progress().lastEnd()).isEqualTo(200);
  }

  @Test
  void doesNotAdvanceWithinATransaction() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    Progress before = assembler.progress();
    accept(feed.begin(), feed.insert(2), feed.heartbeat());
    assertThat(assembler.progress()).isEqualTo(before);
  }

  @Test
  void advancesOverHeartbeatsBetweenTransactions() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    accept(feed.heartbeat());
    assertThat(assembler.progress()).isEqualTo(new Progress(4, 100, 1, 4, 0));
  }

  @Test
  void doesNotMindNumbersOfRecordsThatTransformsDropped() {
    accept(feed.begin(), feed.insert(1));
    feed.dropped();
    accept(feed.insert(3), feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >3");
  }

  @Test
  void dropsWhatAProducerRepeatsInMidTransaction() {
    ChangeEvent begin = feed.begin();
    ChangeEvent one = feed.insert(1);
    ChangeEvent two = feed.insert(2);
    accept(begin, one, two);
    assertThat(accept(feed.repeated(begin), feed.repeated(one), feed.repeated(two)))
        .isFalse();
    accept(feed.insert(3), feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >2", "INSERT >3");
  }

  @Test
  void dropsWhatAProducerRepeatsAcrossAnEnd() {
    ChangeEvent begin = feed.begin();
    ChangeEvent one = feed.insert(1);
    ChangeEvent end = feed.end(100, Wire.FRESH_SLOT);
    accept(begin, one, end, feed.repeated(one), feed.repeated(end));
    transaction(feed, 200, 100, 2);
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >2");
  }

  @Test
  void handsOutNothingOfARepeatedTransaction() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1, 2);
    transaction(feed, 200, 100, 3);
    assertThat(taken()).hasSize(3);
    Feed again = feed.restarted();
    accept(again.begin(Wire.FRESH_SLOT), again.insert(1), again.insert(2));
    assertThat(assembler.openSize()).isZero();
    accept(again.end(100, Wire.FRESH_SLOT), again.begin(100), again.insert(3));
    assertThat(assembler.openSize()).isZero();
    accept(again.end(200, 100), again.begin(200), again.insert(4));
    assertThat(assembler.openSize()).isEqualTo(1);
    accept(again.end(300, 200));
    assertThat(taken()).containsExactly("INSERT >4");
  }

  @Test
  void stopsIfWhatBeganAsARepeatIsNone() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    transaction(feed, 200, 100, 2);
    accept(feed.begin(100), feed.insert(3));
    assertThatThrownBy(() -> accept(feed.end(300, 200)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the transaction at 0/12C began as a repeat of an earlier one");
  }

  @Test
  void ignoresAnEarlierRunThatStillSends() {
    Feed later = feed.restarted();
    accept(later.begin(), later.insert(1));
    assertThat(accept(feed.begin(), feed.insert(9), feed.end(100, Wire.FRESH_SLOT)))
        .isFalse();
    accept(later.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("INSERT >1");
  }

  @Test
  void abandonsAnOpenTransactionWhenTheSourceStartsAgain() {
    accept(feed.begin(), feed.insert(1));
    Feed later = feed.restarted();
    assertThat(accept(later.begin())).as("nothing had been handed out").isFalse();
    accept(later.insert(1), later.insert(2), later.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >2");
  }

  @Test
  void saysThatAStreamedPartIsVoidWhenTheSourceStartsAgain() {
    accept(feed.begin(), feed.insert(1));
    assertThat(texts(assembler.takeOpen())).containsExactly("INSERT >1");
    accept(feed.insert(2));
    assertThat(assembler.isStreaming()).isTrue();
    Feed later = feed.restarted();
    assertThat(accept(later.heartbeat())).isTrue();
    assertThat(assembler.isStreaming()).isFalse();
    assertThat(assembler.openSize()).isZero();
    transaction(later, 100, Wire.FRESH_SLOT, 1, 2);
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >2");
  }

  @Test
  void keepsWholeTransactionsWhenAnOpenOneIsAbandoned() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    accept(feed.begin(), feed.insert(2));
    Feed later = feed.restarted();
    transaction(later, 200, 100, 2);
    assertThat(taken()).containsExactly("INSERT >1", "INSERT >2");
  }

  @Test
  void dropsWholeTransactionsThatWereAppliedBeforeARestart() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    transaction(feed, 200, 100, 2);
    assertThat(taken()).hasSize(2);
    Feed later = feed.restarted();
    transaction(later, 100, Wire.FRESH_SLOT, 1);
    assertThat(assembler.hasComplete()).isFalse();
    assertThat(assembler.progress().nextOffset()).as("goes past the repeat").isEqualTo(9);
    transaction(later, 200, 100, 2);
    transaction(later, 300, 200, 3);
    assertThat(taken()).containsExactly("INSERT >3");
  }

  @Test
  void saysThatTheStreamedPartOfARepeatIsVoid() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1, 2);
    assembler.takeComplete();
    Feed later = feed.restarted();
    accept(later.begin(), later.insert(1));
    assembler.takeOpen();
    accept(later.insert(2));
    assertThat(accept(later.end(100, Wire.FRESH_SLOT))).isTrue();
    assertThat(assembler.isStreaming()).isFalse();
    assertThat(assembler.hasComplete()).isFalse();
    transaction(later, 200, 100, 3);
    assertThat(taken()).containsExactly("INSERT >3");
  }

  @Test
  void waitsForACommitAfterATransactionThatWasStreamedToItsLastRow() {
    accept(feed.begin(), feed.insert(1));
    assembler.takeOpen();
    accept(feed.end(100, Wire.FRESH_SLOT));
    assertThat(assembler.isStreaming()).isFalse();
    assertThat(assembler.completeSize()).isZero();
    assertThat(assembler.hasComplete())
        .as("what was streamed must be committed before the next one streams, or goes with it")
        .isTrue();
    Group group = assembler.takeComplete();
    assertThat(group.changes()).isEmpty();
    assertThat(group.progress().lastEnd()).isEqualTo(100);
    assertThat(group.commitMicros()).as("the rows' own time, not END's").isEqualTo(500);
    assertThat(assembler.hasComplete()).isFalse();
  }

  @Test
  void goesOnWhereTheDatabaseSays() {
    TransactionAssembler resumed =
        new TransactionAssembler("orders.forward", new Progress(40, 200, 1, 44, 0));
    Feed run = Feed.at(40, 1);
    for (int i = 0; i < 44; i++) {
      run.dropped();
    }
    resumed.accept(run.begin());
    resumed.accept(run.insert(1));
    resumed.accept(run.end(300, 200));
    assertThat(resumed.progress()).isEqualTo(new Progress(43, 300, 1, 47, 0));
  }

  @Test
  void stopsWhereTheTopicWasMadeAnew() {
    TransactionAssembler resumed =
        new TransactionAssembler("orders.forward", new Progress(40, 200, 1, 44, 0));
    assertThatThrownBy(() -> resumed.accept(Feed.epoch(2).begin()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("orders.forward at offset 0")
        .hasMessageContaining("the topic does not go on at offset 40");
  }

  @Test
  void stopsWhereTheTopicHasLostItsBeginning() {
    TransactionAssembler fresh = new TransactionAssembler("orders.forward", Progress.NONE);
    Feed run = Feed.at(5, 1);
    run.dropped();
    assertThatThrownBy(() -> fresh.accept(run.begin()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("the topic does not go on at offset 0");
  }

  @Test
  void stopsWhereTheTopicHasLostWholeRuns() {
    TransactionAssembler fresh = new TransactionAssembler("orders.forward", Progress.NONE);
    Feed second = Feed.at(5, 2);
    fresh.accept(second.begin(100));
    assertThatThrownBy(() -> fresh.accept(second.end(200, 100)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("follows the one at 0/64, but the last one applied is none");
  }

  @Test
  void beginsBehindAnAbortedTransactionOfKafka() {
    TransactionAssembler fresh = new TransactionAssembler("orders.forward", Progress.NONE);
    Feed second = Feed.at(5, 2);
    fresh.accept(second.begin(Wire.FRESH_SLOT));
    fresh.accept(second.insert(1));
    fresh.accept(second.end(100, Wire.FRESH_SLOT));
    assertThat(texts(fresh.takeComplete().changes())).containsExactly("INSERT >1");
  }

  @Test
  void stopsAtTheOldTopicAfterItsPositionWasReset() {
    TransactionAssembler reset =
        new TransactionAssembler("orders.forward", new Progress(0, Progress.NO_END, 7, 44, 3));
    assertThatThrownBy(() -> reset.accept(Feed.epoch(7).begin()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(
            "Direction orders.forward: its position was reset, but the topic is the old one: its first"
                + " record, of epoch 7, was sent before")
        .hasMessageContaining("delete the topic");
  }

  @Test
  void beginsAnewAfterItsPositionWasReset() {
    TransactionAssembler reset =
        new TransactionAssembler("orders.forward", new Progress(0, Progress.NO_END, 7, 44, 3));
    Feed anew = Feed.epoch(8);
    reset.accept(anew.begin());
    reset.accept(anew.insert(1));
    reset.accept(anew.end(50, Wire.FRESH_SLOT));
    assertThat(texts(reset.takeComplete().changes())).containsExactly("INSERT >1");
  }

  @Test
  void stopsAtAGapInTheChainOfEnds() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    accept(feed.begin(), feed.insert(3));
    assertThatThrownBy(() -> accept(feed.end(300, 200)))
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "Direction orders.forward at offset 5 (epoch 1, seq 6): the transaction at 0/12C follows the one at 0/C8,"
                + " but the last one applied is at 0/64. Part of the stream is missing (a recreated or truncated topic,"
                + " a dropped slot, reset offsets?), so nothing more is applied. Last applied: offset 3, last END 0/64,"
                + " epoch 1, seq 3. Take the link away and set it up anew, as the README says (a new snapshot alone would not be reached,"
                + " and would hold the rows of tables without a key twice).");
  }

  @Test
  void stopsWhereANewSlotFollowsAppliedTransactions() {
    transaction(feed, 100, Wire.FRESH_SLOT, 1);
    Feed later = feed.restarted();
    accept(later.begin());
    assertThatThrownBy(() -> accept(later.end(300, Wire.FRESH_SLOT)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(
            "the transaction at 0/12C follows no other (the slot is fresh), but the last one applied is at 0/64");
  }

  @Test
  void stopsWhereTheTopicDoesNotBeginWithTheFirstTransaction() {
    accept(feed.begin());
    assertThatThrownBy(() -> accept(feed.end(300, 200)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("follows the one at 0/C8, but the last one applied is none");
  }

  @Test
  void stopsAtAChangeWhoseBeginIsMissing() {
    assertThatThrownBy(() -> accept(feed.insert(1)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(
            "at offset 0 (epoch 1, seq 1): a change stands outside of any transaction, its BEGIN is missing");
  }

  @Test
  void stopsAtAnEndWithoutBegin() {
    assertThatThrownBy(() -> accept(feed.end(100, Wire.FRESH_SLOT)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a transaction ends that has not begun");
  }

  @Test
  void stopsAtABeginBeforeTheEnd() {
    accept(feed.begin());
    assertThatThrownBy(() -> accept(feed.begin()))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a transaction begins before the one before it has ended");
  }

  @Test
  void stopsAtASnapshotRowInsideATransaction() {
    accept(feed.begin());
    assertThatThrownBy(() -> accept(feed.snapshot(1)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a snapshot row stands inside a transaction");
  }

  @Test
  void advancesWithEachSnapshotRow() {
    accept(feed.snapshot(1), feed.snapshot(2));
    assertThat(assembler.progress()).isEqualTo(new Progress(2, Progress.NO_END, 1, 2, 1));
    assertThat(taken()).containsExactly("SNAPSHOT BEGINS 1", "SNAPSHOT >1", "SNAPSHOT >2");
    accept(feed.snapshot(3));
    assertThat(taken()).containsExactly("SNAPSHOT >3");
  }

  @Test
  void takesTheFirstEndAfterASnapshot() {
    accept(feed.snapshot(1));
    transaction(feed, 100, Wire.AFTER_SNAPSHOT, 2);
    transaction(feed, 200, 100, 3);
    assertThat(taken())
        .containsExactly("SNAPSHOT BEGINS 1", "SNAPSHOT >1", "INSERT >2", "INSERT >3");
  }

  @Test
  void takesTheEndAfterASnapshotWithoutRowsAsItsBegin() {
    transaction(feed, 100, Wire.AFTER_SNAPSHOT, 2);
    assertThat(taken()).containsExactly("SNAPSHOT BEGINS 1", "INSERT >2");
    assertThat(assembler.progress().snapshotEpoch()).isEqualTo(1);
  }

  @Test
  void beginsASnapshotAgainInALaterRun() {
    accept(feed.snapshot(1), feed.snapshot(2));
    assembler.takeComplete();
    Feed later = feed.restarted();
    accept(later.snapshot(1));
    assertThat(taken()).containsExactly("SNAPSHOT BEGINS 2", "SNAPSHOT >1");
  }

  @Test
  void beginsASnapshotAgainAlthoughTransactionsFollowedTheFirst() {
    accept(feed.snapshot(1));
    transaction(feed, 100, Wire.AFTER_SNAPSHOT, 2);
    assembler.takeComplete();
    Feed later = feed.restarted();
    accept(later.snapshot(1), later.snapshot(2));
    assertThat(assembler.progress().lastEnd()).isEqualTo(Progress.NO_END);
    transaction(later, 300, Wire.AFTER_SNAPSHOT, 3);
    assertThat(taken())
        .containsExactly("SNAPSHOT BEGINS 2", "SNAPSHOT >1", "SNAPSHOT >2", "INSERT >3");
  }

  @Test
  void asksForACommitBeforeASnapshotBeginsAgain() {
    accept(feed.snapshot(1));
    assertThat(assembler.mustCommitBefore(feed.snapshot(2))).isFalse();
    Feed later = feed.restarted();
    RowChange again = later.snapshot(1);
    assertThat(assembler.mustCommitBefore(again))
        .as("only rows of committed transactions can be told by their origin")
        .isTrue();
    assembler.takeComplete();
    assertThat(assembler.mustCommitBefore(again)).isFalse();
  }

  @Test
  void asksForACommitBeforeASnapshotWithoutRowsReplacesAnother() {
    accept(feed.snapshot(1));
    Feed later = feed.restarted();
    accept(later.begin());
    assertThat(assembler.mustCommitBefore(later.end(100, 50))).isFalse();
    assertThat(assembler.mustCommitBefore(later.end(100, Wire.AFTER_SNAPSHOT))).isTrue();
  }

  @Test
  void joinsTheHalvesOfAChangeOfKey() {
    accept(
        feed.begin(),
        feed.row(ChangeEvent.Kind.DELETE, 1L, null, 70),
        feed.row(ChangeEvent.Kind.INSERT, null, 2L, 70),
        feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("UPDATE 1>2");
  }

  @Test
  void leavesADeleteAndAnInsertOfTwoPlacesApart() {
    accept(
        feed.begin(),
        feed.row(ChangeEvent.Kind.DELETE, 1L, null, 70),
        feed.row(ChangeEvent.Kind.INSERT, null, 2L, 71),
        feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("DELETE 1>", "INSERT >2");
  }

  @Test
  void keepsADeleteBackThatMayBeHalfOfAChangeOfKey() {
    accept(feed.begin(), feed.insert(5), feed.row(ChangeEvent.Kind.DELETE, 1L, null, 70));
    assertThat(texts(assembler.takeOpen())).containsExactly("INSERT >5");
    assertThat(assembler.openSize()).isEqualTo(1);
    accept(feed.row(ChangeEvent.Kind.INSERT, null, 2L, 70), feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("UPDATE 1>2");
  }

  @Test
  void joinsHalvesWithAHeartbeatBetween() {
    accept(
        feed.begin(),
        feed.row(ChangeEvent.Kind.DELETE, 1L, null, 70),
        feed.heartbeat(),
        feed.row(ChangeEvent.Kind.INSERT, null, 2L, 70),
        feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken()).containsExactly("UPDATE 1>2");
  }

  @Test
  void joinsTheTruncatesOfOneStatement() {
    accept(feed.begin(), feed.truncate("parent", 70));
    assertThat(assembler.takeOpen()).isEmpty();
    accept(feed.truncate("child", 70), feed.truncate("other", 80), feed.end(100, Wire.FRESH_SLOT));
    assertThat(taken())
        .containsExactly("TRUNCATE [public.parent, public.child]", "TRUNCATE [public.other]");
  }

  @Test
  void handsOutALongTransactionInOrder() {
    List<String> all = new ArrayList<>();
    accept(feed.begin());
    for (long id = 1; id <= 10; id++) {
      accept(feed.insert(id));
      if (assembler.openSize() >= 3) {
        all.addAll(texts(assembler.takeOpen()));
      }
    }
    accept(feed.end(100, Wire.FRESH_SLOT));
    assertThat(all).hasSize(9);
    assertThat(taken()).containsExactly("INSERT >10");
  }
}
