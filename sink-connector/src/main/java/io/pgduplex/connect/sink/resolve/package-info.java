/**
 * Step 6 of 7: one row after the other: conflicts seen, decided, and noted so that both sides end the same. What it needs of
 * the target are interfaces, so that it also runs over rows in memory.
 */
@NullMarked
package io.pgduplex.connect.sink.resolve;

import org.jspecify.annotations.NullMarked;
