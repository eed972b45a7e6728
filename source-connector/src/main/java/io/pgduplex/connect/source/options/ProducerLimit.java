package io.pgduplex.connect.source.options;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How large a record the connector's producer takes, as far as the document says: without an option of its own the worker's
 * counts, which is not known here.
 *
 * @param option the one that limits most
 * @param bytes its value; Long.MAX_VALUE where none is set
 * @param json whether values become JSON, which writes some characters in more bytes
 */
public record ProducerLimit(String option, long bytes, boolean json) {

  public static final String MAX_REQUEST_SIZE = "producer.override.max.request.size";
  public static final String BUFFER_MEMORY = "producer.override.buffer.memory";
  public static final String MAX_MESSAGE_BYTES = "topic.creation.default.max.message.bytes";

  private static final int CONTROL = 0x20;

  /** Reads the options; that they are numbers is the worker's to check. */
  static ProducerLimit of(Map<String, String> submitted) {
    long request = number(submitted.get(MAX_REQUEST_SIZE));
    long buffer = number(submitted.get(BUFFER_MEMORY));
    boolean json = submitted.getOrDefault("value.converter", "").endsWith("JsonConverter");
    return buffer < request
        ? new ProducerLimit(BUFFER_MEMORY, buffer, json)
        : new ProducerLimit(MAX_REQUEST_SIZE, request, json);
  }

  private static long number(@Nullable String value) {
    try {
      return value == null ? Long.MAX_VALUE : Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** How many bytes a text takes in the record. */
  public long bytesOf(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytesOf(text.charAt(i));
    }
    return bytes;
  }

  private int bytesOf(char c) {
    if (c < 0x80) {
      return json ? bytesInJson(c) : 1;
    }
    // Each half of a surrogate pair is half of four bytes.
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  private static int bytesInJson(char c) {
    return switch (c) {
      case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
      default -> c < CONTROL ? 6 : 1;
    };
  }
}
