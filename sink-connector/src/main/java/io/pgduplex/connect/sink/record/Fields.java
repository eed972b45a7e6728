package io.pgduplex.connect.sink.record;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads fields of the two forms that converters give: Struct with schema, Map without. */
public final class Fields {

  private Fields() {}

  /** The field's value, or null where there is none; never a schema's default in place of NULL. */
  public static @Nullable Object get(Object container, String name) {
    if (container instanceof Map<?, ?> map) {
      return map.get(name);
    }
    Struct struct = (Struct) container;
    Field field = struct.schema().field(name);
    return field == null ? null : struct.getWithoutDefault(name);
  }

  /** Whether there is such a field, be its value null. */
  public static boolean has(Object container, String name) {
    return container instanceof Map<?, ?> map
        ? map.containsKey(name)
        : ((Struct) container).schema().field(name) != null;
  }

  /** How many fields there are. */
  public static int count(Object container) {
    return container instanceof Map<?, ?> map
        ? map.size()
        : ((Struct) container).schema().fields().size();
  }

  /** The names of the fields in their order, none where there is no container. */
  public static Set<String> names(@Nullable Object container) {
    if (container instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked")
      Map<String, ?> fields = (Map<String, ?>) map;
      return fields.keySet();
    }
    return container instanceof Struct struct
        ? struct.schema().fields().stream()
            .map(Field::name)
            .collect(Collectors.toCollection(LinkedHashSet::new))
        : Set.of();
  }

  /** How many characters its texts have together; 0 where there is no container. */
  static long characters(@Nullable Object container) {
    long sum = 0;
    if (container instanceof Map<?, ?> map) {
      for (Object value : map.values()) {
        sum += value instanceof String text ? text.length() : 0;
      }
    } else if (container instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        sum += struct.getWithoutDefault(field.name()) instanceof String text ? text.length() : 0;
      }
    }
    return sum;
  }

  static boolean isContainer(@Nullable Object value) {
    return value instanceof Map || value instanceof Struct;
  }

  static @Nullable String text(Object container, String name) {
    Object value = get(container, name);
    return value == null ? null : value.toString();
  }

  static long number(Object container, String name, long absent) {
    return get(container, name) instanceof Number number ? number.longValue() : absent;
  }
}
