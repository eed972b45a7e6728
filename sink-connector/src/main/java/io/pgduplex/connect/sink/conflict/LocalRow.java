package io.pgduplex.connect.sink.conflict;

import java.util.List;
import java.util.OptionalLong;

/**
 * The local row of a conflict.
 *
 * @param json its columns' texts as jsonb
 * @param commitMicros when its version was committed, microseconds since the Unix epoch, on the side where it was written;
 *     empty where the server has forgotten it, or the open transaction wrote it
 * @param fromSender whether the version came the same way as the incoming change, in the open transaction or before, so that
 *     its author knew it
 * @param key the texts of its table's key; empty where the table has none
 * @param place where it is; nobody can move it while it is locked
 */
public record LocalRow(
    String json, OptionalLong commitMicros, boolean fromSender, List<String> key, Place place) {

  /**
   * Where a row is.
   *
   * @param table oid of the table that holds it
   * @param ctid its place there
   */
  public record Place(long table, String ctid) {}

  /** The time that counts against an incoming change; empty if it is older in any case. */
  public OptionalLong rival() {
    return fromSender ? OptionalLong.empty() : commitMicros;
  }
}
