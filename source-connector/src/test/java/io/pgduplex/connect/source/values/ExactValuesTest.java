package io.pgduplex.connect.source.values;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.spi.converter.CustomConverter.Converter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.core.Oid;

class ExactValuesTest {

  @ParameterizedTest
  @CsvSource({
    Oid.BOOL + ", t, BOOLEAN, true",
    Oid.BOOL + ", false, BOOLEAN, false",
    Oid.INT2 + ", -32768, INT16, -32768",
    Oid.INT4 + ", 2147483647, INT32, 2147483647",
    Oid.INT8 + ", -9223372036854775808, INT64, -9223372036854775808",
    Oid.OID + ", 4294967295, INT64, 4294967295",
    Oid.FLOAT4 + ", NaN, STRING, NaN",
    Oid.FLOAT8 + ", -0, STRING, -0",
    Oid.NUMERIC + ", 1.500, STRING, 1.500",
    Oid.VARBIT + ", 0010, STRING, 0010",
    Oid.TIMETZ + ", 24:00:00-08, STRING, 24:00:00-08",
    "123456, whatever, STRING, whatever",
  })
  void givesEachTypeOneForm(int type, String read, Schema.Type schema, String written) {
    Column column = new Column(type, true);
    assertThat(column.schema().type()).isEqualTo(schema);
    assertThat(column.convert(read)).hasToString(written);
  }

  @Test
  void leavesNullAlone() {
    assertThat(new Column(Oid.INT4, true).convert(null)).isNull();
    assertThat(new Column(Oid.TEXT, false).convert(null)).isNull();
  }

  @Test
  void makesRequiredColumnsOptionalAndLeavesTheOthersToDebezium() {
    assertThat(new Column(Oid.TEXT, false).schema().isOptional()).isTrue();
    assertThat(new Column(Oid.TEXT, true).schema().isOptional()).isFalse();
  }

  @Test
  void namesTheColumnThatItCannotConvert() {
    assertThatThrownBy(() -> new Column(Oid.TEXT, true).convert(Locale.ROOT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Column public.t.c of type mytype: No exact text is known for a java.util.Locale");
  }

  @Test
  void leavesOutDefaultsOfWhichDebeziumMakesObjects() {
    Column column = new Column(Oid.BIT, true);
    assertThat(column.convert(column.defaultValue())).isNull();
    assertThatThrownBy(() -> column.convert(new byte[] {1})).isInstanceOf(DataException.class);
  }

  /** A column as Debezium describes it, and what is registered for it. */
  private static final class Column implements RelationalColumn {
    private final Object defaultValue = new byte[] {1};
    private final int type;
    private final boolean optional;
    private final AtomicReference<Schema> schema = new AtomicReference<>();
    private final AtomicReference<Converter> converter = new AtomicReference<>();

    Column(int type, boolean optional) {
      this.type = type;
      this.optional = optional;
      new ExactValues().converterFor(this, (builder, registered) -> {
        schema.set(builder.build());
        converter.set(registered);
      });
    }

    Schema schema() {
      return requireNonNull(schema.get());
    }

    @Nullable
    Object convert(@Nullable Object value) {
      return requireNonNull(converter.get()).convert(value);
    }

    @Override
    public int jdbcType() {
      return 0;
    }

    @Override
    public int nativeType() {
      return type;
    }

    @Override
    public String typeName() {
      return "mytype";
    }

    @Override
    public String typeExpression() {
      return "mytype";
    }

    @Override
    public OptionalInt length() {
      return OptionalInt.empty();
    }

    @Override
    public OptionalInt scale() {
      return OptionalInt.empty();
    }

    @Override
    public boolean isOptional() {
      return optional;
    }

    @Override
    public Object defaultValue() {
      return defaultValue;
    }

    @Override
    public boolean hasDefaultValue() {
      return true;
    }

    @Override
    public String name() {
      return "c";
    }

    @Override
    public String dataCollection() {
      return "public.t";
    }
  }
}
