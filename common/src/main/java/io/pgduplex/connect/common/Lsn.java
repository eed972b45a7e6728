package io.pgduplex.connect.common;

import java.util.Locale;

/**
 * A position in PostgreSQL's WAL.
 *
 * @param value the 64-bit position, unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

  /** Parses PostgreSQL's text form, {@code 16/B374D848}. */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException(
          "Not a WAL position (want for example 16/B374D848): " + text);
    }
    long high = Long.parseUnsignedLong(text.substring(0, slash), 16);
    long low = Long.parseUnsignedLong(text.substring(slash + 1), 16);
    return new Lsn(high << 32 | low);
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** PostgreSQL's text form. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFF_FFFFL);
  }
}
