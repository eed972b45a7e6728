/**
 * Step 2 of 3: from everything that a side's WAL holds to what the other side has not written itself.
 *
 * <p>A record's value goes through {@link io.pgduplex.connect.transforms.ForeignRowReader} (is it a row, and who wrote
 * it) and {@link io.pgduplex.connect.transforms.LoopbackRule} (is that a loop-back); {@link
 * io.pgduplex.connect.transforms.DropLoopback} passes the record on untouched or drops it.
 */
@NullMarked
package io.pgduplex.connect.transforms;

import org.jspecify.annotations.NullMarked;
