/**
 * Step 3 of 7: from a table's name to what the target's catalog says of it.
 */
@NullMarked
package io.pgduplex.connect.sink.table;

import org.jspecify.annotations.NullMarked;
