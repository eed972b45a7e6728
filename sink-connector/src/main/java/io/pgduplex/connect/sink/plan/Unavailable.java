package io.pgduplex.connect.sink.plan;

import io.pgduplex.connect.common.Wire;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Recognises what Debezium sends in place of a TOAST value that an UPDATE did not touch, in each of its forms. */
final class Unavailable {

  private static final byte[] BYTES = Wire.UNAVAILABLE_VALUE.getBytes(StandardCharsets.UTF_8);
  private static final String HEX = HexFormat.of().formatHex(BYTES);
  private static final String UUID_TEXT = UUID.nameUUIDFromBytes(BYTES).toString();

  private Unavailable() {}

  static boolean is(Object value) {
    if (value instanceof String text) {
      return isText(text);
    }
    if (value instanceof List<?> list) {
      return (list.size() == 1
              && list.get(0) instanceof String text
              && (isText(text) || text.equals(UUID_TEXT)))
          || isByteList(list);
    }
    return value instanceof Map<?, ?> map && map.containsKey(Wire.UNAVAILABLE_VALUE);
  }

  private static boolean isText(String text) {
    return text.equals(Wire.UNAVAILABLE_VALUE) || text.equals(HEX);
  }

  /** Arrays of integers carry the placeholder's bytes, one an element. */
  private static boolean isByteList(List<?> list) {
    if (list.size() != BYTES.length) {
      return false;
    }
    for (int i = 0; i < BYTES.length; i++) {
      if (!(list.get(i) instanceof Number number) || number.longValue() != BYTES[i]) {
        return false;
      }
    }
    return true;
  }
}
