package io.pgduplex.connect.sink.statement;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.Batch.Shape;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.table.TargetTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CopyTextTest {

  private static final TargetTable ONE = Tables.table("t").column("v", "text").build();
  private static final TargetTable THREE =
      Tables.table("t").key("k", "int8").column("a", "text").column("b", "text").build();

  private static byte[] copy(TargetTable table, List<Map<String, @Nullable Object>> rows) {
    List<Operation> operations = rows.stream()
        .map(row -> Operation.of(table, change(table, Kind.INSERT, null, row)))
        .toList();
    return CopyText.of(new Batch(Shape.of(operations.get(0)), operations));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(null, "\\N"),
        Arguments.of("", ""),
        Arguments.of("\\N", "\\\\N"),
        Arguments.of("N", "N"),
        Arguments.of("\\.", "\\\\."),
        Arguments.of("a\\b", "a\\\\b"),
        Arguments.of("a\tb", "a\\tb"),
        Arguments.of("a\nb\rc\r\n", "a\\nb\\rc\\r\\n"),
        Arguments.of("\\\t", "\\\\\\t"),
        Arguments.of("\b\f\u000b", "\b\f\u000b"),
        Arguments.of("ä€\u2028", "ä€\u2028"),
        Arguments.of("\uD83D\uDE00", "\uD83D\uDE00"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesAValue(@Nullable String value, String written) {
    assertThat(copy(ONE, List.of(row("v", value))))
        .isEqualTo((written + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesACharacterBeyondTheBasicPlaneInFourBytes() {
    assertThat(copy(ONE, List.of(row("v", "\uD83D\uDE00"))))
        .containsExactly(0xF0, 0x9F, 0x98, 0x80, '\n');
  }

  @Test
  void writesRowsInTheTablesColumnOrder() {
    assertThat(
            copy(THREE, List.of(row("b", "y", "k", 1, "a", "x"), row("a", null, "b", "", "k", 2))))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("1\tx\ty\n2\t\\N\t\n");
  }

  @Test
  void leavesOutColumnsThatTheSourceDoesNotHave() {
    assertThat(copy(THREE, List.of(row("k", 1, "b", "y"))))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("1\ty\n");
  }
}
