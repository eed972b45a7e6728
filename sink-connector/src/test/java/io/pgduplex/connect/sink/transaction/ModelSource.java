package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.End;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.transaction.History.Crash;
import io.pgduplex.connect.sink.transaction.History.Repeat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Sends a history's transactions to a topic as the source connector does, at least once. */
final class ModelSource {

  private static final int SNAPSHOT_ROWS = 3;

  /**
   * What the target must hold: of a source without snapshot there is one attempt without rows.
   *
   * @param epoch the run that took the snapshot, 0 without one
   */
  record Attempt(long epoch, List<String> rows, List<List<String>> transactions) {}

  private final History history;
  private final List<History.Fault> faults;
  private final List<ChangeEvent> topic = new ArrayList<>();
  private final List<ChangeEvent> ofRun = new ArrayList<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private Feed feed = Feed.epoch(1);
  private long epoch = 1;
  private int sent;
  /** Index of the next transaction to send. */
  private int next;
  /** Where the snapshot stands that was taken last. */
  private int firstAfterSnapshot;

  private boolean streaming;

  ModelSource(History history) {
    this.history = history;
    this.faults = new ArrayList<>(history.faults());
    begin();
    while (!streaming || next < history.sizes().size() || !faultsDone()) {
      if (!sendNext()) {
        break;
      }
    }
  }

  List<ChangeEvent> topic() {
    return topic;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  private boolean faultsDone() {
    return faults.stream().noneMatch(fault -> fault.at() <= sent);
  }

  private static long lsn(int index) {
    return (index + 1) * 100L;
  }

  /** A run without a committed END takes the snapshot anew, or begins at the slot. */
  private void begin() {
    streaming = false;
    if (history.snapshot()) {
      firstAfterSnapshot = next;
    } else if (!attempts.isEmpty()) {
      next = 0;
      streaming = true;
      return;
    }
    List<List<String>> transactions = new ArrayList<>();
    for (int i = firstAfterSnapshot; i < history.sizes().size(); i++) {
      transactions.add(texts(i));
    }
    List<String> rows = new ArrayList<>();
    // An attempt may also find all tables empty.
    int count = history.snapshot() ? Math.floorMod(SNAPSHOT_ROWS - (int) epoch, 4) : 0;
    for (int i = 0; i < count; i++) {
      rows.add("SNAPSHOT >" + snapshotId(i));
    }
    attempts.add(new Attempt(history.snapshot() ? epoch : 0, rows, transactions));
  }

  private long snapshotId(int row) {
    return epoch * 1_000_000 + row;
  }

  private boolean sendNext() {
    if (!streaming) {
      int rows = attempts.get(attempts.size() - 1).rows().size();
      streaming = true;
      for (int i = 0; i < rows; i++) {
        if (!send(feed.snapshot(snapshotId(i)))) {
          return true;
        }
      }
    }
    if (next >= history.sizes().size()) {
      return false;
    }
    int index = next;
    for (Supplier<ChangeEvent> event : transaction(feed, index)) {
      ChangeEvent made = event.get();
      if (made instanceof End) {
        next = index + 1;
      }
      if (!send(made)) {
        return true;
      }
    }
    return true;
  }

  private List<Supplier<ChangeEvent>> transaction(Feed from, int index) {
    List<Supplier<ChangeEvent>> events = new ArrayList<>();
    for (int i = 0; i < history.sizes().get(index); i++) {
      long id = index * 1000L + i;
      long lsn = lsn(index) + i;
      switch (i % 5) {
        case 1 -> {
          events.add(() -> from.row(Kind.DELETE, id, null, lsn));
          events.add(() -> from.row(Kind.INSERT, null, id + 500, lsn));
        }
        case 3 -> {
          events.add(() -> from.truncate("a" + id, lsn));
          events.add(() -> {
            from.dropped();
            return from.truncate("b" + id, lsn);
          });
        }
        case 4 -> events.add(() -> from.delete(id));
        default -> events.add(() -> from.insert(id));
      }
    }
    boolean first = index == (history.snapshot() ? firstAfterSnapshot : 0);
    long noPrevious = history.snapshot() ? Wire.AFTER_SNAPSHOT : Wire.FRESH_SLOT;
    long previous = first ? noPrevious : lsn(index - 1);
    events.add(0, () -> from.begin(previous));
    events.add(() -> from.end(lsn(index), previous));
    return events;
  }

  private List<String> texts(int index) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < history.sizes().get(index); i++) {
      long id = index * 1000L + i;
      texts.add(
          switch (i % 5) {
            case 1 -> "UPDATE " + id + ">" + (id + 500);
            case 3 -> "TRUNCATE [public.a" + id + ", public.b" + id + "]";
            case 4 -> "DELETE " + id + ">";
            default -> "INSERT >" + id;
          });
    }
    return texts;
  }

  /** Whether the run goes on. */
  private boolean send(ChangeEvent event) {
    append(event);
    if (history.heartbeatEvery() > 0 && sent % history.heartbeatEvery() == 0) {
      append(feed.heartbeat());
    }
    sent++;
    for (History.Fault fault : List.copyOf(faults)) {
      if (fault.at() <= sent) {
        faults.remove(fault);
        if (fault instanceof Repeat repeat) {
          repeat(repeat.count());
        } else if (fault instanceof Crash crash) {
          crash(crash);
          return false;
        }
      }
    }
    return true;
  }

  private void append(ChangeEvent event) {
    topic.add(event);
    ofRun.add(event);
  }

  private void repeat(int count) {
    List<ChangeEvent> last =
        List.copyOf(ofRun.subList(Math.max(0, ofRun.size() - count), ofRun.size()));
    last.forEach(event -> topic.add(feed.repeated(event)));
  }

  private void crash(Crash crash) {
    Feed old = feed;
    List<Supplier<ChangeEvent>> unsent =
        next < history.sizes().size() ? transaction(old, next) : List.of();
    feed = feed.restarted();
    epoch++;
    ofRun.clear();
    int resumable = history.snapshot() ? firstAfterSnapshot : 0;
    int committed = Math.max(resumable, next - crash.back());
    if (committed == resumable) {
      begin();
    } else {
      next = committed;
      streaming = true;
    }
    if (crash.stragglers() > 0) {
      append(feed.heartbeat());
      unsent.stream().limit(crash.stragglers()).map(Supplier::get).forEach(topic::add);
    }
  }
}
