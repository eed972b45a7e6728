package io.pgduplex.connect.sink.record;

import io.pgduplex.connect.common.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together again what the source has cut ({@link Wire#PARTS}). */
final class LongValues {

  private LongValues() {}

  /** A row image of the change, or null where there is none. */
  static @Nullable Object joined(Object change, String image) {
    Object row = Fields.get(change, image);
    if (row == null || !(Fields.get(change, Wire.PARTS) instanceof List<?> parts)) {
      return row;
    }
    Map<String, @Nullable Object> joined = new HashMap<>();
    for (String name : Fields.names(row)) {
      Object value = Fields.get(row, name);
      joined.put(name, value instanceof String text ? Wire.joined(text, parts) : value);
    }
    return joined;
  }
}
