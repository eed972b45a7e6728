package io.pgduplex.connect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class FirstRecordTest {

  private final Queue<List<SourceRecord>> polls = new ArrayDeque<>();
  private final FirstRecord first =
      new FirstRecord(() -> polls.isEmpty() ? List.of() : polls.remove());

  @Test
  void nothingFollowsTheFirstRecordBeforeItIsAcknowledged() throws InterruptedException {
    polls.add(List.of());
    polls.add(records("a", "b", "c"));
    polls.add(records("d"));
    assertThat(first.poll()).isEmpty();
    assertThat(topics(first.poll())).containsExactly("a");
    assertThat(first.poll()).isEmpty();
    assertThat(first.poll()).isEmpty();
    first.acknowledge();
    assertThat(topics(first.poll())).containsExactly("b", "c");
    assertThat(topics(first.poll())).containsExactly("d");
    assertThat(first.poll()).isEmpty();
  }

  @Test
  void goesOnAfterAFirstRecordThatCameAlone() throws InterruptedException {
    polls.add(records("a"));
    polls.add(records("b", "c"));
    assertThat(topics(first.poll())).containsExactly("a");
    assertThat(first.poll()).isEmpty();
    first.acknowledge();
    assertThat(topics(first.poll())).containsExactly("b", "c");
  }

  private static List<SourceRecord> records(String... topics) {
    return Arrays.stream(topics)
        .map(topic -> new SourceRecord(Map.of(), Map.of(), topic, null, null))
        .toList();
  }

  private static List<String> topics(List<SourceRecord> records) {
    return records.stream().map(SourceRecord::topic).toList();
  }
}
