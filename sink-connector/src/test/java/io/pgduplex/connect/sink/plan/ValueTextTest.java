package io.pgduplex.connect.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.table.TargetTable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueTextTest {

  private static @Nullable Object of(String type, @Nullable Object value) {
    TargetTable table = Tables.table("t").column("c", type).build();
    return ValueText.of(value, table, table.columns().get(0), new Position(7, 1, 1));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("a'b\\c\n", "a'b\\c\n"),
        Arguments.of("{1,NULL}", "{1,NULL}"),
        Arguments.of("\\x00ff", "\\x00ff"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of((short) 7, "7"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(1e300, "1.0E300"),
        Arguments.of(Double.NaN, "NaN"),
        Arguments.of(Double.NEGATIVE_INFINITY, "-Infinity"),
        Arguments.of(new BigDecimal("1.500"), "1.500"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesText(Object value, String text) {
    assertThat(of("text", value)).isEqualTo(text);
  }

  @Test
  void leavesNullNull() {
    assertThat(of("text", null)).isNull();
  }

  @Test
  void knowsThePlaceholderOfAnUntouchedValue() {
    assertThat(of("text", Wire.UNAVAILABLE_VALUE)).isEqualTo(Marker.UNCHANGED);
    assertThat(of("text", Wire.UNAVAILABLE_VALUE + "s")).isEqualTo(Wire.UNAVAILABLE_VALUE + "s");
    assertThat(of("text", Wire.LITERAL_UNAVAILABLE_VALUE)).isEqualTo(Wire.UNAVAILABLE_VALUE);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("point", Map.of("x", 1)),
        Arguments.of("bytea", ByteBuffer.allocate(1)),
        Arguments.of("bytea", new byte[1]),
        Arguments.of("integer[]", List.of(1)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheSourceDoesNotSend(String type, Object value) {
    assertThatThrownBy(() -> of(type, value))
        .isInstanceOf(DataException.class)
        .hasMessage("Column public.t.c of type " + type + " arrives at offset 7 as "
            + value.getClass().getSimpleName()
            + ", where text, a number or a boolean is expected. Do the converters at source and sink match, and does a"
            + " transform change values?");
  }
}
