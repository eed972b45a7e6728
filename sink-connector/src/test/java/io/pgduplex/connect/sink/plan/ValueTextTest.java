package io.pgduplex.connect.sink.plan;

import static io.pgduplex.connect.sink.fixture.Tables.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Wire;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.table.TargetTable;
import io.pgduplex.connect.sink.table.ValueForm;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueTextTest {

  private static @Nullable Object scalar(ValueForm form, @Nullable Object value) {
    return of("text", form, false, value);
  }

  private static @Nullable Object array(ValueForm form, @Nullable Object value) {
    return of("text[]", form, true, value);
  }

  private static @Nullable Object of(
      String type, ValueForm form, boolean array, @Nullable Object value) {
    TargetTable table = Tables.table("t").column("c", type, form, array).build();
    return ValueText.of(value, table, table.columns().get(0));
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of(ValueForm.PLAIN, "", ""),
        Arguments.of(ValueForm.PLAIN, "a'b\\c\n", "a'b\\c\n"),
        Arguments.of(ValueForm.PLAIN, Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of(ValueForm.PLAIN, (short) 7, "7"),
        Arguments.of(ValueForm.PLAIN, 0.1f, "0.1"),
        Arguments.of(ValueForm.PLAIN, 1e300, "1.0E300"),
        Arguments.of(ValueForm.PLAIN, Double.NaN, "NaN"),
        Arguments.of(ValueForm.PLAIN, Double.NEGATIVE_INFINITY, "-Infinity"),
        Arguments.of(ValueForm.PLAIN, new BigDecimal("1.500"), "1.500"),
        Arguments.of(ValueForm.PLAIN, true, "true"),
        Arguments.of(ValueForm.PLAIN, false, "false"),
        Arguments.of(ValueForm.BYTEA, "", "\\x"),
        Arguments.of(ValueForm.BYTEA, "00ff", "\\x00ff"),
        Arguments.of(ValueForm.BIT, true, "1"),
        Arguments.of(ValueForm.BIT, false, "0"));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void writesScalars(ValueForm form, Object value, String text) {
    assertThat(scalar(form, value)).isEqualTo(text);
  }

  @Test
  void leavesNullNull() {
    for (ValueForm form : ValueForm.values()) {
      assertThat(scalar(form, null)).isNull();
      assertThat(array(form, null)).isNull();
    }
  }

  @Test
  void writesArrays() {
    assertThat(array(ValueForm.PLAIN, List.of())).isEqualTo("{}");
    assertThat(array(ValueForm.PLAIN, list("a", null, "NULL", "", " ")))
        .isEqualTo("{\"a\",NULL,\"NULL\",\"\",\" \"}");
    assertThat(array(ValueForm.PLAIN, List.of("a\"b", "c\\d", "e,f", "{g}")))
        .isEqualTo("{\"a\\\"b\",\"c\\\\d\",\"e,f\",\"{g}\"}");
    assertThat(array(ValueForm.PLAIN, List.of(1, 2L, true))).isEqualTo("{\"1\",\"2\",\"true\"}");
    assertThat(array(ValueForm.PLAIN, List.of(List.of(1, 2), list(3, null))))
        .isEqualTo("{{\"1\",\"2\"},{\"3\",NULL}}");
    assertThat(array(ValueForm.BYTEA, List.of("00ff", ""))).isEqualTo("{\"\\\\x00ff\",\"\\\\x\"}");
    assertThat(array(ValueForm.BIT, List.of(true, false))).isEqualTo("{\"1\",\"0\"}");
  }

  @Test
  void takesAnArrayInPostgresTextForm() {
    assertThat(array(ValueForm.PLAIN, "{1,2}")).isEqualTo("{1,2}");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("point", ValueForm.PLAIN, false, Map.of("x", 1), "of type point"),
        Arguments.of("text", ValueForm.PLAIN, false, ByteBuffer.allocate(1), "of type text"),
        Arguments.of("bytea", ValueForm.BYTEA, false, new byte[1], "of type bytea"),
        Arguments.of("bit varying", ValueForm.BIT, false, "AQ==", "of type bit varying"),
        Arguments.of("bit varying", ValueForm.BIT, false, "01", "of type bit varying"),
        Arguments.of("integer", ValueForm.PLAIN, false, List.of(1), "of type integer"),
        Arguments.of("integer[]", ValueForm.PLAIN, true, 1, "of type integer[] (array)"),
        Arguments.of("text[]", ValueForm.PLAIN, true, "a", "of type text[] (array)"),
        Arguments.of(
            "point[]", ValueForm.PLAIN, true, List.of(Map.of("x", 1)), "of type point[] (array)"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatHasNoExactForm(
      String type, ValueForm form, boolean array, Object value, String typeText) {
    assertThatThrownBy(() -> of(type, form, array, value))
        .isInstanceOf(DataException.class)
        .hasMessage("Column public.t.c " + typeText + " cannot be carried exactly: it arrives as "
            + (array && value instanceof List<?> list ? list.get(0) : value)
                .getClass()
                .getSimpleName()
            + ". Leave the table out of table.include.list.");
  }

  @Test
  void knowsThePlaceholderOfAnUntouchedValueInEachForm() {
    String hex = HexFormat.of().formatHex(Wire.UNAVAILABLE_VALUE.getBytes(StandardCharsets.UTF_8));
    String uuid = UUID.nameUUIDFromBytes(Wire.UNAVAILABLE_VALUE.getBytes(StandardCharsets.UTF_8))
        .toString();
    List<Long> bytes = new ArrayList<>();
    for (byte b : Wire.UNAVAILABLE_VALUE.getBytes(StandardCharsets.UTF_8)) {
      bytes.add((long) b);
    }
    assertThat(scalar(ValueForm.PLAIN, Wire.UNAVAILABLE_VALUE)).isEqualTo(Marker.UNCHANGED);
    assertThat(scalar(ValueForm.BYTEA, hex)).isEqualTo(Marker.UNCHANGED);
    assertThat(array(ValueForm.PLAIN, List.of(Wire.UNAVAILABLE_VALUE))).isEqualTo(Marker.UNCHANGED);
    assertThat(array(ValueForm.BYTEA, List.of(hex))).isEqualTo(Marker.UNCHANGED);
    assertThat(array(ValueForm.PLAIN, List.of(uuid))).isEqualTo(Marker.UNCHANGED);
    assertThat(array(ValueForm.PLAIN, bytes)).isEqualTo(Marker.UNCHANGED);
    assertThat(scalar(ValueForm.PLAIN, Map.of(Wire.UNAVAILABLE_VALUE, Wire.UNAVAILABLE_VALUE)))
        .isEqualTo(Marker.UNCHANGED);
  }

  @Test
  void takesWhatOnlyResemblesThePlaceholderAsAValue() {
    assertThat(scalar(ValueForm.PLAIN, Wire.UNAVAILABLE_VALUE + "s"))
        .isEqualTo(Wire.UNAVAILABLE_VALUE + "s");
    assertThat(array(ValueForm.PLAIN, List.of(Wire.UNAVAILABLE_VALUE, "b")))
        .isEqualTo("{\"" + Wire.UNAVAILABLE_VALUE + "\",\"b\"}");
    List<Integer> almost = new ArrayList<>();
    for (int i = 0; i < Wire.UNAVAILABLE_VALUE.length(); i++) {
      almost.add(i);
    }
    assertThat(array(ValueForm.PLAIN, almost)).asString().startsWith("{\"0\",\"1\"");
  }
}
