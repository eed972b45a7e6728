package io.pgduplex.connect.sink.transaction;

import io.pgduplex.connect.sink.record.ChangeEvent;
import io.pgduplex.connect.sink.record.ChangeEvent.DataChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Drives the assembler as DirectionApplier does, over a model target, through the crashes of a history. */
final class ModelSink {

  private final History.Sink limits;
  private final Deque<Integer> crashes;
  private final List<ChangeEvent> topic;
  private final ModelTarget target;
  private Progress committed = Progress.NONE;
  private TransactionAssembler assembler = new TransactionAssembler("model", Progress.NONE);
  private int next;
  private int sinceCrash;

  ModelSink(History history, List<ChangeEvent> topic, List<ModelSource.Attempt> attempts) {
    this.limits = history.sink();
    this.crashes = new ArrayDeque<>(history.sinkCrashes());
    this.topic = topic;
    this.target = new ModelTarget(attempts);
  }

  void run() {
    while (next < topic.size()) {
      int end = Math.min(topic.size(), next + limits.poll());
      if (!put(end)) {
        restart();
      }
    }
    if (!assembler.isStreaming()) {
      commit();
    }
    target.checkComplete();
  }

  /** Whether the task is still alive. */
  private boolean put(int end) {
    while (next < end) {
      if (!crashes.isEmpty() && sinceCrash++ >= crashes.element()) {
        crashes.remove();
        sinceCrash = 0;
        return false;
      }
      take(topic.get(next++));
    }
    if (assembler.hasComplete()) {
      commit();
    }
    return true;
  }

  private void take(ChangeEvent event) {
    if (assembler.mustCommitBefore(event)) {
      commit();
    }
    if (assembler.accept(event)) {
      target.rollback();
    }
    if (assembler.completeSize() >= limits.batch()) {
      commit();
    }
    if (assembler.openSize() >= limits.buffer()) {
      if (!assembler.isStreaming() && assembler.hasComplete()) {
        commit();
      }
      write(assembler.takeOpen());
    }
  }

  private void commit() {
    Group group = assembler.takeComplete();
    write(group.changes());
    target.commitChecked();
    committed = group.progress();
  }

  private void write(List<DataChange> changes) {
    target.write(changes.stream().map(Feed::text).toList());
  }

  private void restart() {
    target.rollback();
    assembler = new TransactionAssembler("model", committed);
    next = 0;
    while (next < topic.size() && topic.get(next).position().offset() < committed.nextOffset()) {
      next++;
    }
  }
}
