package io.pgduplex.connect.source.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.Lsn;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndOffsetTest {

  @Test
  void forgetsWhatDebeziumWouldSearchFor() {
    EndOffset end = EndOffset.from(Map.of(
        "lsn",
        900L,
        "lsn_proc",
        900L,
        "lsn_commit",
        800L,
        "lsn_events_processed",
        3L,
        "transaction_id",
        "5:900"));
    assertThat(end).isEqualTo(new EndOffset(new Lsn(800)));
    assertThat(new EndOffset(new Lsn(800)).toMap())
        .isEqualTo(Map.of("lsn", 800L, "lsn_commit", 800L));
  }

  @Test
  void isAbsentWithoutACommit() {
    assertThat(EndOffset.from(null)).isNull();
    assertThat(EndOffset.from(Map.of("lsn", 900L))).isNull();
  }

  @Test
  void knowsItsOwnForm() {
    assertThat(EndOffset.isExact(Map.of("lsn", 5L, "lsn_commit", 5L))).isTrue();
    assertThat(EndOffset.isExact(Map.of("lsn", 5, "lsn_commit", 5L))).isTrue();
    assertThat(EndOffset.isExact(Map.of("lsn", 5L, "lsn_commit", 6L))).isFalse();
    assertThat(EndOffset.isExact(Map.of("lsn", 5L))).isFalse();
    assertThat(EndOffset.isExact(Map.of("lsn", "5", "lsn_commit", "5"))).isFalse();
    assertThat(EndOffset.isExact(Map.of("lsn", 5L, "lsn_commit", 5L, "txId", 1L)))
        .isFalse();
    assertThat(EndOffset.isExact(Map.of("lsn", 0L, "lsn_commit", 0L))).isFalse();
  }
}
