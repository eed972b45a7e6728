package io.pgduplex.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "task-thread-bank-forward-sink-0; bank-forward-sink",
        "task-thread-bank-forward-sink-0-definitions; bank-forward-sink",
        "kafka-producer-network-thread | connector-producer-bank-reverse-source-0; bank-reverse-source",
        "debezium-bundledpostgresconnector-pgduplex_my_bank_forward-change-event-source-coordinator;"
            + " my_bank-forward-source",
        "SourceTaskOffsetCommitter-1;",
        "main;"
      })
  void knowsAThreadsConnector(String thread, String connector) {
    assertThat(Place.ofThread(thread).orElse(null)).isEqualTo(connector);
  }
}
