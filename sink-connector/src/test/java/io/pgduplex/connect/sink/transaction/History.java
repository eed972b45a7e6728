package io.pgduplex.connect.sink.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What happens to a source and a sink; all else follows from it, so that a failing one can be shortened.
 *
 * @param sizes rows of each source transaction
 * @param snapshot whether the source begins with a snapshot
 * @param faults what goes wrong on the way to the topic
 * @param sinkCrashes numbers of records after which the sink is killed, each counted from the crash before
 * @param sink the sink's thresholds
 * @param heartbeatEvery records between two heartbeats, 0 for none
 */
record History(
    List<Integer> sizes,
    boolean snapshot,
    List<Fault> faults,
    List<Integer> sinkCrashes,
    Sink sink,
    int heartbeatEvery) {

  /** Something that goes wrong once the source has sent {@code at} records. */
  sealed interface Fault {
    int at();
  }

  /**
   * The source stops and starts again.
   *
   * @param back how many of the ENDs sent had not got their offset committed
   * @param stragglers records that the old run still gets into the topic after the new one began
   */
  record Crash(int at, int back, int stragglers) implements Fault {}

  /** The producer sends its last {@code count} records again. */
  record Repeat(int at, int count) implements Fault {}

  /** The sink's thresholds, in rows; {@code poll} is records a put. */
  record Sink(int poll, int batch, int buffer) {}

  static History random(Random random) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0, n = random.nextInt(9); i < n; i++) {
      sizes.add(random.nextInt(4) == 0 ? 4 + random.nextInt(14) : random.nextInt(4));
    }
    int length = sizes.stream().mapToInt(size -> size + 2).sum() + 1;
    List<Fault> faults = new ArrayList<>();
    for (int i = 0, n = random.nextInt(5); i < n; i++) {
      faults.add(
          random.nextBoolean()
              ? new Crash(random.nextInt(length * 2), random.nextInt(4), random.nextInt(6))
              : new Repeat(random.nextInt(length), 1 + random.nextInt(8)));
    }
    List<Integer> sinkCrashes = new ArrayList<>();
    for (int i = 0, n = random.nextInt(4); i < n; i++) {
      sinkCrashes.add(random.nextInt(length));
    }
    Sink sink = new Sink(1 + random.nextInt(20), 1 + random.nextInt(12), 1 + random.nextInt(8));
    return new History(sizes, random.nextInt(3) == 0, faults, sinkCrashes, sink, random.nextInt(5));
  }

  History withSizes(List<Integer> fewer) {
    return new History(fewer, snapshot, faults, sinkCrashes, sink, heartbeatEvery);
  }

  History withFaults(List<Fault> fewer) {
    return new History(sizes, snapshot, fewer, sinkCrashes, sink, heartbeatEvery);
  }

  History withSinkCrashes(List<Integer> fewer) {
    return new History(sizes, snapshot, faults, fewer, sink, heartbeatEvery);
  }
}
