package io.pgduplex.connect.sink.statement;

import io.pgduplex.connect.sink.plan.Batch;
import io.pgduplex.connect.sink.plan.Operation;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Rows in the text format of COPY, as PostgreSQL's documentation of COPY describes it. */
public final class CopyText {

  private CopyText() {}

  /** All rows of the batch, the columns written, in UTF-8. */
  public static byte[] of(Batch batch) {
    BitSet written = batch.shape().written();
    StringBuilder text = new StringBuilder(batch.operations().size() * 64);
    for (Operation operation : batch.operations()) {
      char separator = 0;
      for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
        if (separator != 0) {
          text.append(separator);
        }
        separator = '\t';
        append(text, operation.values()[i]);
      }
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value == null) {
      out.append("\\N");
      return;
    }
    String text = value.toString();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
  }
}
