package io.pgduplex.connect.sink.record;

/**
 * Where a record stands.
 *
 * @param offset its offset in the topic's only partition
 * @param epoch the run of the source task that sent it
 * @param seq its number in that run
 */
public record Position(long offset, long epoch, long seq) {}
