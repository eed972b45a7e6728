package io.pgduplex.connect.source.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class RelationTest {

  @Test
  void takesTheMarkedColumnsOfAKeyOrAnIndex() {
    for (char kind : new char[] {'d', 'i'}) {
      Relation relation = read(kind, "id+", "v", "größe+", "\uD83D\uDE00");
      assertThat(relation.identity()).isEqualTo("id,größe");
      assertThat(relation.full()).isFalse();
      assertThat(relation.name()).isEqualTo("app.t");
    }
  }

  /** Under FULL the server marks all columns; that is not the same as a key of all columns. */
  @Test
  void tellsTheWholeRowFromAKeyOfAllColumns() {
    assertThat(read('f', "a+", "b+").identity()).isEqualTo("*");
    assertThat(read('f', "a+", "b+").full()).isTrue();
    assertThat(read('d', "a+", "b+").identity()).isEqualTo("a,b");
    assertThat(read('d', "a+", "b+").full()).isFalse();
  }

  @Test
  void knowsTablesWithoutIdentity() {
    assertThat(read('n', "a").identity()).isEmpty();
    assertThat(read('d', "a").identity()).isEmpty();
  }

  @Test
  void refusesAnIdentityThatItDoesNotKnow() {
    assertThatThrownBy(() -> read('x', "a"))
        .isInstanceOf(DataException.class)
        .hasMessage("Table app.t has replica identity 'x', which is not known");
  }

  /** A Relation message of app.t after its first five bytes; a plus marks a column of the identity. */
  private static Relation read(char kind, String... columns) {
    ByteBuffer message = ByteBuffer.allocate(1000);
    string(message, "app");
    string(message, "t");
    message.put((byte) kind).putShort((short) columns.length);
    for (String column : columns) {
      message.put((byte) (column.endsWith("+") ? 1 : 0));
      string(message, column.replace("+", ""));
      message.putInt(23).putInt(-1);
    }
    return Relation.read(message.flip(), null);
  }

  private static void string(ByteBuffer message, String text) {
    message.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
  }
}
