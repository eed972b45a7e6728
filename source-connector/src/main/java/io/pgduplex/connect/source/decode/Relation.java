package io.pgduplex.connect.source.decode;

import io.debezium.relational.Table;
import io.pgduplex.connect.common.ReplicaIdentity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * What pgoutput's Relation message says of a table. The server sends it before the table's first row, and again before the
 * first row after a change of the table; it comes from the catalogs as they were at that place in the WAL, and not as they
 * are today.
 *
 * @param name schema and table, for messages
 * @param full whether old rows come complete
 * @param identity {@link ReplicaIdentity#text}
 * @param table the columns in the order of the rows that follow; null for a table that Debezium passes over
 */
record Relation(
    String name, boolean full, String identity, @Nullable Table table) {

  /** Reads a Relation message; the buffer stands after its type and the table's id. */
  static Relation read(ByteBuffer message, @Nullable Table table) {
    String name = string(message) + '.' + string(message);
    char kind = (char) message.get();
    int columns = message.getShort();
    List<String> key = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      boolean isKey = (message.get() & 1) != 0;
      String column = string(message);
      if (isKey) {
        key.add(column);
      }
      message.position(message.position() + 2 * Integer.BYTES);
    }
    ReplicaIdentity identity =
        switch (kind) {
          case 'f' -> ReplicaIdentity.FULL;
          case 'd', 'i' -> ReplicaIdentity.of(key);
          case 'n' -> ReplicaIdentity.NOTHING;
          default ->
            throw new DataException(
                "Table " + name + " has replica identity '" + kind + "', which is not known");
        };
    return new Relation(name, identity.full(), identity.text(), table);
  }

  private static String string(ByteBuffer message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte b = message.get(); b != 0; b = message.get()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
