package io.pgduplex.connect.source.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.pgduplex.connect.common.Wire;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class PostgresTextTest {

  @Test
  void writesNumbers() {
    assertThat(PostgresText.of(new SpecialValueDecimal(new BigDecimal("1E+3")))).isEqualTo("1000");
    assertThat(PostgresText.of(new SpecialValueDecimal(new BigDecimal("1.500"))))
        .isEqualTo("1.500");
    assertThat(PostgresText.of(SpecialValueDecimal.NOT_A_NUMBER)).isEqualTo("NaN");
    assertThat(PostgresText.of(SpecialValueDecimal.NEGATIVE_INF)).isEqualTo("-Infinity");
    assertThat(PostgresText.of(new BigDecimal("-0.01"))).isEqualTo("-0.01");
  }

  @Test
  void writesOnePlaceholderForEveryUnchangedToastValue() {
    for (Object value : List.of(
        UnchangedToastedReplicationMessageColumn.UNCHANGED_TOAST_VALUE,
        UnchangedToastedReplicationMessageColumn.UNCHANGED_INT_ARRAY_TOAST_VALUE,
        UnchangedToastedReplicationMessageColumn.UNCHANGED_HSTORE_TOAST_VALUE)) {
      assertThat(PostgresText.of(value)).isEqualTo("__debezium_unavailable_value");
    }
  }

  @Test
  void stopsAtWhatItDoesNotKnow() {
    assertThatThrownBy(() -> PostgresText.of(Locale.ROOT))
        .isInstanceOf(DataException.class)
        .hasMessage("No exact text is known for a java.util.Locale");
  }

  @Test
  void tellsThePlaceholderFromTheSameTextInAColumn() {
    assertThat(PostgresText.of(UnchangedToastedReplicationMessageColumn.UNCHANGED_TOAST_VALUE))
        .isEqualTo(Wire.UNAVAILABLE_VALUE);
    assertThat(PostgresText.of(Wire.UNAVAILABLE_VALUE)).isEqualTo(Wire.LITERAL_UNAVAILABLE_VALUE);
  }
}
